package leakcheck

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// traceback is written as the runtime writes one, with what makes it hard to
// read: labels, bubbles, elided frames, methods, type arguments, inlined calls,
// ancestors, and a goroutine that no go statement started.
const traceback = `goroutine 7 [running]:
main.main()
	/src/prog/main.go:3 +0x1a

goroutine 8 gp=0xc000002380 m=nil [chan send (durable), 2 minutes, locked to thread, synctest bubble 12 labels:{"a": "x] labels:{", "leakcheck": "3.4 TestX/\"q\""}]:
example.com/p.(*Pool[...]).put(0xc00001, {0x1, 0x2})
	/src/p/pool.go:11 +0x25
...3 frames elided...
sync.(*WaitGroup).Go.func1()
	/usr/lib/go/src/sync/waitgroup.go:239 +0x4a
created by testing.(*T).Run in goroutine 1
	/usr/lib/go/src/testing/testing.go:2101 +0x4c5
[originating from goroutine 1]:
testing.(*T).Run(...)
	/usr/lib/go/src/testing/testing.go:2102

goroutine 9 [select (no cases) (leaked)]:
example.com/p.inlined(...)
	/src/p/a.go:5
created by example.com/p.start
	/src/p/a.go:9 +0x11

goroutine 10 [syscall (scan), 3 minutes]:
	goroutine running on other thread; stack unavailable
created by example.com/p.start in goroutine 9
	/src/p/a.go:10 +0x11

not a goroutine [at all]:
`

func TestParse(t *testing.T) {
	all := parseDump(traceback)
	if len(all) != 4 {
		t.Fatalf("got %d goroutines, want 4", len(all))
	}
	type facts struct {
		id, parent    int64
		state, bubble string
		mark          mark
		proved        bool
		frames        []Frame
		started       Frame
	}
	want := []facts{
		{7, 0, "running", "", "", false, []Frame{{"main.main", "/src/prog/main.go", 3}}, Frame{}},
		{8, 1, "chan send", "12", `3.4 TestX/"q"`, false, []Frame{
			{"example.com/p.(*Pool[...]).put", "/src/p/pool.go", 11},
			{"sync.(*WaitGroup).Go.func1", "/usr/lib/go/src/sync/waitgroup.go", 239},
		}, Frame{"testing.(*T).Run", "/usr/lib/go/src/testing/testing.go", 2101}},
		{9, 0, "select (no cases)", "", "", true, []Frame{{"example.com/p.inlined", "/src/p/a.go", 5}},
			Frame{"example.com/p.start", "/src/p/a.go", 9}},
		{10, 9, "syscall", "", "", false, nil, Frame{"example.com/p.start", "/src/p/a.go", 10}},
	}
	for i, g := range all {
		got := facts{g.id, g.parent(), g.state(), g.bubble(), g.mark(), g.proved(), g.frames(), g.started()}
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", got, want[i])
		}
	}
	if all[1].mark().test() != `TestX/"q"` || !all[1].mark().nested() || all[0].runs() != true || all[1].runs() {
		t.Errorf("mark %q", all[1].mark())
	}
	if !all[1].has("sync.(*WaitGroup).Go.func1") || all[1].has("testing.(*T).Run") {
		t.Error("has: the go statement's function is not on the stack, the others are")
	}
	if !strings.HasPrefix(traceback, all[0].raw()+"\n\n") {
		t.Errorf("raw: %q", all[0].raw())
	}
}

// TestWithin: one test encloses another by the path of numbers, not by its digits.
func TestWithin(t *testing.T) {
	for m, inside := range map[mark]bool{
		"3 TestX": true, "3.4 TestX/sub": true, "3.4.5 TestX/sub/sub": true,
		"31 TestY": false, "4.3 TestZ": false, "": false, "30.3 TestX": false,
	} {
		if m.within("3 TestX") != inside {
			t.Errorf("%q within 3: got %t", m, !inside)
		}
	}
}

// TestPositions: which frame speaks for the program.
func TestPositions(t *testing.T) {
	std := func(function, file string) Frame { return Frame{function, standardRoot() + file, 1} }
	own := func(function string) Frame { return Frame{function, "/src/p/a.go", 1} }
	for _, test := range []struct {
		name           string
		frames         []Frame
		blocked, entry string
	}{
		{"nothing", nil, "", ""},
		{"library only", []Frame{std("time.Sleep", "runtime/time.go"), std("net.f", "net/f.go")}, "time.Sleep", ""},
		{"mixed", []Frame{std("sync.runtime_notify", "runtime/sema.go"), own("example.com/p.inner"), std("sort.Slice", "sort/s.go"),
			own("example.com/p.outer"), std("sync.(*WaitGroup).Go.func1", "sync/w.go")}, "example.com/p.inner", "example.com/p.outer"},
	} {
		if got := blocked(test.frames).Function; got != test.blocked {
			t.Errorf("%s: blocked in %q, want %q", test.name, got, test.blocked)
		}
		if got := entry(test.frames).Function; got != test.entry {
			t.Errorf("%s: entry %q, want %q", test.name, got, test.entry)
		}
	}
	for function, want := range map[string]string{
		"main.f": "main", "a.b/c.F": "a.b/c", "a.b/c%2ed.(*T).m.func1": "a.b/c%2ed",
		"a.b/c.F[go.shape.struct { x/y.z }]": "a.b/c", "noDot": "noDot",
	} {
		if got := packagePath(function); got != want {
			t.Errorf("packagePath(%q) = %q, want %q", function, got, want)
		}
	}
}

