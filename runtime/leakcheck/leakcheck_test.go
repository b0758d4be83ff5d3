package leakcheck_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

const siblings = 8

var (
	_ leakcheck.T = (*testing.T)(nil)
	_ leakcheck.T = (*testing.B)(nil)
	_ leakcheck.T = (*testing.F)(nil)
)

// TestMain lets all siblings run at once, whatever the number of processors:
// what they must not do is confuse each other.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "128"); err != nil {
		panic(err)
	}
	switch os.Getenv(scenarioVariable) {
	case "unmarked", "late":
		leakcheck.VerifyTestMain(m)
	case "pool":
		leakcheck.VerifyTestMain(packageTests{m})
	}
	os.Exit(m.Run())
}

// TestAttribution runs eight parallel subtests for each leak shape. Subtest i
// leaves i goroutines behind, and none looks before all have leaked. Each must be
// told of its own goroutines, all of them, and of nothing else.
func TestAttribution(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			var leaked sync.WaitGroup
			leaked.Add(siblings)
			op, start := marked(t, "shapes_test.go", "op "+s.name), marked(t, "shapes_test.go", "go "+s.name)
			for i := range siblings {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					r := &recorder{name: t.Name()}
					leakcheck.Verify(r)
					for range i {
						defer s.start()()
					}
					leaked.Done()
					leaked.Wait()
					got := r.end()
					if i == 0 {
						if len(got) != 0 {
							t.Errorf("clean sibling failed: %s", got)
						}
						return
					}
					if len(got) != 1 {
						t.Fatalf("got %d reports, want one: %q", len(got), got)
					}
					noun := "goroutines"
					if i == 1 {
						noun = "goroutine"
					}
					want := fmt.Sprintf("\n%d %s blocked in %s at shapes_test.go:%d, started at shapes_test.go:%d by %s",
						i, noun, s.state, op, start, t.Name())
					if !strings.Contains(got[0], want) {
						t.Errorf("report lacks %q:\n%s", want, got[0])
					}
					if total := fmt.Sprintf("goroutines left: %d\n", i); !strings.Contains(got[0], total) {
						t.Errorf("report lacks %q:\n%s", total, got[0])
					}
				})
			}
		})
	}
}

// TestDescendants: a goroutine whose parent has ended still belongs to its test.
func TestDescendants(t *testing.T) {
	t.Parallel()
	r := &recorder{name: "TestDescendants/grandchild"}
	leakcheck.Verify(r)
	release := make(chan int)
	defer close(release)
	started := make(chan bool)
	go func() {
		go func() {
			started <- true
			<-release
		}()
	}()
	<-started
	wantReport(t, r.end(), "1 goroutine blocked in chan receive", "by TestDescendants/grandchild")
}

// TestDeferred: a call that comes last still knows the goroutines that the test's
// own goroutine started, though they carry no mark.
func TestDeferred(t *testing.T) {
	t.Parallel()
	r := &recorder{name: t.Name()}
	defer leakReceive()()
	leakcheck.Verify(r)
	wantReport(t, r.end(), "1 goroutine blocked in chan receive", "by "+t.Name()+"\n")
}

// TestOtherGoroutine: a framework may run cleanup functions elsewhere. The
// goroutine that called Verify is the test, and no leak.
func TestOtherGoroutine(t *testing.T) {
	t.Parallel()
	r := &recorder{name: t.Name()}
	leakcheck.Verify(r)
	defer leakReceive()()
	ended := make(chan bool)
	go func() {
		r.end()
		close(ended)
	}()
	<-ended
	wantReport(t, r.errors, "goroutines left: 1\n", "started at shapes_test.go")
}

// TestNested: a leak in a subtest that verifies fails the subtest, not its
// parent again; a leak in a subtest that does not verify fails the parent.
func TestNested(t *testing.T) {
	t.Parallel()
	outer := &recorder{name: "TestOuter"}
	leakcheck.Verify(outer)
	inner := &recorder{name: "TestOuter/inner"}
	done := make(chan bool)
	go func() { // as testing does for a subtest
		defer close(done)
		leakcheck.Verify(inner)
		t.Cleanup(leakReceive())
		wantReport(t, inner.end(), "by TestOuter/inner")
	}()
	<-done
	silentSub := make(chan bool)
	go func() {
		defer close(silentSub)
		t.Cleanup(leakSend())
	}()
	<-silentSub
	got := outer.end()
	wantReport(t, got, "goroutines left: 1\n", "1 goroutine blocked in chan send", "by TestOuter\n")
}

// TestOddName: a test's name may hold whatever the traceback uses as punctuation.
func TestOddName(t *testing.T) {
	t.Parallel()
	name := "TestOdd/a \"quoted\" name, labels:{]: with [brackets] in goroutine 7"
	r := &recorder{name: name}
	leakcheck.Verify(r)
	defer leakRange()()
	wantReport(t, r.end(), "by "+name+"\n")
}

