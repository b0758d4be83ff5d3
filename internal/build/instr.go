package build

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// instrs builds the instructions of k's block from k's index on.
func (b *builder) instrs(c *cursor, k key) {
	instrs := k.block.Instrs
	if k.again {
		b.repeatCallback(c, k)
		return
	}
	for i := k.index; i < len(instrs); i++ {
		if len(c.holes) == 0 || b.failed != nil {
			return
		}
		at := key{frame: k.frame, block: k.block, index: i, defers: k.defers, env: k.env}
		b.at = instrs[i]
		ordered := !b.orderLost
		done := b.instr(c, at, instrs[i])
		if ordered && b.orderLost {
			b.escaped(true)
		}
		if done {
			return
		}
		k.env = b.after(k.env, k.frame, instrs[i])
		if d, ok := instrs[i].(*ssa.Defer); ok && b.deferMatters(k.frame, d) {
			stack, ok := b.pushDefer(k.defers, d)
			if !ok {
				b.fail(d.Pos(), "too many deferred calls to follow")
				return
			}
			k.defers = stack
		}
	}
}

// deferMatters reports whether a deferred call does anything that the model
// records.
func (b *builder) deferMatters(f *frame, d *ssa.Defer) bool {
	if _, ok := d.Call.Value.(*ssa.Builtin); ok {
		return true
	}
	if fn, binds := b.callee(f, &d.Call); fn != nil && (b.relevant(fn) || b.recovers(f, d) || b.inlines(f, fn, &d.Call, binds)) {
		return true
	}
	if b.carries(b.val(f, d.Call.Value), 0) {
		return true
	}
	for _, arg := range d.Call.Args {
		if got := b.val(f, arg); b.carries(got, 0) || b.hasCells(got) {
			return true
		}
	}
	if callee := calleeObject(&d.Call); callee != nil {
		return b.pkg.NoReturn.NoReturn(callee)
	}
	return false
}

// instr builds one instruction and reports whether control has left the block.
func (b *builder) instr(c *cursor, at key, instr ssa.Instruction) bool {
	f := at.frame
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		b.emitMakeChan(c, f, instr)
	case *ssa.Alloc:
		b.emitAlloc(c, f, instr)
	case *ssa.Store:
		b.emitStore(c, f, instr)
	case *ssa.UnOp:
		b.emitUnOp(c, at, instr)
	case *ssa.Send:
		b.emitSend(c, f, instr)
	case *ssa.Select:
		b.emitSelect(c, f, instr)
	case *ssa.BinOp, *ssa.Extract, *ssa.Field:
		b.emitUnknownInt(c, f, instr.(ssa.Value))
	case *ssa.Call:
		return b.emitCall(c, at, instr)
	case *ssa.Go:
		b.emitGo(c, at, instr)
	case *ssa.RunDefers:
		return b.runDefers(c, at)
	case *ssa.Return:
		b.emitReturn(c, at, instr)
		return true
	case *ssa.Panic:
		b.emitPanic(c, at, instr)
		return true
	case *ssa.Jump:
		b.edge(c, at, 0)
		return true
	case *ssa.If:
		b.emitIf(c, at, instr)
		return true
	case *ssa.MakeInterface:
		b.escapeUnlessError(c, f, instr)
	case *ssa.MapUpdate:
		b.emitEscape(c, f, instr.Key, instr.Value)
	case *ssa.TypeAssert:
		b.emitAssert(c, f, instr)
	case *ssa.Lookup, *ssa.Index, *ssa.Next:
		b.emitUnknownInt(c, f, instr.(ssa.Value))
	case *ssa.MakeSlice:
		b.emitMakeSlice(c, f, instr)
	case *ssa.IndexAddr:
		b.escapeUnlessKnown(c, f, instr, instr.X)
	case *ssa.Slice:
		b.escapeUnlessKnown(c, f, instr, instr.X)
	case *ssa.MakeClosure, *ssa.Defer, *ssa.Phi, *ssa.FieldAddr, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.DebugRef,
		*ssa.MakeMap, *ssa.Range:
	default:
		b.escapeOperands(c, f, instr)
	}
	return false
}

func (b *builder) emitMakeChan(c *cursor, f *frame, v *ssa.MakeChan) {
	k := regKey{frame: f, val: v}
	if b.poisoned[k] {
		return
	}
	c.emit(model.Node{
		Op: model.Make, Prim: model.Chan, Dst: c.p.refReg(k), Expr: b.capacity(f, v.Size),
		Tag: b.site(SiteMake, v, v.Pos()),
	}, 1)
}

// emitAlloc makes the primitives that live in the variable and clears its
// channels. Pruning drops those that are not used.
func (b *builder) emitAlloc(c *cursor, f *frame, v *ssa.Alloc) {
	at := address{obj: b.object(f, v, nil)}
	b.clearPointers(c, v, at)
	if onlyStore(v) != nil {
		return // a copy: see original
	}
	b.clearCells(c, at, v)
	b.clearCounts(c, at, pointee(v.Type()), true)
}

