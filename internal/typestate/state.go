// Package typestate follows the channels of one goroutine through the states
// nil, open and closed.
//
// Two dataflow analyses meet. The forward one computes the states in which a
// channel can arrive at a point; the backward one computes which operations
// are inevitable from that point on, on the same channel. Where all states say
// "closed" and a close or send is inevitable, the operation panics whenever
// the point is reached. That one rule covers a close that dominates another, a
// close that another postdominates, and a nil that enters on one path. It
// assumes only that the point can be reached at all; two branches whose
// conditions may be related are never combined.
//
// The forward analysis names channels by the register that first held them,
// so that a field loaded twice without a store in between is one channel (a
// value numbering on the fly). The idea of meeting a forward with an
// anticipation analysis is that of partial redundancy elimination.
package typestate

import (
	"go/token"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A State is the set of states in which a channel may be.
type State uint8

const (
	Nil State = 1 << iota
	Open
	Closed

	Any = Nil | Open | Closed
)

// How says in what way an operation comes about.
type How uint8

const (
	Direct   How = iota
	Deferred     // when the function returns
	Spawned      // in a goroutine that the function starts
	Drained      // not an operation: a receive has reported that the channel is closed
	Compared     // not an operation: a comparison with nil has decided
)

// A Site is an operation as one function sees it.
type Site struct {
	Pos    token.Pos     // of the operation or of the call that leads to it
	Inner  token.Pos     // of the operation, if a call leads to it
	Callee *ssa.Function // what is called, if a call leads to it
	How    How
	Prompt bool // Spawned: nothing in the goroutine can keep the operation from happening
}

// Valid reports whether s is a site.
func (s Site) Valid() bool { return s.Pos.IsValid() }

// earlier returns the one of two sites that stands first in the source.
func earlier(a, b Site) Site {
	switch {
	case !a.Valid():
		return b
	case !b.Valid() || a.Pos < b.Pos || a.Pos == b.Pos && a.Inner <= b.Inner:
		return a
	}
	return b
}

// A value is what the analysis knows about the content of a place.
type value struct {
	obj     ssa.Value // the register that names the object; nil if unknown
	state   State
	by      Site // what closed it, or made it nil
	pending Site // a deferred call or goroutine that is certain to close it
	failed  bool // an operation has failed in this state: what follows is not reached
}

func (v value) merge(w value) value {
	if v == w {
		return v
	}
	m := value{state: v.state | w.state, by: earlier(v.by, w.by)}
	if v.obj == w.obj {
		m.obj = v.obj
	}
	m.failed = v.failed && w.failed
	if v.pending.Valid() && w.pending.Valid() {
		m.pending = earlier(v.pending, w.pending)
	}
	return m
}

// settled returns v without the provenance that only an exact state needs.
func (v value) settled() value {
	if v.state != Closed && v.state != Nil {
		v.by = Site{}
	}
	return v
}

// A fact is the forward analysis' knowledge at one point. The nil fact means
// that the point is not reached.
type fact struct {
	a      *flow
	vals   map[place.Place]value
	zero   map[ssa.Value]bool       // fresh objects whose unlisted parts hold zero values; true once other code has run that can see them
	defers map[*ssa.Defer]bool      // deferred calls that are registered on every path
	chosen map[*ssa.Select]int      // the communication that a select has chosen
	doubts map[*ssa.BasicBlock]bool // calls that may not return lie on every path, with no operation since
	lost   bool                     // over budget: nothing is known
}

func newFact(a *flow) *fact {
	return &fact{
		a:      a,
		vals:   map[place.Place]value{},
		zero:   map[ssa.Value]bool{},
		defers: map[*ssa.Defer]bool{},
		chosen: map[*ssa.Select]int{},
		doubts: map[*ssa.BasicBlock]bool{},
	}
}

func (f *fact) clone() *fact {
	g := *f
	g.vals = maps.Clone(f.vals)
	g.zero = maps.Clone(f.zero)
	g.defers = maps.Clone(f.defers)
	g.chosen = maps.Clone(f.chosen)
	g.doubts = maps.Clone(f.doubts)
	return &g
}

// canon returns the name of p that begins at the object that the last known
// pointer on its path points to.
func (f *fact) canon(p place.Place) place.Place {
	return f.follow(place.Place{Root: p.Root, Mem: p.Mem}, p.Path)
}

// follow returns p extended by path, in the form of canon.
func (f *fact) follow(p place.Place, path *place.Path) place.Place {
	if path == nil {
		return p
	}
	p = f.follow(p, path.Parent)
	if path.Field == nil {
		if v, ok := f.vals[p]; ok && v.obj != nil {
			return place.Place{Root: v.obj, Mem: true}
		}
	}
	return place.Place{Root: p.Root, Path: f.a.paths.Append(p.Path, path.Field), Mem: p.Mem}
}

// get returns what is known about p.
func (f *fact) get(p place.Place) value {
	p = f.canon(p)
	v, ok := f.vals[p]
	if !ok {
		v = f.unlisted(p)
	}
	if v.obj == nil && p.IsRegister() && !isConst(p) {
		v.obj = p.Root
	}
	return v
}

// put lists v for p, in the one form that a value has: a register is its own
// object where no other is known, and what goes without saying is not listed.
func (f *fact) put(p place.Place, v value) {
	if p.IsRegister() && v.obj == p.Root {
		v.obj = nil
	}
	if v = v.settled(); v == f.unlisted(p) {
		delete(f.vals, p)
	} else {
		f.vals[p] = v
	}
}

func isConst(p place.Place) bool {
	_, ok := p.Root.(*ssa.Const)
	return ok
}

// unlisted returns what is known about a place that the fact does not mention.
func (f *fact) unlisted(p place.Place) value {
	if p.IsRegister() {
		if c, ok := p.Root.(*ssa.Const); ok && c.Value == nil {
			return value{state: Nil}
		}
		return value{state: Any}
	}
	if f.a.world.NeverAssigned(p) {
		return value{state: Nil}
	}
	if exposed, ok := f.zero[p.Root]; ok && p.Mem && (!exposed || !f.a.world.Restorable(p, f.a.fn)) {
		return value{state: Nil}
	}
	return value{state: Any}
}

// facts is the semilattice of facts: merging paths unites the states.
type facts struct{}

func (facts) Ident() *fact { return nil }

func (facts) Equals(a, b *fact) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	return a.lost == b.lost && maps.Equal(a.vals, b.vals) && maps.Equal(a.zero, b.zero) &&
		maps.Equal(a.defers, b.defers) && maps.Equal(a.chosen, b.chosen) && maps.Equal(a.doubts, b.doubts)
}

func (facts) Merge(a, b *fact) *fact {
	switch {
	case a == nil || b != nil && b.lost:
		return b
	case b == nil || a.lost:
		return a
	}
	m := newFact(a.a)
	for r, exposed := range a.zero {
		if other, ok := b.zero[r]; ok {
			m.zero[r] = exposed || other
		}
	}
	mergeInto(m, a, b)
	mergeInto(m, b, a)
	for d := range a.defers {
		if b.defers[d] {
			m.defers[d] = true
		}
	}
	for x := range a.doubts {
		if b.doubts[x] {
			m.doubts[x] = true
		}
	}
	for s, i := range a.chosen {
		if j, ok := b.chosen[s]; ok && i == j {
			m.chosen[s] = i
		}
	}
	return m
}

// mergeInto adds to m the merge of every place that a lists.
func mergeInto(m, a, b *fact) {
	for p := range a.vals {
		m.put(p, a.get(p).merge(b.get(p)))
	}
}