// TestForeignOptions: goleak's options decide, as they are.
func TestForeignOptions(t *testing.T) {
	t.Parallel()
	const function = "github.com/chanlint/chanlint/runtime/leakcheck_test.leakReceive.func1"
	cleaned := 0
	options := map[string]goleak.Option{
		"top function": goleak.IgnoreTopFunction(function),
		"any function": goleak.IgnoreAnyFunction(function),
		"own":          leakcheck.IgnoreTopFunction(function, "this test starts it to be ignored"),
		"own any":      leakcheck.IgnoreAnyFunction(function, "this test starts it to be ignored"),
		"own creator":  leakcheck.IgnoreCreatedBy(strings.TrimSuffix(function, ".func1"), "this test starts it to be ignored"),
	}
	for name, o := range options {
		t.Run(name, func(t *testing.T) {
			r := &recorder{name: t.Name()}
			leakcheck.Verify(r, o, goleak.Cleanup(func(code int) { cleaned++ }))
			release := leakReceive()
			if got := r.end(); len(got) != 0 {
				t.Errorf("ignored goroutine reported: %s", got)
			}
			release()
		})
	}
	if cleaned != len(options) {
		t.Errorf("goleak.Cleanup called %d times for %d checks", cleaned, len(options))
	}
	t.Run("cleanup and leak", func(t *testing.T) {
		r := &recorder{name: t.Name()}
		leakcheck.Verify(r, goleak.Cleanup(func(int) {}))
		defer leakReceive()()
		wantReport(t, r.end(), "blocked in chan receive")
	})
	t.Run("current", func(t *testing.T) {
		r := &recorder{name: t.Name()}
		defer leakReceive()()
		defer leakSend()()
		known := leakcheck.IgnoreCurrent("they are older")
		defer leakSelect()()
		leakcheck.Verify(r, known)
		wantReport(t, r.end(), "goroutines left: 1\n", "blocked in select", "ignored:\n    goroutines older than the check: they are older\n")
	})
	t.Run("no reason", func(t *testing.T) {
		r := &recorder{name: t.Name()}
		leakcheck.Verify(r, leakcheck.IgnoreTopFunction("p.f", ""))
		wantReport(t, r.end(), "no reason given for ignoring top function p.f")
	})
}

// TestTimeout: a goroutine that ends within the timeout is no leak, one that ends
// after it is. The gaps are wide, and only the second is a wait in real time.
func TestTimeout(t *testing.T) {
	t.Parallel()
	slow := &recorder{name: "slow"}
	leakcheck.Verify(slow, leakcheck.Timeout(time.Minute))
	go time.Sleep(time.Second)
	if got := slow.end(); len(got) != 0 {
		t.Errorf("goroutine that ends within the timeout reported: %s", got)
	}
	hasty := &recorder{name: "hasty"}
	leakcheck.Verify(hasty, leakcheck.Timeout(time.Hour), leakcheck.Retries(3))
	defer leakReceive()()
	wantReport(t, hasty.end(), "blocked in chan receive")
}

// TestDeepStack: the runtime elides frames of a deep stack, and goleak panics over
// it. The check does not. With goleak's own options it abstains, because only
// goleak can apply them.
func TestDeepStack(t *testing.T) { // not parallel: it would blind goleak elsewhere
	c, done := make(chan int), make(chan bool)
	r := &recorder{name: t.Name()}
	leakcheck.Verify(r)
	abstains := &recorder{name: t.Name()}
	leakcheck.Verify(abstains, goleak.IgnoreTopFunction("p.f"))
	go func() {
		defer close(done)
		descend(300, c)
	}()
	if got := abstains.end(); len(got) != 0 {
		t.Errorf("judged without goleak: %s", got)
	}
	wantReport(t, r.end(), "1 goroutine blocked in chan receive", "frames elided")
	close(c)
	<-done
}

func descend(depth int, c chan int) int {
	if depth == 0 {
		return <-c
	}
	return descend(depth-1, c) + 1
}

// TestFind: outside tests, the leaks come as an error that holds them.
func TestFind(t *testing.T) { // not parallel: Find looks at the whole process
	known := leakcheck.IgnoreCurrent("goroutines of other tests")
	if err := leakcheck.Find(known); err != nil {
		t.Fatalf("clean: %v", err)
	}
	defer leakMutex()()
	var leak *leakcheck.LeakError
	if err := leakcheck.Find(known); !errors.As(err, &leak) {
		t.Fatalf("got %v, want a *LeakError", err)
	}
	if len(leak.Leaks) != 1 {
		t.Fatalf("got %d leaks, want one: %v", len(leak.Leaks), leak)
	}
	got := leak.Leaks[0]
	if got.State != "sync.Mutex.Lock" || got.Count != 1 || got.Blocked.Line != marked(t, "shapes_test.go", "op mutex") {
		t.Errorf("got %+v", got)
	}
	if err := leakcheck.Find(leakcheck.IgnoreTopFunction("p.f", "")); err == nil || errors.As(err, &leak) {
		t.Errorf("option without a reason: got %v", err)
	}
}

func wantReport(t *testing.T, got []string, parts ...string) {
	t.Helper()
	if len(got) != 1 {
		t.Errorf("got %d reports, want one: %q", len(got), got)
		return
	}
	for _, part := range parts {
		if !strings.Contains(uncertain(got[0]), part) {
			t.Errorf("report lacks %q:\n%s", part, got[0])
		}
	}
}

// uncertain returns a report as a build without the goroutineleak profile words it.
func uncertain(report string) string {
	return strings.NewReplacer(" (proved: can never proceed)", "", " (still running)", "").Replace(report)
}
