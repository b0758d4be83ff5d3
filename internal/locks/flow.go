package locks

import (
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A hold is a lock that is held.
type hold struct {
	at   token.Pos // where it was taken
	read bool      // for reading
	try  bool      // if it could be
}

// A state is what is known of the locks at one point of a function.
type state struct {
	held   map[name]hold       // certainly, by this call of the function
	maybe  map[name]hold       // on some path: a superset
	gone   map[name]bool       // on some path given up since the function was called
	defers map[*ssa.Defer]bool // on some path deferred
	lost   bool                // a function was called about which nothing is known
}

func newState() *state {
	return &state{held: map[name]hold{}, maybe: map[name]hold{}, gone: map[name]bool{}, defers: map[*ssa.Defer]bool{}}
}

func (s *state) clone() *state {
	return &state{held: maps.Clone(s.held), maybe: maps.Clone(s.maybe), gone: maps.Clone(s.gone), defers: maps.Clone(s.defers), lost: s.lost}
}

// merge adds what is known on another path and reports whether that changes s.
func (s *state) merge(o *state) bool {
	changed := false
	for n, h := range s.held {
		other, ok := o.held[n]
		switch {
		case !ok:
			delete(s.held, n)
			changed = true
		case h.read && !other.read:
			// Held for writing on the other path: what is certain is less.
		case !h.read && other.read:
			s.held[n] = other
			changed = true
		}
	}
	changed = add(s.maybe, o.maybe) || changed
	changed = add(s.gone, o.gone) || changed
	changed = add(s.defers, o.defers) || changed
	if o.lost && !s.lost {
		s.lost, changed = true, true
	}
	return changed
}

func add[K comparable, V any](to, from map[K]V) bool {
	n := len(to)
	for k, v := range from {
		if _, ok := to[k]; !ok {
			to[k] = v
		}
	}
	return len(to) > n
}

func (s *state) take(n name, h hold) {
	if old, ok := s.held[n]; !ok || old.at == h.at && old.read {
		s.held[n] = h
	}
	s.maybe[n] = h
}

// release gives up a lock. It reports whether the function may not have taken it:
// then it may be one that was taken under another name. An element of a container
// that is looked up again is taken to be the same one.
func (w *world) release(s *state, n name, deferred bool) bool {
	_, own := s.held[n]
	if h, ok := s.maybe[n]; ok {
		own = own || deferred || h.try
	}
	delete(s.held, n)
	delete(s.maybe, n)
	s.gone[n] = true
	if !own {
		own = w.releaseElement(s, w.relation(n))
	}
	if !own {
		w.releaseClass(s, classOf(n))
	}
	return !own
}

// releaseElement gives up the elements of a container that are held. It reports
// whether there are any.
func (w *world) releaseElement(s *state, some name) bool {
	if !isSome(some) {
		return false
	}
	found := false
	for m := range s.maybe {
		if w.relation(m) == some {
			found = true
			delete(s.held, m)
			delete(s.maybe, m)
		}
	}
	return found
}

// releaseClass gives up whatever lock of a class.
func (w *world) releaseClass(s *state, c class) {
	for _, m := range []map[name]hold{s.held, s.maybe} {
		maps.DeleteFunc(m, func(n name, _ hold) bool { return w.meet(classOf(n), c) })
	}
}

// flow solves fn and returns the state at the start of each block, nil for those
// that are not reached.
func (w *world) flow(fn *ssa.Function) []*state {
	if at, ok := w.flows[fn]; ok {
		return at
	}
	at := make([]*state, len(fn.Blocks))
	w.flows[fn] = at
	if len(at) == 0 || !w.active[fn] {
		return at
	}
	at[0] = newState()
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		s := at[b.Index].clone()
		for _, instr := range b.Instrs {
			w.step(s, instr, nil)
		}
		for i, succ := range b.Succs {
			if w.impossible(b, i) {
				continue
			}
			if at[succ.Index] == nil {
				at[succ.Index] = s.clone()
			} else if !at[succ.Index].merge(s) {
				continue
			}
			if !slices.Contains(work, succ) {
				work = append(work, succ)
			}
		}
	}
	return at
}

// visit calls before for each call in fn with the state before it.
func (w *world) visit(fn *ssa.Function, before func(*ssa.Call, *state)) {
	at := w.flow(fn)
	for _, b := range fn.Blocks {
		if at[b.Index] == nil {
			continue
		}
		s := at[b.Index].clone()
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				before(call, s)
			}
			w.step(s, instr, nil)
		}
	}
}

// step applies one instruction to s. If sum is not nil, it notes there which locks
// are given up that the function has not taken.
func (w *world) step(s *state, instr ssa.Instruction, sum *summary) {
	switch instr := instr.(type) {
	case *ssa.Defer:
		s.defers[instr] = true
	case *ssa.RunDefers:
		pending := slices.SortedFunc(maps.Keys(s.defers), func(a, b *ssa.Defer) int { return int(b.Pos() - a.Pos()) })
		for _, d := range pending {
			w.call(s, &d.Call, d.Pos(), true, sum)
		}
		clear(s.defers)
	case *ssa.Call:
		w.call(s, &instr.Call, instr.Pos(), false, sum)
	}
	if v, ok := instr.(ssa.Value); ok && len(s.maybe) > 0 {
		// A register that is assigned again, in a loop, names another lock.
		for _, m := range []map[name]hold{s.held, s.maybe} {
			maps.DeleteFunc(m, func(n name, _ hold) bool { return n.root == v })
		}
	}
}

// call applies a call to s.
func (w *world) call(s *state, call *ssa.CallCommon, pos token.Pos, deferred bool, sum *summary) {
	if n, what, ok := w.operation(call); ok {
		switch what {
		case lock, readLock:
			s.take(n, hold{at: pos, read: what == readLock})
		case tryLock:
			s.maybe[n] = hold{at: pos, try: true}
		default:
			if w.release(s, n, deferred) && sum != nil {
				sum.frees[n] = true
			}
		}
		return
	}
	callee := w.callee(call)
	if callee == nil {
		return
	}
	w.apply(s, site{call, callee, pos, deferred}, sum)
}

// A site is a call of a function of the package.
type site struct {
	call     *ssa.CallCommon
	callee   *ssa.Function
	pos      token.Pos
	deferred bool
}

// apply applies what a callee does to s.
func (w *world) apply(s *state, at site, sum *summary) {
	of := w.summary(at.callee)
	if of.busy {
		// A recursive call: nothing that was held is known to be still.
		clear(s.held)
		s.lost = true
		return
	}
	for n := range of.frees {
		if n, ok := w.translate(n, at.call, at.callee); ok {
			if w.release(s, n, at.deferred) && sum != nil {
				sum.frees[n] = true
			}
		} else {
			w.releaseClass(s, classOf(n))
			if sum != nil {
				sum.freesOther[classOf(n)] = true
			}
		}
	}
	for c := range of.freesOther {
		w.releaseClass(s, c)
		if sum != nil {
			sum.freesOther[c] = true
		}
	}
	for n, h := range of.leaves {
		if n, ok := w.translate(n, at.call, at.callee); ok && !isSome(n) {
			s.take(n, hold{at: at.pos, read: h.read})
		}
	}
	for n, h := range of.mayLeave {
		if n, ok := w.translate(n, at.call, at.callee); ok && !isSome(n) {
			if _, known := s.maybe[n]; !known {
				s.maybe[n] = hold{at: at.pos, read: h.read, try: true}
			}
		}
	}
}
