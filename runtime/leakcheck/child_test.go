package leakcheck_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

// A scenario is a test that has to fail, so it runs in a child process.
const scenarioVariable = "LEAKCHECK_TEST_SCENARIO"

var global = make(chan int) // reachable for ever: no proof against who waits for it

// TestScenario is the child.
func TestScenario(t *testing.T) {
	switch os.Getenv(scenarioVariable) {
	case "synctest":
		t.Run("blocked", func(t *testing.T) {
			leakcheck.Verify(t)
			leakcheck.Synctest(t, func(t *testing.T) {
				c := make(chan int)
				//lint:ignore chanlint/* the leak is the point
				go func() { c <- 1 }() // bubble send
				go time.Sleep(time.Hour)
			})
		})
		t.Run("itself", func(t *testing.T) {
			//lint:ignore chanlint/* the leak is the point
			leakcheck.Synctest(t, func(t *testing.T) { <-make(chan int) }) // bubble itself
		})
		t.Run("failing", func(t *testing.T) {
			leakcheck.Synctest(t, func(t *testing.T) { t.Error("plain failure") })
		})
		t.Run("clean", cleanBubble)
	case "certainty":
		leakcheck.Verify(t) // call
		//lint:ignore chanlint/* the leak is the point
		go func() { global <- 1 }() // live send
		go func() {                 // dead go
			c := make(chan int)
			//lint:ignore chanlint/* the leak is the point
			c <- 1 // dead send
		}()
		var wg sync.WaitGroup
		wg.Go(func() { // dead entry
			var c chan int
			//lint:ignore chanlint/* the leak is the point
			<-c // dead receive
		})
	case "unmarked":
		leakSend()
	case "late":
		leakcheck.Verify(t, leakcheck.IgnoreCreatedBy("github.com/chanlint/chanlint/runtime/leakcheck_test.leakSend",
			"the package's look has to find it"))
		leakSend()
	case "pool":
		leakcheck.Verify(t)
		get(t, packageServer.Client(), packageServer.URL)
	default:
		t.Skip("runs in a child process only")
	}
}

// child runs a scenario, which has to fail, and returns its output and the leaks
// it recorded, by way of the flag or of the environment variable.
func child(t *testing.T, scenario string, byFlag bool) (output string, leaks []leakcheck.Leak) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "leaks.json")
	cmd := exec.Command(os.Args[0], "-test.run=^TestScenario$", "-test.v")
	cmd.Env = append(os.Environ(), scenarioVariable+"="+scenario)
	if byFlag {
		cmd.Args = append(cmd.Args, "-leakcheck.json="+file)
	} else {
		cmd.Env = append(cmd.Env, "LEAKCHECK_JSON="+file)
	}
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("child: %v, want exit status 1\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("child recorded nothing: %v\n%s", err, out)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		var l leakcheck.Leak
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		leaks = append(leaks, l)
	}
	return string(out), leaks
}

func TestSynctestFails(t *testing.T) {
	t.Parallel()
	out, leaks := child(t, "synctest", true)
	for _, part := range []string{
		"--- FAIL: TestScenario/blocked", "--- FAIL: TestScenario/itself", "--- FAIL: TestScenario/failing",
		"--- PASS: TestScenario/clean", "main bubble goroutine has exited", "plain failure",
		"1 goroutine blocked in sleep at",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("output lacks %q:\n%s", part, out)
		}
	}
	if len(leaks) != 4 { // send, sleep; the main goroutine, and testing's that waits for it
		t.Fatalf("got %d leaks, want 4:\n%s", len(leaks), out)
	}
	send := slices.IndexFunc(leaks, func(l leakcheck.Leak) bool { return l.State == "chan send" })
	if send < 0 || leaks[send].Blocked.Line != marked(t, "child_test.go", "bubble send") ||
		leaks[send].Test != "TestScenario/blocked" || leaks[send].Proved {
		t.Errorf("send in the bubble: got %+v", leaks)
	}
}

