// Package explore decides what can happen in a closed system of goroutines: it
// enumerates the reachable states of a [model.Program] and finds the goroutines
// that can never proceed and the operations that can panic.
//
// # What stuck means
//
// A goroutine is stuck in a state if it stands at a visible operation that it
// completes in no continuation of that state, whatever the others choose and
// however they are scheduled, and if no continuation ends in [model.Halt] or in a
// panic. A server that loops for ever beside it therefore hides nothing, and a
// replica of it that is served later does not hide it either: identity is kept.
// A goroutine in [model.Diverge] is not stuck; one that only it could have served
// is.
//
// # Semantics
//
// They are Go's, with these remarks where the language of the model is terser:
//
//   - A goroutine that stands at an operation has not necessarily begun it. A
//     select with a default may therefore take the default although a partner
//     stands ready for an unbuffered communication. It may not when the buffer or a
//     close makes the case ready. Two selects that both have a default, or another
//     case that the buffer or a close makes ready, do not meet: neither waits.
//   - Of several goroutines that wait, any may be served first.
//   - A receive from a closed and drained channel stores the zero value.
//   - A select case of the environment stores the zero value, and goes to its Succ.
//   - A nil wait group, mutex or once cell ends the process, as a nil dereference
//     does, without a report; so does an operation on a primitive of another kind.
//   - The first Make or Spawn starts the clock: choices before it cost nothing.
//
// # Method
//
// The reachable graph is built cheapest states first, so that each state has a
// cheapest path. Only visible operations interleave: a goroutine at a local node
// moves alone, because its step commutes with everything (a persistent set of one,
// see Godefroid, Partial-Order Methods for the Verification of Concurrent Systems,
// 1996). States are stored in a canonical form (Ip and Dill, Better verification
// through symmetry, 1996). The strongly connected components of the graph then say
// what holds in all continuations of a state.
//
// A choice that costs commutes too, but a cheapest witness may have to do without
// it. So if anything with a cost is found, a second graph is built in which such
// choices interleave as long as the cost is within Options.MaxCost.
package explore

