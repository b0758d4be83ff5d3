package build

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/noreturn"
)

// emitCall builds a call and reports whether control went elsewhere.
func (b *builder) emitCall(c *cursor, at key, call *ssa.Call) bool {
	next := at
	next.index++
	return b.invoke(c, at, call, next)
}

// invoke builds the call made by instr (a Call, or a Defer that is run now) and
// goes on at next. It reports whether control went to next through the callee
// or not at all; otherwise the caller continues at c.
func (b *builder) invoke(c *cursor, at key, instr ssa.CallInstruction, next key) bool {
	f, common := at.frame, instr.Common()
	if builtin, ok := common.Value.(*ssa.Builtin); ok {
		return b.invokeBuiltin(c, at, instr, builtin)
	}
	if done, handled := b.invokeModel(c, at, instr, next); handled {
		return done
	}
	if b.emitCallback(c, at, instr) {
		return true
	}
	if callee := calleeObject(common); callee != nil {
		switch b.pkg.NoReturn.Of(callee) {
		case noreturn.Exits:
			c.emit(model.Node{Op: model.Halt}, 0)
			return true
		case noreturn.Goexits:
			b.exitGoroutine(c, at, instr, callee)
			return true
		case noreturn.Panics:
			b.leave(c, key{frame: f, defers: at.defers, env: at.env, mode: panicking})
			return true
		}
	}
	fn, binds := b.callee(f, common)
	if fn != nil && b.inlines(f, fn, common, binds) {
		nf := b.newFrame(frameKey{parent: f, call: instr, defers: at.defers, env: at.env, mode: at.mode}, fn, binds, f, instr)
		if nf != nil {
			nf.parent, nf.owner, nf.depth = f, f.owner, f.depth+1
			nf.ret, nf.panicked = &next, b.panicked
			site := frameCall{f, instr}
			if !slices.Contains(b.activations[site], nf) {
				b.activations[site] = append(b.activations[site], nf)
			}
			b.enterFrame(c, nf)
			c.jump(key{frame: nf, block: fn.Blocks[0], env: at.env})
			return true
		}
	}
	b.unknownCall(c, f, instr)
	return false
}

// calleeObject returns the declared function or interface method of a call.
func calleeObject(common *ssa.CallCommon) *types.Func {
	if common.IsInvoke() {
		return common.Method
	}
	if fn := common.StaticCallee(); fn != nil {
		if obj, ok := fn.Object().(*types.Func); ok {
			return obj
		}
	}
	return nil
}

// callee returns the function called, with the values it captures.
func (b *builder) callee(f *frame, common *ssa.CallCommon) (*ssa.Function, []value) {
	if common.IsInvoke() {
		return b.method(f, common), nil
	}
	if fn, ok := common.Value.(*ssa.Function); ok {
		return origin(fn), nil
	}
	if cl, ok := b.val(f, common.Value).(closure); ok {
		return origin(cl.fn), cl.binds
	}
	return nil, nil
}

// origin returns the function with a body: calls of generic functions reach an
// instance without one.
func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil && fn.Blocks == nil {
		return o
	}
	return fn
}

// inlines reports whether a call is worth following and can be.
func (b *builder) inlines(f *frame, fn *ssa.Function, common *ssa.CallCommon, binds []value) bool {
	if fn.Blocks == nil || f.depth >= b.depth || b.cut[fn] {
		return false
	}
	for g := f; g != nil; g = g.parent {
		if g.fn == fn {
			return false
		}
	}
	relevant := b.relevant(fn)
	if relevant && handsOut(fn.Signature) {
		return true
	}
	deep := relevant || b.callsIndirectly(fn)
	for _, arg := range callArgs(common) {
		if got := b.val(f, arg); b.carries(got, 0) || deep && b.reaches(got, map[address]bool{}) {
			return true
		}
	}
	if len(fn.Blocks) <= smallFunc && (b.takesObject(f, common) || returnsObject(fn)) {
		return true
	}
	for _, v := range binds {
		if b.carries(v, 0) || deep && b.reaches(v, map[address]bool{}) {
			return true
		}
	}
	return false
}

// newFrame returns the frame of fn for a call, made anew or from an earlier
// build. Parameters and captured variables are bound to values of the caller.
func (b *builder) newFrame(k frameKey, fn *ssa.Function, binds []value, caller *frame, instr ssa.CallInstruction) *frame {
	nf, ok := b.frames[k]
	if !ok {
		nf = &frame{fn: fn, call: instr}
		b.frames[k] = nf
	}
	if !ok {
		nf.binds = map[ssa.Value]value{}
		nf.args = map[ssa.Value]frameValue{}
	}
	clear(nf.binds)
	clear(nf.args)
	nf.forget()
	nf.epilogue = nil
	args := callArgs(instr.Common())
	for i, param := range fn.Params {
		if i >= len(args) {
			break
		}
		nf.args[param] = frameValue{caller, args[i]}
		got := b.val(caller, args[i])
		if !types.IsInterface(param.Type()) {
			got = unboxed(got) // the receiver of a method called through an interface
		}
		if known(got) {
			nf.binds[param] = got
		}
	}
	for i, fv := range fn.FreeVars {
		if i < len(binds) && known(binds[i]) {
			nf.binds[fv] = binds[i]
		}
	}
	return nf
}

