package leakcheck

import (
	"strings"
	"sync"
	"sync/atomic"

	"go.uber.org/goleak"
)

// T is what Verify needs of a test. *testing.T, *testing.B and *testing.F have
// it, and so has what GinkgoT returns.
type T interface {
	Cleanup(func())
	Error(args ...any)
	Helper()
	Name() string
}

// Verify marks the calling goroutine as the test t, and fails t if a goroutine
// that t or a subtest of t started is left when t has ended. Call it first in the
// test: see the package documentation for what a later call misses. It is safe
// under t.Parallel, in subtests, and in a test whose parent calls it, too; each
// leak is then reported once, by the innermost test.
//
// The options are goleak's and this package's, in any order. goleak.Cleanup is
// called after the look, as goleak.VerifyNone does.
func Verify(t T, options ...goleak.Option) {
	t.Helper()
	c := newConfig(options)
	for _, err := range c.invalid {
		t.Error(err)
	}
	before := current()
	s := scope{self: before.id, mark: newMark(before.mark(), t.Name())}
	setLabels(append(before.labels(), labelKey, string(s.mark)))
	t.Cleanup(func() {
		t.Helper()
		l := &look{config: c, pick: s.leftovers, ownFirst: true}
		if found := l.run(); len(found) > 0 {
			fail(t, t.Name(), found, c)
		}
		if l.self == before.id {
			setLabels(before.labels())
		}
		if mayClean(c.foreign) {
			finish(0, func(int) {}, c.foreign)
		}
	})
}

// Find looks for goroutines besides the caller's and the testing package's, over
// the whole process, as goleak.Find does. It returns nil, or a *LeakError that
// holds the leaks. goleak.Cleanup has no effect on it.
func Find(options ...goleak.Option) error {
	c := newConfig(options)
	for _, err := range c.invalid {
		return err
	}
	found := (&look{config: c, pick: everything}).run()
	if len(found) == 0 {
		return nil
	}
	judged, asked := prove(found)
	leaks := group("", judged, asked)
	return &LeakError{Leaks: leaks, text: report(leaks, c.reasons())}
}

// A LeakError says which goroutines were left.
type LeakError struct {
	Leaks []Leak // sorted by test, then by the position of the blocked operation
	text  string
}

// Error returns the grouped report.
func (e *LeakError) Error() string { return e.text }

// A scope is what one call of Verify is responsible for.
type scope struct {
	self int64 // the goroutine that called Verify: the test itself
	mark mark
}

var (
	// reported holds the numbers of the goroutines that have failed a test, so
	// that an enclosing test does not fail for the same ones.
	reported sync.Map

	// packageVerified is set while VerifyTestMain runs the tests.
	packageVerified atomic.Bool
)

// leftovers returns the goroutines that belong to the scope, among all but the
// calling one.
func (s scope) leftovers(all []goroutine) []goroutine {
	byID := func() map[int64]goroutine { // most goroutines have a mark or a dead parent
		m := make(map[int64]goroutine, len(all))
		for _, g := range all {
			m[g.id] = g
		}
		return m
	}
	index := sync.OnceValue(byID)
	outer := s.mark.nested() || packageVerified.Load()
	var mine []goroutine
	for _, g := range all {
		if g.id == s.self || !s.owner(g, index).within(s.mark) {
			continue
		}
		if _, done := reported.Load(g.id); done || g.background() || outer && g.pooled() {
			continue
		}
		mine = append(mine, g)
	}
	return mine
}

// owner returns the mark of the test that g belongs to, or "": its own, else
// that of the nearest goroutine up the line of parents that has one.
func (s scope) owner(g goroutine, index func() map[int64]goroutine) mark {
	for {
		if m := g.mark(); m != "" {
			return m
		}
		parent := g.parent()
		if parent == s.self {
			return s.mark
		}
		p, alive := index()[parent]
		if !alive {
			return ""
		}
		g = p
	}
}

// everything returns the goroutines that goleak would look at by default.
func everything(all []goroutine) []goroutine {
	var rest []goroutine
	for _, g := range all {
		if !g.background() {
			rest = append(rest, g)
		}
	}
	return rest
}

// background reports whether goleak ignores g without being told to: testing's
// own goroutines, signal handling, the tracer, and whatever sits in a C call.
// Knowing it here spares the wait for them, and stands in for goleak where it
// cannot read a traceback.
func (g goroutine) background() bool {
	if strings.HasPrefix(g.state(), "syscall") {
		return true
	}
	if g.has("runtime.ensureSigM") || g.has("runtime.ReadTrace") {
		return true
	}
	frames := g.frames()
	if len(frames) == 0 {
		return false
	}
	switch frames[0].Function {
	case "os/signal.signal_recv", "os/signal.loop":
		return true
	case "testing.RunTests", "testing.(*T).Run", "testing.(*T).Parallel",
		"testing.runFuzzing", "testing.runFuzzTests":
		return strings.HasPrefix(g.state(), "chan receive")
	}
	return false
}

// pooled reports whether g serves a pool that tests share: an idle connection of
// an http.Transport, one that is being dialed, or a sql.DB. A connection whose
// response body was not closed is not idle.
func (g goroutine) pooled() bool {
	switch {
	case g.has("net/http.(*persistConn).readLoop"):
		return g.state() == "IO wait"
	case g.has("net/http.(*persistConn).writeLoop"),
		g.has("net/http.(*Transport).dialConnFor"),
		g.has("net/http.(*http2clientConnReadLoop).run"),
		g.has("database/sql.(*DB).connectionOpener"),
		g.has("database/sql.(*DB).connectionCleaner"):
		return true
	}
	return false
}