import (
	"math"
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// Defaults of the budget.
const (
	DefaultStates = 4000
	DefaultBytes  = 4 << 20
)

// Options configure an exploration.
type Options struct {
	Vars      []int // assignment of Program.Vars
	MaxStates int   // budget in states, of each of two passes; 0 means DefaultStates
	MaxBytes  int   // the same in bytes; 0 means DefaultBytes
	MaxCost   int   // witnesses that cost more are dropped
}

// A Result is what an exploration found.
type Result struct {
	States int
	// Over reports whether the budget was exceeded, or the program was not
	// well-formed: Stuck and Panics are then empty.
	Over bool
	// Err is why the program was not explored at all, or nil.
	Err error
	// Rough reports whether costs are upper bounds: finding the cheapest witnesses
	// took more than the budget. Some may then be missing for their cost.
	Rough bool
	// Dear reports whether there are places whose witnesses cost more than
	// Options.MaxCost.
	Dear bool
	// Unsure counts the places at which some goroutine may be stuck, but telling
	// it from its replicas took more than the budget. They are not in Stuck.
	Unsure int
	Stuck  []Stuck // sorted by Proc, Node; one for each place
	Panics []Panic // sorted by Proc, Node, Case, Kind; one for each
}

// A Stuck is a place at which a goroutine can be stuck, with a cheapest witness.
type Stuck struct {
	Proc, Node int
	Cost       int
	Goroutine  int       // which one, in the numbering of Trace
	Trace      []Step    // from the start to the first state in which it is stuck
	Also       []Blocked // the others that are stuck in that state for certain, by Goroutine
	RootEnded  bool      // whether the root has returned in that state
	Nil        bool      // whether it sends on, or receives from, a nil channel
}

// A Blocked is a goroutine at the operation that it cannot complete.
type Blocked struct {
	Goroutine  int
	Proc, Node int
}

// A PanicKind says what the run time would print.
type PanicKind uint8

const (
	SendClosed      PanicKind = iota // send on closed channel
	CloseClosed                      // close of closed channel
	CloseNil                         // close of nil channel
	NegativeCounter                  // negative WaitGroup counter
	UnlockUnlocked                   // unlock of unlocked mutex
)

var panicNames = [...]string{
	"send on closed channel",
	"close of closed channel",
	"close of nil channel",
	"sync: negative WaitGroup counter",
	"sync: unlock of unlocked mutex",
}

func (k PanicKind) String() string {
	if int(k) < len(panicNames) {
		return panicNames[k]
	}
	return "unknown panic"
}

// A Panic is an operation that can panic, with a cheapest witness.
type Panic struct {
	Proc, Node int
	Case       int // of a select; else 0
	Kind       PanicKind
	Cost       int
	Goroutine  int
	Trace      []Step // the last step is the operation that panics
	// By is the earlier close or cancel of the channel, for SendClosed and
	// CloseClosed.
	By Step
}

// A Step is one node that one goroutine has passed. A rendezvous is two steps: the
// send, then the receive.
type Step struct {
	Goroutine  int // 0 is the root; the others in the order in which they are spawned
	Proc, Node int
	// Case is the index of what happened: of the successor taken, of the case of a
	// select (len(Cases) for its default), 1 for a receive that found the channel
	// closed.
	Case   int
	Closed bool // a receive, also in a select, that found the channel closed
	Succ   int  // the node gone to; -1 if the step ends the goroutine or the process
	// Peer is 1 + the number of the partner of a rendezvous, or of the goroutine
	// that a Spawn started; 0 if there is none.
	Peer int
	// Prim is 1 + the index of the primitive acted on or made, in the order in which
	// the trace makes them; 0 if there is none, or nil.
	Prim int
	Cost int // of a choice
}

// Explore prepares and explores a program. Use [Prepare] to explore one program
// under several assignments.
func Explore(p *model.Program, opt Options) *Result {
	e, err := Prepare(p)
	if err != nil {
		return &Result{Over: true, Err: err}
	}
	return e.Explore(opt)
}

// Explore enumerates the states of the prepared program under the assignment and
// the budget of opt. The result is a function of the two alone.
func (e *Engine) Explore(opt Options) *Result {
	if err := e.checkVars(opt.Vars); err != nil {
		return &Result{Over: true, Err: err}
	}
	if opt.MaxStates <= 0 {
		opt.MaxStates = DefaultStates
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = DefaultBytes
	}
	m := &machine{Engine: e, vars: opt.Vars}
	// First let every choice commute: that finds all places, in few states, but
	// makes some goroutines pay for choices that a witness does not need.
	g := newGraph(m, opt)
	g.exact = -1
	r := g.result(math.MaxInt)
	if r.Over || !r.dear() {
		return r
	}
	// Then find the cheapest ways, as far as they matter.
	places := len(r.Stuck) + len(r.Panics)
	g = newGraph(m, opt)
	g.exact = opt.MaxCost
	s := g.result(opt.MaxCost)
	if s.Over {
		r.drop(opt.MaxCost)
		s, r.Rough = r, true
	}
	s.States = r.States + g.size()
	s.Dear = places > len(s.Stuck)+len(s.Panics)
	return s
}

// result explores the program and collects what is found within the cost.
func (g *graph) result(maxCost int) *Result {
	g.start()
	if !g.build() {
		return &Result{States: g.size(), Over: true}
	}
	r := &Result{States: g.size()}
	g.collectPanics(r, maxCost)
	newVerdict(g).collect(r, maxCost)
	return r
}

// dear reports whether some witness has a cost.
func (r *Result) dear() bool {
	return slices.ContainsFunc(r.Stuck, func(s Stuck) bool { return s.Cost > 0 }) ||
		slices.ContainsFunc(r.Panics, func(p Panic) bool { return p.Cost > 0 })
}

// drop removes the witnesses above the cost.
func (r *Result) drop(maxCost int) {
	r.Stuck = slices.DeleteFunc(r.Stuck, func(s Stuck) bool { return s.Cost > maxCost })
	r.Panics = slices.DeleteFunc(r.Panics, func(p Panic) bool { return p.Cost > maxCost })
}