// TestLimit: a goroutine that was never seen blocked may be waiting for a
// processor, and is given more time.
func TestLimit(t *testing.T) {
	l := &look{config: newConfig(nil), blocked: map[int64]goroutine{1: {id: 1}}}
	if got := l.limit([]goroutine{{id: 1}}); got != defaultTimeout {
		t.Errorf("blocked: got %v", got)
	}
	if got := l.limit([]goroutine{{id: 1}, {id: 2}}); got != patience*defaultTimeout {
		t.Errorf("never blocked: got %v", got)
	}
	awake := []goroutine{{id: 1, head: "running"}, {id: 2, head: "runnable"}}
	l.blocked[1] = goroutine{id: 1, head: "sleep"}
	if got := l.lastBlocked(slices.Clone(awake)); got[0].state() != "sleep" || got[1].state() != "runnable" {
		t.Errorf("last blocked: got %+v", got)
	}
}

// TestMayClean: goleak's filters are known for what they are, so that a clean
// check with them needs no look by goleak.
func TestMayClean(t *testing.T) {
	for name, test := range map[string]struct {
		option goleak.Option
		want   bool
	}{
		"top function": {goleak.IgnoreTopFunction("p.f"), false},
		"any function": {goleak.IgnoreAnyFunction("p.f"), false},
		"current":      {goleak.IgnoreCurrent(), false},
		"cleanup":      {goleak.Cleanup(func(int) {}), true},
		"wrapped":      {struct{ goleak.Option }{goleak.Cleanup(func(int) {})}, true},
	} {
		if got := mayClean([]goleak.Option{test.option}); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// TestBackground: what goleak ignores by itself is not waited for.
func TestBackground(t *testing.T) {
	for text, want := range map[string]bool{
		"goroutine 1 [chan receive]:\ntesting.(*T).Run(0x1)\n\t/t.go:1 +0x1\n":        true,
		"goroutine 1 [running]:\ntesting.(*T).Run(0x1)\n\t/t.go:1 +0x1\n":             false,
		"goroutine 1 [syscall]:\nos/signal.signal_recv()\n\t/s.go:1 +0x1\n":           true,
		"goroutine 1 [select]:\nos/signal.loop()\n\t/s.go:1 +0x1\n":                   true,
		"goroutine 1 [select]:\nruntime.ensureSigM.func1()\n\t/s.go:1 +0x1\n":         false,
		"goroutine 1 [select]:\np.f()\n\t/p.go:1\nruntime.ensureSigM()\n\t/s.go:1 \n": true,
		"goroutine 1 [select]:\n": false,
	} {
		if got := parseDump(text)[0].background(); got != want {
			t.Errorf("background: got %t for\n%s", got, text)
		}
	}
}

// TestSettings: labels show whatever GODEBUG was, and the rest of it stays.
func TestSettings(t *testing.T) {
	for old, want := range map[string]string{
		"":                             "tracebacklabels=1",
		"http2client=1":                "http2client=1,tracebacklabels=1",
		"tracebacklabels=0":            "tracebacklabels=0,tracebacklabels=1",
		"panicnil=0,tracebacklabels=1": "panicnil=0,tracebacklabels=1",
	} {
		t.Setenv("GODEBUG", old)
		setLabels([]string{labelKey, "1 TestSettings"})
		if got := current().mark(); got != "1 TestSettings" {
			t.Errorf("GODEBUG=%s: mark %q", old, got)
		}
		if got := os.Getenv("GODEBUG"); got != want {
			t.Errorf("GODEBUG=%s: became %s, want %s", old, got, want)
		}
		setLabels(nil)
	}
}

// TestGivenBack: after the check the goroutine has the labels it had before.
func TestGivenBack(t *testing.T) {
	setLabels([]string{"team", "storage"})
	defer setLabels(nil)
	var end func()
	Verify(&stub{cleanup: func(f func()) { end = f }})
	if got := current().mark(); got.test() != "stub" || got.nested() {
		t.Errorf("while the test runs: mark %q", got)
	}
	end()
	if got := current().labels(); !slices.Equal(got, []string{"team", "storage"}) {
		t.Errorf("afterwards: labels %q", got)
	}
}

type stub struct{ cleanup func(func()) }

func (s *stub) Cleanup(f func()) { s.cleanup(f) }
func (s *stub) Error(...any)     {}
func (s *stub) Helper()          {}
func (s *stub) Name() string     { return "stub" }