// TestCertainty holds on builds with and without the goroutineleak profile.
func TestCertainty(t *testing.T) {
	t.Parallel()
	available := pprof.Lookup("goroutineleak") != nil
	certain := func(c leakcheck.Certainty) leakcheck.Certainty {
		if available {
			return c
		}
		return leakcheck.Unknown
	}
	out, leaks := child(t, "certainty", false)
	want := map[int]leakcheck.Certainty{
		marked(t, "child_test.go", "live send"):    certain(leakcheck.StillRunning),
		marked(t, "child_test.go", "dead send"):    certain(leakcheck.Proved),
		marked(t, "child_test.go", "dead receive"): certain(leakcheck.Proved),
	}
	if len(leaks) != len(want) {
		t.Fatalf("got %d leaks, want %d:\n%s", len(leaks), len(want), out)
	}
	for _, l := range leaks {
		if c, ok := want[l.Blocked.Line]; !ok || l.Certainty != c || l.Proved != (c == leakcheck.Proved) {
			t.Errorf("got %+v, want certainty %q", l, c)
		}
		if l.Test != "TestScenario" || l.Count != 1 || len(l.Goroutines) != 1 || len(l.Stack) == 0 {
			t.Errorf("incomplete: %+v", l)
		}
		if l.Package != "github.com/chanlint/chanlint/runtime/leakcheck" {
			t.Errorf("package: got %q", l.Package)
		}
		switch l.Blocked.Line {
		case marked(t, "child_test.go", "dead send"):
			if l.Started.Line != marked(t, "child_test.go", "dead go") {
				t.Errorf("go statement: got %+v", l.Started)
			}
		case marked(t, "child_test.go", "dead receive"):
			if !strings.HasSuffix(l.Started.File, "waitgroup.go") || !strings.HasPrefix(l.Entry.Function,
				"github.com/chanlint/chanlint/runtime/leakcheck_test.TestScenario.") {
				t.Errorf("started %+v, entry %+v", l.Started, l.Entry)
			}
		}
	}
	if call := fmt.Sprintf("child_test.go:%d: leakcheck: ", marked(t, "child_test.go", "call")); !strings.Contains(out, call) {
		t.Errorf("the failure is not at %q:\n%s", call, out)
	}
	if available && !strings.Contains(out, "(proved: can never proceed)") {
		t.Errorf("report lacks the proof:\n%s", out)
	}
}

// TestVerifyTestMain: the tests pass, and the package fails.
func TestVerifyTestMain(t *testing.T) {
	t.Parallel()
	out, leaks := child(t, "unmarked", true)
	for _, part := range []string{"--- PASS: TestScenario", "leakcheck: goroutines left: 1\n",
		"in github.com/chanlint/chanlint/runtime/leakcheck_test.leakSend\n"} {
		if !strings.Contains(uncertain(out), part) {
			t.Errorf("output lacks %q:\n%s", part, out)
		}
	}
	if len(leaks) != 1 || leaks[0].Test != "" || leaks[0].Blocked.Line != marked(t, "shapes_test.go", "op send") {
		t.Errorf("got %+v", leaks)
	}
}

// TestVerifyTestMainMarked: the leak that the package's look finds is known by the
// mark of the test, which was told to ignore it.
func TestVerifyTestMainMarked(t *testing.T) {
	t.Parallel()
	out, leaks := child(t, "late", true)
	if len(leaks) != 1 || leaks[0].Test != "TestScenario" || !strings.Contains(uncertain(out), "by TestScenario\n") {
		t.Errorf("got %+v:\n%s", leaks, out)
	}
}

// TestVerifyTestMainPool: the connections of a client that the whole package uses
// are the package's: the test passes, and so does the package once it has closed them.
func TestVerifyTestMainPool(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestScenario$", "-test.v")
	cmd.Env = append(os.Environ(), scenarioVariable+"=pool")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("child: %v\n%s", err, out)
	}
}

// packageTests is a testing.M that uses a server for all tests.
type packageTests struct{ m *testing.M }

var packageServer *httptest.Server

func (p packageTests) Run() int {
	packageServer = httptest.NewServer(http.HandlerFunc(hello))
	defer packageServer.Close()
	return p.m.Run()
}

// TestVerifyTestMainCleanup: goleak.Cleanup replaces the exit, and gets the code.
func TestVerifyTestMainCleanup(t *testing.T) { // not parallel: the look is at the whole process
	for _, want := range []int{0, 3} {
		got := -1
		leakcheck.VerifyTestMain(exit(want), goleak.IgnoreCurrent(), goleak.Cleanup(func(code int) { got = code }))
		if got != want {
			t.Errorf("cleanup got code %d, want %d", got, want)
		}
	}
}

type exit int

func (e exit) Run() int { return int(e) }

// cleanBubble is a bubble that ends well, with both kinds of check around it.
func cleanBubble(t *testing.T) {
	leakcheck.Verify(t)
	leakcheck.Synctest(t, func(t *testing.T) {
		leakcheck.Verify(t)
		c := make(chan int)
		go func() {
			time.Sleep(time.Hour)
			close(c)
		}()
		<-c
		synctest.Wait()
	})
}
