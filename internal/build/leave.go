package build

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// runDefers runs the deferred calls that are pending at a RunDefers, one at a
// time: each returns to this instruction with one less.
func (b *builder) runDefers(c *cursor, at key) bool {
	if at.defers == nil {
		return false
	}
	next := at
	next.defers = at.defers.next
	if !b.invoke(c, next, at.defers.call, next) {
		c.jump(next)
	}
	return true
}

// leave unwinds the goroutine from k's frame.
func (b *builder) leave(c *cursor, k key) {
	k.block, k.index = nil, 0
	c.jump(k)
}

// exitGoroutine builds a call that runs the deferred calls of the goroutine and
// ends it.
func (b *builder) exitGoroutine(c *cursor, at key, instr ssa.CallInstruction, callee *types.Func) {
	if name := callee.Name(); name != "Goexit" && name[0] != 'S' {
		if b.failTest(c, instr, SiteFailure) {
			return
		}
	}
	b.leave(c, key{frame: at.frame, defers: at.defers, env: at.env, mode: goexiting})
}

// failTest builds a call by which a test fails. It reports whether everything ends
// there, because what happens after it is not followed.
func (b *builder) failTest(c *cursor, instr ssa.CallInstruction, kind SiteKind) bool {
	b.fails = true
	if !b.likely {
		c.emit(model.Node{Op: model.Halt}, 0)
		return true
	}
	// Nothing but its tag, by which a witness shows that it has come by.
	c.emit(model.Node{Op: model.Choose, Tag: b.site(kind, instr, instr.Common().Pos())}, 1)
	return false
}

// unwind runs the next deferred call of a frame that is being left, or leaves
// it.
func (b *builder) unwind(c *cursor, k key) {
	if k.defers != nil {
		next := k
		next.defers = k.defers.next
		if k.mode == panicking && b.recovers(k.frame, k.defers.call) {
			next.mode = recovering
		}
		b.panicked = k.mode == panicking
		done := b.invoke(c, next, k.defers.call, next)
		b.panicked = false
		if !done {
			c.jump(next)
		}
		return
	}
	f := k.frame
	if k.mode == recovering {
		if f.fn.Recover != nil {
			c.jump(key{frame: f, block: f.fn.Recover, env: k.env})
			return
		}
		b.epilogue(c, f)
		b.returnTo(c, f, k.env)
		return
	}
	b.epilogue(c, f)
	switch {
	case f.subtest && k.mode == goexiting:
		b.returnTo(c, f, k.env)
	case f.parent != nil:
		c.jump(key{frame: f.parent, defers: f.ret.defers, env: k.env, mode: k.mode})
	case k.mode == panicking:
		c.emit(model.Node{Op: model.Halt}, 0)
	default:
		c.emit(model.Node{Op: model.End}, 0)
	}
}

// recovers reports whether a deferred call stops a panic.
func (b *builder) recovers(f *frame, d *ssa.Defer) bool {
	fn, _ := b.callee(f, &d.Call)
	if fn == nil {
		return false
	}
	return callsRecover(fn)
}

// Recovers reports whether fn defers a function literal that calls recover.
func Recovers(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.AnonFuncs, callsRecover)
}

func callsRecover(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if builtin, ok := call.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// emitReturn assigns the results and returns to the caller, or ends the
// goroutine. What the root returns escapes.
func (b *builder) emitReturn(c *cursor, at key, ret *ssa.Return) {
	f := at.frame
	switch {
	case f.parent != nil:
		for i, r := range ret.Results {
			if v, ok := f.call.(*ssa.Call); ok {
				k := resultReg(f.parent, v, i)
				switch {
				case isChan(r.Type()) && b.poisoned[k]:
					b.emitEscape(c, f, r)
				case isChan(r.Type()):
					b.setRef(c, k, b.val(f, r))
				case tracksInt(r.Type()):
					b.setInt(c, f, k, r)
				case !known(b.callResult(f.parent, v, i)):
					b.emitEscape(c, f, r)
				}
			}
		}
	case f.fn == b.root && f.owner == b.rootFrame:
		b.emitEscape(c, f, ret.Results...)
	}
	b.epilogue(c, f)
	c.tagNext = b.site(SiteReturn, ret, ret.Pos())
	b.returnTo(c, f, at.env)
}

// returnTo goes on in the caller, or ends the goroutine.
func (b *builder) returnTo(c *cursor, f *frame, e *env) {
	if f.parent == nil {
		c.emit(model.Node{Op: model.End, Tag: c.tagNext}, 0)
		c.tagNext = 0
		return
	}
	back := *f.ret
	back.env = e
	c.jump(back)
}

func (b *builder) epilogue(c *cursor, f *frame) {
	for _, e := range f.epilogue {
		if e.op == model.Recv {
			b.leaveGroup(c, e.reg)
			continue
		}
		c.emit(model.Node{Op: e.op, Ref: c.p.refReg(e.reg), Expr: fixed(e.n)}, 1)
	}
}

// emitPanic builds a panic. The one that go/ssa puts behind a call that does
// not return is no panic of the program: control does not get there.
func (b *builder) emitPanic(c *cursor, at key, v *ssa.Panic) {
	if isNoReturn(v) {
		c.emit(model.Node{Op: model.Halt}, 0)
		return
	}
	b.leave(c, key{frame: at.frame, defers: at.defers, env: at.env, mode: panicking})
}

func isNoReturn(v *ssa.Panic) bool {
	mi, ok := v.X.(*ssa.MakeInterface)
	var x ssa.Value = v.X
	if ok {
		x = mi.X
	}
	k, ok := x.(*ssa.Const)
	return ok && !v.Pos().IsValid() && k.Value != nil && k.Value.Kind() == constant.String
}
