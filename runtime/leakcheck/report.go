package leakcheck

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Certainty says what is known about a leaked goroutine's future.
type Certainty string

const (
	// Unknown: this build has no goroutineleak profile to ask.
	Unknown Certainty = ""
	// Proved: nothing that can run refers to what the goroutine waits for.
	Proved Certainty = "proved"
	// StillRunning: something live may yet let the goroutine proceed.
	StillRunning Certainty = "still running"
)

// A Leak is a group of goroutines that block in the same operation and that the
// same go statement started. It is also the record that -leakcheck.json writes,
// one JSON object a line.
type Leak struct {
	// Test is the full name of the test whose goroutines started them, or "" if
	// they carry no mark.
	Test string `json:"test"`
	// Package is the import path of the package under test, or "".
	Package string `json:"package,omitempty"`
	// State is the runtime's wait reason: chan send, select, sync.Mutex.Lock.
	State string `json:"state"`
	// Certainty is proved, still running, or absent.
	Certainty Certainty `json:"certainty,omitempty"`
	// Proved repeats Certainty for readers that want only that.
	Proved bool `json:"proved"`
	// Count is the number of goroutines in the group.
	Count int `json:"count"`
	// Blocked is the operation they block in: the innermost frame outside the
	// standard library.
	Blocked Frame `json:"blocked"`
	// Started is the go statement.
	Started Frame `json:"started"`
	// Entry is the outermost frame outside the standard library, which names the
	// function the go statement started. It leads back to the program where
	// Started stands in a library, as after sync.WaitGroup.Go.
	Entry Frame `json:"entry"`
	// Goroutines holds the runtime's numbers, ascending.
	Goroutines []int64 `json:"goroutines"`
	// Stack is the stack of the first goroutine, innermost call first.
	Stack []Frame `json:"stack"`

	raw string
}

// group sorts the goroutines into leaks. Those without a mark belong to the given
// test, which may be "".
func group(test string, found []goroutine, asked bool) []Leak {
	type key struct {
		test             string
		state            string
		certainty        Certainty
		blocked, started Frame
	}
	index := make(map[key]int)
	var leaks []Leak
	slices.SortFunc(found, func(a, b goroutine) int { return cmp.Compare(a.id, b.id) })
	for _, g := range found {
		frames := g.frames()
		k := key{cmp.Or(g.mark().test(), test), g.state(), Unknown, blocked(frames), g.started()}
		if asked {
			k.certainty = StillRunning
		}
		if g.proved() {
			k.certainty = Proved
		}
		i, known := index[k]
		if !known {
			i = len(leaks)
			index[k] = i
			leaks = append(leaks, Leak{
				Test: k.test, Package: testPackage(), State: k.state, Certainty: k.certainty,
				Proved: k.certainty == Proved, Blocked: k.blocked, Started: k.started,
				Entry: entry(frames), Stack: frames, raw: g.raw(),
			})
		}
		leaks[i].Count++
		leaks[i].Goroutines = append(leaks[i].Goroutines, g.id)
	}
	slices.SortStableFunc(leaks, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(a.Test, b.Test),
			cmp.Compare(a.Blocked.File, b.Blocked.File), cmp.Compare(a.Blocked.Line, b.Blocked.Line),
			cmp.Compare(a.Started.File, b.Started.File), cmp.Compare(a.Started.Line, b.Started.Line))
	})
	return leaks
}

// String returns the headline:
//
//	3 goroutines blocked in chan send at gen.go:11, started at gen.go:8 by TestX/sub
func (l Leak) String() string {
	var b strings.Builder
	noun := "goroutines"
	if l.Count == 1 {
		noun = "goroutine"
	}
	verb := "blocked in " + l.State
	if l.State == "running" || l.State == "runnable" {
		verb = l.State
	}
	fmt.Fprintf(&b, "%d %s %s at %v", l.Count, noun, verb, l.Blocked)
	if l.Started.Function != "" {
		fmt.Fprintf(&b, ", started at %v", l.Started)
	}
	if l.Started.Function != "" && l.Started.standard() && l.Entry.Function != "" {
		fmt.Fprintf(&b, " to run %s", l.Entry.Function)
	}
	switch {
	case l.Test != "":
		b.WriteString(" by " + l.Test)
	case l.Started.Function != "":
		b.WriteString(" in " + l.Started.Function)
	}
	switch l.Certainty {
	case Proved:
		b.WriteString(" (proved: can never proceed)")
	case StillRunning:
		b.WriteString(" (still running)")
	}
	return b.String()
}

// report words the leaks: the headlines, each with its frames outside the
// standard library, then what was ignored, then the raw stacks.
func report(leaks []Leak, ignored []string) string {
	var b strings.Builder
	total := 0
	for _, l := range leaks {
		total += l.Count
	}
	fmt.Fprintf(&b, "leakcheck: goroutines left: %d\n", total)
	for _, l := range leaks {
		fmt.Fprintf(&b, "\n%v\n", l)
		for _, f := range l.Stack {
			if !f.standard() {
				fmt.Fprintf(&b, "    %s\n        %s:%d\n", f.Function, f.File, f.Line)
			}
		}
	}
	if len(ignored) > 0 {
		b.WriteString("\nignored:\n    " + strings.Join(ignored, "\n    ") + "\n")
	}
	b.WriteString("\nraw stacks, one of each group:\n")
	for _, l := range leaks {
		fmt.Fprintf(&b, "\n%s\n", l.raw)
	}
	return b.String()
}

// reasons returns the ignore options as lines.
func (c *config) reasons() []string {
	var lines []string
	for _, i := range c.ignores {
		lines = append(lines, i.name+": "+i.reason)
	}
	return lines
}

// fail reports what was found as a failure of t, and writes it as data. The test
// is the one that goroutines without a mark belong to.
func fail(t failer, test string, found []goroutine, c *config) {
	t.Helper()
	leaks := settle(test, found)
	t.Error(report(leaks, c.reasons()))
	if err := record(leaks); err != nil {
		t.Error(err)
	}
}

// A failer is what fails: a test, or the package.
type failer interface {
	Error(args ...any)
	Helper()
}

// settle asks for proof, remembers the goroutines as reported, and groups them.
func settle(test string, found []goroutine) []Leak {
	for _, g := range found {
		reported.Store(g.id, true)
	}
	judged, asked := prove(found)
	return group(test, judged, asked)
}
