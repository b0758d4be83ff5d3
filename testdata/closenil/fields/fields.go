// Package fields closes nil channels in fields and package variables.
package fields

type forgotten struct {
	quit chan int
	done chan int
}

func newForgotten() *forgotten { return &forgotten{done: make(chan int)} }

func field_bad() {
	f := newForgotten()
	close(f.quit) // panics "close of nil channel" // want `close of nil channel: f.quit is declared at line \d+ and never assigned`
}

func field_ok() {
	f := newForgotten()
	close(f.done)
	if f.quit != nil {
		close(f.quit)
	}
}

type stopper interface{ stop() }

type asserted struct {
	name string
	quit chan int
}

func newAsserted() *asserted { return &asserted{name: "a"} }

func (a *asserted) stop() {
	close(a.quit) // panics "close of nil channel" in assertedInterface_bad // want `close of nil channel: a.quit is declared at line \d+ and never assigned`
}

var _ stopper = (*asserted)(nil)

func assertedInterface_bad() { newAsserted().stop() }

type assertedToo struct{ quit chan int }

func (a *assertedToo) stop() { close(a.quit) }

var _ stopper = (*assertedToo)(nil)

func assertedInterface_ok() { (&assertedToo{quit: make(chan int)}).stop() }

type unkeyed struct {
	n    int
	quit chan int
}

func unkeyed_ok() {
	u := unkeyed{1, make(chan int)}
	close(u.quit)
}

type taken struct{ quit chan int }

func makeIt(c *chan int) { *c = make(chan int) }

func taken_ok() {
	var t taken
	makeIt(&t.quit)
	close(t.quit)
}

type converted struct{ quit chan int }

type twin struct{ quit chan int }

func converted_ok() {
	t := twin{make(chan int)}
	c := converted(t)
	close(c.quit)
}

type embedded struct{ forgotten }

func embedded_bad() {
	var e embedded
	close(e.done) // panics "close of nil channel" // want `close of nil channel: e.done is nil on every path to this close`
}

func embedded_ok() {
	e := embedded{*newForgotten()}
	close(e.done)
}

type generic[T any] struct {
	made chan T
	lost chan T
}

func newGeneric[T any]() *generic[T] { return &generic[T]{made: make(chan T)} }

func generic_bad() {
	g := newGeneric[int]()
	close(g.lost) // panics "close of nil channel" // want `close of nil channel: g.lost is declared at line \d+ and never assigned`
}

func generic_ok() {
	g := newGeneric[int]()
	close(g.made)
}

var (
	lost chan int
	kept = make(chan int)
)

func global_bad() {
	close(lost) // panics "close of nil channel" // want `close of nil channel: lost is declared at line \d+ and never assigned`
}

func global_ok() {
	close(kept)
}

// Exported fields are open to other packages.
type Open struct{ Quit chan int }

var open = &Open{make(chan int)}

func exported_ok() { close(open.Quit) }

// A hook that only tests set.
type hooked struct{ hook chan int }

func hook_ok() {
	var h hooked
	if h.hook != nil {
		close(h.hook)
	}
}