func known(v value) bool {
	_, ok := v.(unknown)
	return !ok
}

// invokeBuiltin builds a call of a builtin function.
func (b *builder) invokeBuiltin(c *cursor, at key, instr ssa.CallInstruction, builtin *ssa.Builtin) bool {
	f, args := at.frame, instr.Common().Args
	switch builtin.Name() {
	case "close":
		if got, ok := b.chanReg(f, args[0], c.p); ok {
			c.emit(model.Node{Op: model.Close, Ref: got, Tag: b.site(SiteClose, instr, instr.Common().Pos())}, 1)
		}
	case "append":
		if v, ok := instr.(*ssa.Call); !ok || !known(b.val(f, v)) {
			b.emitEscape(c, f, args...)
		}
	case "copy":
		b.emitEscape(c, f, args...)
	case "panic":
		b.leave(c, key{frame: f, defers: at.defers, env: at.env, mode: panicking})
		return true
	case "recover":
		if v, ok := instr.(*ssa.Call); ok {
			n := 0
			if f.panicked {
				n = 1
			}
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(regKey{frame: f, val: v}), Expr: fixed(n)}, 1)
		}
	}
	return false
}

// unknownCall builds a call that is not followed: what it is given escapes, its
// results are unknown.
func (b *builder) unknownCall(c *cursor, f *frame, instr ssa.CallInstruction) {
	common := instr.Common()
	b.emitEscape(c, f, common.Value) // with what a closure captures
	b.emitEscape(c, f, common.Args...)
	v, ok := instr.(*ssa.Call)
	if !ok {
		return
	}
	if b.waitsUnseen(f, common) {
		c.doubt()
	}
	b.emitUnknownInt(c, f, v)
}

// waitsUnseen reports whether a call that is not followed may wait for what other
// goroutines of the model do: it is given a channel that the model has made and
// lost, and a function of the package uses it.
func (b *builder) waitsUnseen(f *frame, common *ssa.CallCommon) bool {
	fn := common.StaticCallee()
	if fn == nil || origin(fn).Blocks == nil || !b.relevant(origin(fn)) {
		return false
	}
	return slices.ContainsFunc(common.Args, func(arg ssa.Value) bool {
		return isChan(arg.Type()) && !b.isForeign(f, arg, 0)
	})
}

// callResult returns what is known about result i of a call.
func (b *builder) callResult(f *frame, call *ssa.Call, i int) value {
	if got, ok := b.modelResult(f, call, i); ok {
		return got
	}
	if builtin, ok := call.Call.Value.(*ssa.Builtin); ok {
		switch builtin.Name() {
		case "recover":
			return integer{regKey{frame: f, val: call}}
		case "append":
			return b.resolveAppend(f, call)
		}
		return unknown{}
	}
	fn, binds := b.callee(f, &call.Call)
	if fn == nil || !b.inlines(f, fn, &call.Call, binds) {
		return unknown{}
	}
	t := fn.Signature.Results().At(i).Type()
	switch {
	case isChan(t):
		if k := resultReg(f, call, i); !b.poisoned[k] {
			return ref{k}
		}
		return unknown{}
	case tracksInt(t):
		return integer{resultReg(f, call, i)}
	}
	return b.staticResult(f, call, fn, i)
}

func resultReg(f *frame, call ssa.CallInstruction, i int) regKey {
	v, _ := call.(*ssa.Call)
	return regKey{frame: f, val: v, path: "ret" + string(rune('0'+i))}
}

// staticResult returns the pointer, function or struct that an inlined call
// returns, if all its returns but those of nil agree.
func (b *builder) staticResult(f *frame, call *ssa.Call, fn *ssa.Function, i int) value {
	var found ssa.Value
	for _, blk := range fn.Blocks {
		ret, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) || blk == fn.Recover {
			continue // after a recovered panic: what has been stored by then, or nil
		}
		r := ret.Results[i]
		if isNil(r) || r == found {
			continue
		}
		if found != nil {
			return unknown{}
		}
		found = r
	}
	if found == nil {
		return unknown{}
	}
	site := frameCall{f, call}
	nfs := b.activations[site]
	if len(nfs) == 0 {
		nfs = b.before[site]
	}
	if len(nfs) != 1 {
		return unknown{} // one of several
	}
	return b.val(nfs[0], found)
}

// A frameCall is a call instruction in a frame.
type frameCall struct {
	frame *frame
	call  ssa.CallInstruction
}
