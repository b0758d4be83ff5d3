package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// A callback is what a library function calls of the package: a method of an
// argument or the argument itself, once, or once at least and then any number of
// times.
type callback struct {
	arg    int
	method string // "" for the argument itself
	// unless is a method that is called instead if the argument has it.
	unless string
	once   bool
	// shares: another call that runs at the same time may do it for this one.
	shares bool
}

// callbacks are the library functions that are known to call back, by the
// documentation of their packages.
var callbacks = map[string]callback{
	"io.ReadFull":    {arg: 0, method: "Read"},
	"io.ReadAtLeast": {arg: 0, method: "Read"},
	"io.ReadAll":     {arg: 0, method: "Read"},
	"io.Copy":        {arg: 1, method: "Read", unless: "WriteTo"},
	"io.CopyBuffer":  {arg: 1, method: "Read", unless: "WriteTo"},
	"io.CopyN":       {arg: 1, method: "Read"},
	"io.WriteString": {arg: 0, method: "Write", unless: "WriteString", once: true},
	"fmt.Fprint":     {arg: 0, method: "Write", once: true},
	"fmt.Fprintf":    {arg: 0, method: "Write", once: true},
	"fmt.Fprintln":   {arg: 0, method: "Write", once: true},

	"github.com/cenkalti/backoff/v4.Retry": {arg: 0},
	"github.com/cenkalti/backoff/v5.Retry": {arg: 1},

	singleflight + "Group.Do": {arg: 2, once: true, shares: true},
}

// callsBack returns the method that a call of a library function reaches in the
// package, and what it is called on; or the function, and what it captures.
func (b *builder) callsBack(f *frame, common *ssa.CallCommon) (fn *ssa.Function, recv value) {
	cb, ok := callbacks[libraryName(common)]
	if !ok || cb.arg >= len(common.Args) {
		return nil, nil
	}
	recv = b.val(f, common.Args[cb.arg])
	if cb.method == "" {
		cl, ok := recv.(closure)
		if !ok || origin(cl.fn).Blocks == nil || !b.relevant(origin(cl.fn)) {
			return nil, nil
		}
		return origin(cl.fn), cl
	}
	t := dynamicType(recv)
	if t == nil {
		return nil, nil
	}
	methods := b.pkg.SSA.Prog.MethodSets.MethodSet(t)
	lookup := func(name string) *types.Selection {
		if name == "" {
			return nil
		}
		return methods.Lookup(nil, name)
	}
	sel := lookup(cb.method)
	if sel == nil || lookup(cb.unless) != nil {
		return nil, nil
	}
	fn = b.pkg.SSA.Prog.MethodValue(sel)
	if fn == nil || fn.Blocks == nil || !b.relevant(fn) || len(fn.Params) == 0 {
		return nil, nil
	}
	return fn, unboxed(recv)
}

// emitCallback builds the first call that a library function makes back. When it
// has returned, control comes back to the instruction, see repeatCallback.
func (b *builder) emitCallback(c *cursor, at key, instr ssa.CallInstruction) bool {
	f := at.frame
	call, ok := instr.(*ssa.Call)
	if !ok || f.depth >= b.depth {
		return false
	}
	fn, recv := b.callsBack(f, &call.Call)
	if fn == nil {
		return false
	}
	for g := f; g != nil; g = g.parent {
		if g.fn == fn {
			return false
		}
	}
	var binds []value
	if cl, ok := recv.(closure); ok {
		binds = cl.binds
	}
	nf := b.newFrame(frameKey{parent: f, call: call, defers: at.defers, env: at.env, mode: at.mode}, fn, binds, f, call)
	clear(nf.args)
	for _, param := range fn.Params {
		delete(nf.binds, param)
	}
	back := at
	cb := callbacks[libraryName(&call.Call)]
	if cb.method != "" {
		nf.binds[fn.Params[0]] = recv
	}
	if cb.once {
		back.index++
	} else {
		back.again = true
	}
	b.emitUnknownInt(c, f, call)
	if cb.shares {
		run, shared := b.choose(c, model.Flag, regKey{frame: f, val: call, path: "paid"})
		shared.doubt()
		shared.jump(back)
		c.join(run)
	}
	nf.parent, nf.owner, nf.depth, nf.ret = f, f.owner, f.depth+1, &back
	b.enterFrame(c, nf)
	c.jump(key{frame: nf, block: fn.Blocks[0], env: at.env})
	return true
}

// repeatCallback goes on after a call back: whether another one follows depends on
// what it has returned, so that nothing after it is proved.
func (b *builder) repeatCallback(c *cursor, at key) {
	c.doubt()
	n := c.emit(model.Node{Op: model.Choose}, 2)
	again, done := c.branch(n, 0), c.branch(n, 1)
	c.holes = nil
	at.again = false
	next := at
	next.index++
	again.jump(at)
	done.jump(next)
}
