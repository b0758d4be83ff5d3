package driver

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/runtime/leakcheck"

	"github.com/chanlint/chanlint/internal/output"
)

// TestReadLeaks holds that the driver reads what leakcheck writes.
func TestReadLeaks(t *testing.T) {
	var text strings.Builder
	err := leakcheck.WriteJSON(&text, []leakcheck.Leak{{
		Test: "TestA/b", Package: "example.org/m", State: "chan send", Certainty: leakcheck.Proved, Proved: true, Count: 3,
		Blocked: leakcheck.Frame{Function: "example.org/m.F.func1", File: "/m/f.go", Line: 9},
		Started: leakcheck.Frame{Function: "example.org/m.F", File: "/m/f.go", Line: 8},
		Entry:   leakcheck.Frame{Function: "example.org/m.F.func1", File: "/m/f.go", Line: 9},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := leakRecord{
		Test: "TestA/b", Package: "example.org/m", State: "chan send", Proved: true, Count: 3,
		Blocked: frame{"example.org/m.F.func1", "/m/f.go", 9}, Started: frame{"example.org/m.F", "/m/f.go", 8},
		Entry: frame{"example.org/m.F.func1", "/m/f.go", 9},
	}
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	for name, content := range map[string]string{one: text.String() + "\n" + text.String(), two: text.String()} {
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := readLeaks([]string{one, two}); err != nil || !slices.Equal(got, []leakRecord{want, want, want}) {
		t.Errorf("leaks are %+v, %v, want three of %+v", got, err, want)
	}
}

// TestReadNoLeaks holds that what is not of leakcheck is an error that names
// the line: to skip it would be to keep quiet about a false negative.
func TestReadNoLeaks(t *testing.T) {
	const good = `{"state":"select","count":1,"blocked":{"function":"p.F","file":"f.go","line":1}}` + "\n"
	for _, tt := range []struct{ in, want string }{
		{good + "{", ":2: not a leak as leakcheck writes it: unexpected end"},
		{good + good + "3\n", ":3: not a leak"},
		{`{"count":1}`, "it has no state"},
		{`{"state":"select"}`, "it has no count of goroutines"},
		{`{"state":"select","count":1}`, "it has no blocked operation"},
		{`{"state":"select","count":1,"blocked":{"line":"x"}}`, ":1: not a leak"},
	} {
		name := filepath.Join(t.TempDir(), "leaks")
		if err := os.WriteFile(name, []byte(tt.in), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := readLeaks([]string{name}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %+v, %v, want an error with %q", tt.in, got, err, tt.want)
		}
	}
}

func TestPackagePath(t *testing.T) {
	for in, want := range map[string]string{
		"example.org/m.F":                       "example.org/m",
		"example.org/m/p.(*T).f.func1":          "example.org/m/p",
		"example.org/m.F[example.org/n/q.T].g":  "example.org/m",
		"gopkg.in/yaml%2ev3.(*decoder).unmarsh": "gopkg.in/yaml.v3",
		"main.main":                             "main",
		"":                                      "",
	} {
		if got := packagePath(in); got != want {
			t.Errorf("packagePath(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestLocate(t *testing.T) {
	dir := t.TempDir()
	in := func(elem ...string) string { return filepath.Join(append([]string{dir}, elem...)...) }
	if err := os.MkdirAll(in("cmd", "x"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("cmd", "x", "main.go"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	module := &struct{ Dir string }{dir}
	packages := []listedPackage{
		{"example.org/m", "m", dir, module},
		{"example.org/m/p", "p", in("p"), module},
		{"example.org/m/cmd/x", "main", in("cmd", "x"), module},
	}
	for _, tt := range []struct{ function, file, want string }{
		{"example.org/m/p.F", in("p", "f.go"), in("p", "f.go")},
		{"example.org/m/p.F", "/another/checkout/p/f.go", in("p", "f.go")},
		{"example.org/m/p.F", "example.org/m/p/f.go", in("p", "f.go")}, // -trimpath
		{"example.org/m/p_test.TestF", "/b/p/f_test.go", in("p", "f_test.go")},
		{"example.org/m.F", "/b/f.go", in("f.go")},
		{"main.main", in("cmd", "x", "main.go"), in("cmd", "x", "main.go")},
		{"main.main", "/b/cmd/x/main.go", in("cmd", "x", "main.go")},
		{"main.main", "/b/cmd/y/main.go", ""},
		{"main.main", "/b/cmd/x/other.go", ""}, // not a file of this checkout
		{"", in("p", "f.go"), in("p", "f.go")},
		{"example.org/n/p.F", "/b/p/f.go", ""}, // another module's
		{"os/signal.loop", "/go/src/os/signal/signal_unix.go", ""},
	} {
		got, ok := locate(packages, frame{Function: tt.function, File: tt.file, Line: 1})
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("locate(%s, %s) = %q, %v, want %q", tt.function, tt.file, got, ok, tt.want)
		}
	}
}

// joined returns a result with one finding of every sort, joined with records.
func joined(t *testing.T, tests bool, records ...leakRecord) *Result {
	t.Helper()
	here := filepath.FromSlash("/src/m")
	at := func(line int) output.Position { return output.Position{File: "f.go", Line: line, Column: 3} }
	r := &Result{Findings: []output.Finding{
		{Check: "leaksend", Message: "send on c blocks forever", Pos: at(10), Related: []output.Related{{Message: "the goroutine starts here", Pos: at(9)}}},
		{Check: "leaksend", Message: "send on c blocks forever", Pos: at(10), Related: []output.Related{{Message: "the goroutine starts here", Pos: at(30)}}},
		{Check: "waitleak", Message: "wg.Wait blocks forever", Pos: at(20), Related: []output.Related{{Message: "send on d is blocked here", Pos: at(15)}}},
		{Check: "sendclosed", Message: "send on closed channel: e is already closed at line 24", Pos: at(25), Related: []output.Related{{Message: "the close", Pos: at(24)}}},
	}}
	packages := []listedPackage{{ImportPath: "example.org/m", Name: "m", Dir: here}}
	r.joinLeaks(records, packages, &paths{here: here, goDir: here}, tests)
	return r
}

// left is a record of one goroutine, started at line 0 if that is not known.
func left(test, file string, line, started int) leakRecord {
	r := leakRecord{Test: test, State: "chan send", Count: 1, Blocked: frame{"example.org/m.F.func1", "/ci/" + file, line}}
	if started > 0 {
		r.Started = frame{"example.org/m.F", "/ci/f.go", started}
	}
	return r
}

func TestJoin(t *testing.T) {
	for _, tt := range []struct {
		name     string
		record   leakRecord
		verdict  string
		findings []int
		same     []int
	}{
		{"operation and go statement", left("T", "f.go", 10, 9), output.Predicted, []int{0}, nil},
		{"operation, go statement unknown", left("T", "f.go", 10, 0), output.Predicted, []int{0, 1}, nil},
		{"operation, started elsewhere", left("T", "f.go", 10, 40), output.Predicted, []int{0, 1}, nil},
		{"mentioned operation", left("T", "f.go", 15, 14), output.Predicted, []int{2}, nil},
		{"go statement alone", left("T", "f.go", 12, 9), output.Missed, nil, []int{0}},
		{"nothing there", left("T", "f.go", 50, 49), output.Missed, nil, nil},
		{"a panic is not confirmed by a leak", left("T", "f.go", 25, 23), output.Missed, nil, nil},
		{"another file of the name", left("T", "g.go", 10, 9), output.Missed, nil, []int{0}},
	} {
		r := joined(t, true, tt.record)
		l := r.Leaks.All[0]
		if l.Verdict != tt.verdict || !slices.Equal(l.Findings, tt.findings) || !slices.Equal(l.SameGoroutine, tt.same) {
			t.Errorf("%s: %s %v %v, want %s %v %v", tt.name, l.Verdict, l.Findings, l.SameGoroutine, tt.verdict, tt.findings, tt.same)
		}
		if r.Leaks.Confirmed != len(tt.findings) {
			t.Errorf("%s: %d findings confirmed, want %d", tt.name, r.Leaks.Confirmed, len(tt.findings))
		}
	}
}

func TestJoinOutside(t *testing.T) {
	elsewhere := leakRecord{State: "select", Count: 1, Blocked: frame{"example.org/n.F", "/n/f.go", 10}}
	inTest := left("T", "f_test.go", 10, 0)
	if r := joined(t, true, elsewhere, inTest); r.Leaks.Outside != 1 || r.Leaks.Missed != 1 {
		t.Errorf("%d leaks are outside and %d missed, want 1 and 1", r.Leaks.Outside, r.Leaks.Missed)
	}
	if r := joined(t, false, elsewhere, inTest); r.Leaks.Outside != 2 || r.Leaks.Missed != 0 {
		t.Errorf("-test=false: %d leaks are outside and %d missed, want 2 and 0", r.Leaks.Outside, r.Leaks.Missed)
	}
}

func TestWriteLeaks(t *testing.T) {
	proved := left("TestB", "f.go", 10, 9)
	proved.Proved = true
	anonymous := left("", "f.go", 12, 9)
	anonymous.Package = "example.org/m"
	// The go statement of WaitGroup.Go is the library's.
	library := left("TestD", "f.go", 60, 0)
	library.Started = frame{"sync.(*WaitGroup).Go", "/go/src/sync/waitgroup.go", 239}
	library.Entry = frame{"example.org/m.F.func2", "/ci/f.go", 60}
	// The same leak in two runs of one test is one line with both goroutines.
	r := joined(t, true, library, anonymous, left("TestC", "f.go", 10, 9), proved, left("TestC", "f.go", 10, 9))
	var text strings.Builder
	if err := output.Text(&text, &output.Report{Findings: r.Findings, Leaks: r.Leaks, Sources: output.NewSources(nil)}); err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(text.String(), "\n\n") // behind the findings
	want := `findings that a test has confirmed: 1 of 4
	f.go:10:3: leaksend: TestB, TestC
leaks that a finding predicts: 1 of 3
	f.go:10: chan send: 3 goroutines started at f.go:9 by TestB, TestC (proved)
leaks that no finding predicts (false negatives): 2 of 3
	f.go:12: chan send: 1 goroutine started at f.go:9 by some test of example.org/m; f.go:10:3 is about the same goroutine
	f.go:60: chan send: 1 goroutine started at waitgroup.go:239 to run example.org/m.F.func2 by TestD
`
	if got != want {
		t.Errorf("text is %s, want %s", got, want)
	}
}
