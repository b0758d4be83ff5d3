package build

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// condOf returns the condition variable that a call of sync.NewCond makes, if
// its lock is a mutex of the model.
func (b *builder) condOf(f *frame, call ssa.CallInstruction) (cond, bool) {
	lock, ok := b.mutexAt(b.val(f, call.Common().Args[0]))
	v, isCall := call.(*ssa.Call)
	return cond{lock, regKey{frame: f, val: v, path: "cond"}}, ok && isCall
}

// mutexAt returns the register of the mutex that v points to.
func (b *builder) mutexAt(v value) (regKey, bool) {
	a, ok := v.(address)
	if !ok {
		return regKey{}, false
	}
	a = b.original(a)
	return cellKey(a), primOf(elemOf(a)) == mutex
}

// condAt returns the condition variable that a method is called on.
func (b *builder) condAt(f *frame, recv ssa.Value) (cond, bool) {
	switch got := b.val(f, recv).(type) {
	case cond:
		return got, !b.poisoned[got.lock]
	case address:
		got = b.original(got)
		st, ok := elemOf(got).Underlying().(*types.Struct)
		if !ok {
			return cond{}, false
		}
		for i := range st.NumFields() {
			if st.Field(i).Name() == "L" {
				k, ok := b.mutexAt(b.stored(b.field(got, i)))
				return cond{k, cellKey(got)}, ok && !b.poisoned[k]
			}
		}
	}
	return cond{}, false
}

// condLock returns the mutex of a condition variable if addr is its field L.
func (b *builder) condLock(f *frame, addr ssa.Value) (address, bool) {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok || fieldOf(fa).Name() != "L" {
		return address{}, false
	}
	v, ok := b.val(f, fa.X).(cond)
	return address{v.lock.obj, v.lock.path}, ok
}

// A condition variable is two channels that never fill: the tickets of those who
// wait, and the grants of those who were woken. A ticket is there before the
// lock is given up, so that no signal after that is lost, as package sync
// documents.
func tickets(c cond) regKey { return part(c.key, "tickets") }

func grants(c cond) regKey { return part(c.key, "grants") }

func part(k regKey, name string) regKey {
	k.path += name
	return k
}

// emitMakeCond makes the channels of a condition variable.
func (b *builder) emitMakeCond(c *cursor, v cond, tag int) {
	for _, k := range []regKey{tickets(v), grants(v)} {
		c.p.fresh[c.emit(model.Node{Op: model.Make, Prim: model.Chan, Dst: c.p.refReg(k), Expr: fixed(-1), Tag: tag}, 1)] = true
	}
}

// emitCondWait builds Cond.Wait: it gives up the lock, is woken, and takes the
// lock again. If not everybody is known who may wake it, or it waits for a condition,
// it is woken at any time or never, and what happens after that proves nothing:
// it only shows what is still possible.
func (b *builder) emitCondWait(c *cursor, f *frame, instr ssa.CallInstruction) {
	v, ok := b.condAt(f, instr.Common().Args[0])
	exact := ok && !b.poisoned[v.key] && !b.mayLeaveLoop(instr)
	if exact {
		c.emit(model.Node{Op: model.Send, Ref: c.p.refReg(tickets(v))}, 1)
	}
	if ok {
		c.emit(model.Node{Op: model.Unlock, Ref: c.p.refReg(v.lock)}, 1)
	}
	if exact {
		n := c.emit(model.Node{Op: model.Recv, Ref: c.p.refReg(grants(v)), Tag: b.site(SiteWait, instr, instr.Pos())}, 2)
		c.holes = []hole{{n, 0}, {n, 1}}
	} else {
		c.emit(model.Node{Op: model.Select, Cases: []model.Case{{Env: true}}}, 1)
		c.doubt()
	}
	if ok {
		c.emit(model.Node{Op: model.Lock, Ref: c.p.refReg(v.lock), Tag: b.site(SiteLock, instr, instr.Pos())}, 1)
	}
}

// mayLeaveLoop reports whether instr is in a loop that ends at some time: the
// wait then depends on a condition that others make true under the lock.
func (b *builder) mayLeaveLoop(instr ssa.Instruction) bool {
	blk := instr.Block()
	for _, body := range b.loopsIn(blk.Parent()) {
		if !body[blk] {
			continue
		}
		for inside := range body {
			for i, s := range inside.Succs {
				if !body[s] && !neverTaken(inside, i) {
					return true
				}
			}
		}
	}
	return false
}

// neverTaken reports whether a constant condition rules out successor i of the block.
func neverTaken(blk *ssa.BasicBlock, i int) bool {
	test, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	k, ok := test.Cond.(*ssa.Const)
	return ok && k.Value != nil && constant.BoolVal(k.Value) == (i == 1)
}

// sleeps reports whether fn calls time.Sleep: what it signals then, it signals when
// it believes the others to wait.
func sleeps(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if call, ok := instr.(*ssa.Call); ok && libraryName(&call.Call) == "time.Sleep" {
				return true
			}
		}
	}
	return false
}

// emitSignal builds Cond.Signal, or Cond.Broadcast if all is set: it grants one
// ticket, or all there are.
func (b *builder) emitSignal(c *cursor, f *frame, instr ssa.CallInstruction, all bool) {
	v, ok := b.condAt(f, instr.Common().Args[0])
	if !ok || b.poisoned[v.key] {
		return // see emitCondWait
	}
	if sleeps(instr.Parent()) {
		b.poison(v.key)
		return
	}
	id := c.emit(model.Node{Op: model.Select, Default: true, Cases: []model.Case{{Ref: c.p.refReg(tickets(v))}}}, 2)
	grant, none := c.branch(id, 0), c.branch(id, 1)
	c.holes = nil
	send := grant.emit(model.Node{Op: model.Send, Ref: c.p.refReg(grants(v))}, 1)
	c.p.nodes[id].Cases[0].Closed = send
	if all {
		grant.fill(id)
	}
	c.join(grant, none)
}

// IsCond reports whether the operation is one of a condition variable.
func (s Site) IsCond() bool {
	call, ok := s.Instr.(ssa.CallInstruction)
	return ok && libraryName(call.Common()) == "sync.Cond.Wait"
}