// emitMakeSlice makes the primitives that live in the elements of a new slice.
func (b *builder) emitMakeSlice(c *cursor, f *frame, v *ssa.MakeSlice) {
	if l, ok := b.val(f, v).(list); ok && l.seq != nil {
		b.clearCells(c, address{obj: l.seq.last.obj}, v)
	}
}

// clearCells makes the primitives of a new object and clears its channels.
func (b *builder) clearCells(c *cursor, at address, v ssa.Instruction) {
	primCells(at.obj.typeOf(), "", 3, func(path string, t types.Type) {
		k := cellKey(address{at.obj, path})
		switch {
		case b.poisoned[k], b.makeCell(c, k):
		case isChan(t):
			c.p.fresh[c.emit(model.Node{Op: model.Clear, Dst: c.p.refReg(k)}, 1)] = !b.hoisted[k.obj]
		case tracksInt(t):
			c.p.fresh[c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k)}, 1)] = !b.hoisted[k.obj]
		default:
			b.emitMakePrim(c, k, primOf(t), b.site(SiteMake, v, v.Pos()))
		}
	})
}

func (b *builder) emitMakePrim(c *cursor, k regKey, prim syncPrim, tag int) {
	kinds := map[syncPrim]model.Prim{waitGroup: model.WaitGroup, errGroup: model.WaitGroup, mutex: model.Mutex, once: model.Once}
	if b.hoisted[k.obj] {
		b.hoistPrim(k, kinds[prim], prim, tag)
		return
	}
	if prim == condVar {
		b.emitMakeCond(c, cond{key: k}, tag)
		return
	}
	if b.limited[k] {
		c.p.fresh[c.emit(model.Node{Op: model.Clear, Dst: c.p.refReg(limitOf(k))}, 1)] = true
	}
	if kind, ok := kinds[prim]; ok {
		c.p.fresh[c.emit(model.Node{Op: model.Make, Prim: kind, Dst: c.p.refReg(k), Tag: tag}, 1)] = true
	}
}

func (b *builder) emitUnOp(c *cursor, at key, v *ssa.UnOp) {
	switch v.Op {
	case token.MUL:
		b.emitLoad(c, at, v)
	case token.ARROW:
		b.emitReceive(c, at.frame, v)
	}
}

// emitLoad snapshots a channel variable: it may be assigned before the loaded
// value is used.
func (b *builder) emitLoad(c *cursor, at key, v *ssa.UnOp) {
	f := at.frame
	a, ok := b.val(f, v.X).(address)
	if !ok {
		b.emitUnknownInt(c, f, v)
		return
	}
	b.loadCount(c, f, b.original(a), v)
	if followsSlice(v.Type()) {
		b.loadSlice(c, f, b.original(a), v, at.env)
		return
	}
	k := cellKey(b.original(a))
	if b.loadShared(c, f, b.original(a), v) {
		return
	}
	if isChan(v.Type()) {
		if _, ok := b.val(f, v).(ref); ok {
			c.emit(model.Node{Op: model.Copy, Ref: c.p.refReg(k), Dst: c.p.refReg(regKey{frame: f, val: v})}, 1)
		}
		return
	}
	if a = b.original(a); b.tracksNil(a, v.Type()) && known(b.val(f, v)) {
		c.p.intReg(nilKey(a)) // see poisonRaces
	}
	b.emitUnknownInt(c, f, v)
}

// emitUnknownInt sets the register of a boolean or error about which nothing
// is known, so that all branches on it agree.
func (b *builder) emitUnknownInt(c *cursor, f *frame, v ssa.Value) {
	k := regKey{frame: f, val: v}
	if got, ok := b.val(f, v).(integer); ok && got.reg == k {
		c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k), Expr: fixed(b.provenance(f, v, 0))}, 1)
	}
}

// edge follows successor s of at's block, assigning the phis and loop counters
// of the target.
func (b *builder) edge(c *cursor, at key, s int) {
	from, to := at.block, at.block.Succs[s]
	pred := predIndex(from, to, s)
	if f := b.iterationOf(at.frame, to, pred); f != nil {
		b.bindPhis(c, at.frame, f, to, pred)
		c.jump(key{frame: f, block: to, defers: at.defers, env: at.env})
		return
	}
	back := b.backTo(at.frame, to)
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		switch got := b.val(back, phi).(type) {
		case ref:
			if got.reg == (regKey{frame: back, val: phi}) {
				b.setRef(c, got.reg, b.val(at.frame, phi.Edges[pred]))
			}
		case integer:
			if got.reg == (regKey{frame: back, val: phi}) {
				b.setInt(c, at.frame, got.reg, phi.Edges[pred])
			}
		case unknown:
			b.emitEscape(c, at.frame, phi.Edges[pred]) // one of several functions or objects
		}
	}
	b.enterLoops(c, back, from, to)
	c.jump(key{frame: back, block: to, defers: at.defers, env: at.env})
}

// predIndex returns the index of the edge from.Succs[s] in to.Preds. Both
// successors of a branch may be the same block.
func predIndex(from, to *ssa.BasicBlock, s int) int {
	nth := 0
	for i := range s {
		if from.Succs[i] == to {
			nth++
		}
	}
	for i, p := range to.Preds {
		if p == from {
			if nth == 0 {
				return i
			}
			nth--
		}
	}
	return 0
}
