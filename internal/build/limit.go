package build

import (
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// What bounds how many goroutines go on at once is a channel with that capacity: a
// send takes a place, a receive gives it back. It has no tag: what blocks on it
// waits for the goroutines that hold the places, and those are at fault.

const (
	semaphore    = "golang.org/x/sync/semaphore."
	singleflight = "golang.org/x/sync/singleflight."
)

// weighted is a semaphore.Weighted of which each holder takes one.
type weighted struct{ places regKey }

func (weighted) isValue() {}

// newWeighted returns the semaphore that a call of NewWeighted makes, if its size
// is a constant and it is one and not many.
func (b *builder) newWeighted(f *frame, call *ssa.Call) (value, bool) {
	k := regKey{frame: f, val: call, path: "places"}
	n, ok := b.val(f, call.Call.Args[0]).(literal)
	if !ok || n < 1 || b.poisoned[k] || b.repeats(&object{frame: f, val: call}) {
		return nil, false
	}
	return weighted{k}, true
}

// emitWeighted builds a call of package semaphore; it reports whether it did.
func (b *builder) emitWeighted(c *cursor, f *frame, instr ssa.CallInstruction, name string) bool {
	args := instr.Common().Args
	if name == semaphore+"NewWeighted" {
		v, ok := instr.(*ssa.Call)
		if !ok {
			return false
		}
		sem, ok := b.val(f, v).(weighted)
		if ok {
			n, _ := b.val(f, args[0]).(literal)
			c.emit(model.Node{Op: model.Make, Prim: model.Chan, Dst: c.p.refReg(sem.places), Expr: fixed(int(n))}, 1)
		}
		return ok
	}
	sem, ok := b.val(f, args[0]).(weighted)
	if !ok {
		return false
	}
	if n, ok := b.val(f, args[len(args)-1]).(literal); !ok || n != 1 {
		b.poison(sem.places)
		return false
	}
	places := c.p.refReg(sem.places)
	switch name {
	case semaphore + "Weighted.Acquire":
		b.emitAcquire(c, f, instr, places)
	case semaphore + "Weighted.TryAcquire":
		got, none := b.takePlace(c, places)
		b.setResult(got, f, instr, 1)
		b.setResult(none, f, instr, 0)
		c.join(got, none)
	case semaphore + "Weighted.Release":
		given, none := b.givePlace(c, places)
		none.emit(model.Node{Op: model.Halt}, 0) // it panics
		c.join(given)
	}
	return true
}

// emitAcquire builds Acquire: it blocks until there is a place or the context ends,
// which its result tells.
func (b *builder) emitAcquire(c *cursor, f *frame, instr ssa.CallInstruction, places int) {
	ctx := instr.Common().Args[1]
	n := model.Node{Op: model.Select, Cases: []model.Case{{Send: true, Ref: places}}}
	switch got := b.val(f, ctx).(type) {
	case background:
	case contextValue:
		n.Cases = append(n.Cases, model.Case{Ref: c.p.refReg(got.done)})
	default:
		n.Cases = append(n.Cases, model.Case{Env: true})
	}
	id := c.emit(n, len(n.Cases))
	c.holes = nil
	got := c.branch(id, 0)
	b.setResult(got, f, instr, 0)
	if len(n.Cases) == 1 {
		c.join(got)
		return
	}
	ended := c.branch(id, 1)
	if n.Cases[1].Env {
		if !b.isForeign(f, ctx, 0) {
			ended.doubt() // who ends it is in the program, and not followed
		}
	} else {
		c.p.nodes[id].Cases[1].Closed = ended.emit(model.Node{Op: model.Choose}, 1)
	}
	b.setResult(ended, f, instr, 1)
	c.join(got, ended)
}

// takePlace takes a place if there is one.
func (b *builder) takePlace(c *cursor, places int) (taken, none *cursor) {
	return c.fork(model.Node{Op: model.Select, Default: true, Cases: []model.Case{{Send: true, Ref: places}}})
}

// givePlace gives a place back if one is taken.
func (b *builder) givePlace(c *cursor, places int) (given, none *cursor) {
	id := c.emit(model.Node{Op: model.Select, Default: true, Cases: []model.Case{{Ref: places}}}, 2)
	given, none = c.branch(id, 0), c.branch(id, 1)
	c.holes = nil
	c.p.nodes[id].Cases[0].Closed = given.emit(model.Node{Op: model.Choose}, 1)
	return given, none
}

// setResult assigns the flag or error that a call returns.
func (b *builder) setResult(c *cursor, f *frame, instr ssa.CallInstruction, n int) {
	v, ok := instr.(*ssa.Call)
	if !ok {
		return
	}
	k := regKey{frame: f, val: v}
	if got, ok := b.val(f, v).(integer); ok && got.reg == k {
		c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k), Expr: fixed(n)}, 1)
	}
}

// limitOf names the register of the places that an errgroup.Group has for active
// goroutines; nil if it has no limit.
func limitOf(group regKey) regKey { return part(group, "limit") }

// emitSetLimit builds SetLimit with a constant, and has the model built anew with
// the limit. Any other limit gives the root up.
func (b *builder) emitSetLimit(c *cursor, f *frame, instr ssa.CallInstruction) {
	args := instr.Common().Args
	k, ok := b.primReg(f, args[0])
	if !ok {
		return
	}
	limit := limitOf(k)
	n, ok := b.val(f, args[1]).(literal)
	if !ok || b.poisoned[limit] || b.hoisted[k.obj] {
		b.fail(instr.Pos(), "errgroup.Group.SetLimit is not followed here")
		return
	}
	if !b.limited[k] {
		b.limited[k] = true
		b.again = true
	}
	if n < 0 {
		c.emit(model.Node{Op: model.Clear, Dst: c.p.refReg(limit)}, 1)
		return
	}
	c.emit(model.Node{Op: model.Make, Prim: model.Chan, Dst: c.p.refReg(limit), Expr: fixed(int(n))}, 1)
}

// enterGroup waits for a place in a group with a limit, or with try set goes to none
// if there is no place. It returns what the goroutine does at its end.
func (b *builder) enterGroup(c *cursor, group regKey, try bool) (end []epilogue, none *cursor) {
	none = &cursor{p: c.p}
	if !b.limited[group] {
		return nil, none
	}
	places := c.p.refReg(limitOf(group))
	free, bound := c.fork(model.Node{Op: model.IsNil, Ref: places})
	if try {
		bound, none = b.takePlace(bound, places)
	} else {
		bound.emit(model.Node{Op: model.Send, Ref: places}, 1)
	}
	c.join(free, bound)
	return []epilogue{{op: model.Recv, reg: limitOf(group)}}, none
}

// leaveGroup gives the place back that a goroutine of a group holds, if the group
// has a limit.
func (b *builder) leaveGroup(c *cursor, limit regKey) {
	places := c.p.refReg(limit)
	free, bound := c.fork(model.Node{Op: model.IsNil, Ref: places})
	given, none := b.givePlace(bound, places)
	c.join(free, given, none)
}
