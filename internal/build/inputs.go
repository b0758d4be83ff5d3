package build

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// takesInput reports whether fn can be called in different ways: with arguments,
// or as the main function of a program. The channels that a function without input, a
// test for example, waits for are its own, but for timers and the like.
func takesInput(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, param := range fn.Params {
			if !isTesting(param.Type()) {
				return true
			}
		}
		if fn.Parent() == nil && fn.Name() == "main" {
			return true
		}
	}
	return false
}

// isTesting reports whether t is what a test function is given.
func isTesting(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "testing"
}

// isForeign reports whether a channel or context comes from outside of what the root
// starts, so that the environment decides what happens to it: timers, signals,
// what other packages return, and what the root was given.
func (b *builder) isForeign(f *frame, v ssa.Value, depth int) bool {
	if depth > maxProvenance {
		return b.open
	}
	f = f.home(v)
	if got, ok := f.foreign[v]; ok {
		return got
	}
	f.foreign[v] = true // if it depends on itself
	got := b.comesFromOutside(f, v, depth)
	f.foreign[v] = got
	return got
}

func (b *builder) comesFromOutside(f *frame, v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.MakeChan:
		return b.handedAway(v, 0)
	case *ssa.Const, *ssa.Alloc:
		return false
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok {
			return b.isForeign(arg.frame, arg.val, depth+1)
		}
	case *ssa.Call:
		return b.isForeignCall(f, v, depth)
	case *ssa.Extract:
		return b.isForeign(f, v.Tuple, depth+1)
	case *ssa.Field:
		return b.isForeign(f, v.X, depth+1)
	case *ssa.ChangeType:
		return b.isForeign(f, v.X, depth+1)
	case *ssa.ChangeInterface:
		return b.isForeign(f, v.X, depth+1)
	case *ssa.MakeInterface:
		return b.isForeign(f, v.X, depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if isNil(e) {
				continue
			}
			if !b.isForeign(f, e, depth+1) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return b.isForeignVariable(f, v.X, depth)
		}
	}
	return b.open
}

// handedAway reports whether a channel is an argument of a function of another
// package, such as signal.Notify.
func (b *builder) handedAway(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.ChangeType:
			if b.handedAway(r, depth+1) {
				return true
			}
		case *ssa.Store:
			if alloc, ok := r.Addr.(*ssa.Alloc); ok && b.handedAway(alloc, depth+1) {
				return true
			}
		case *ssa.UnOp:
			if r.Op == token.MUL && b.handedAway(r, depth+1) {
				return true
			}
		case ssa.CallInstruction:
			callee := calleeObject(r.Common())
			if callee != nil && callee.Pkg() != nil && callee.Pkg() != b.pkg.SSA.Pkg {
				return true
			}
		}
	}
	return false
}

// isForeignCall is isForeign for the result of a call.
func (b *builder) isForeignCall(f *frame, call *ssa.Call, depth int) bool {
	callee := calleeObject(&call.Call)
	switch {
	case callee == nil || callee.Pkg() == nil:
		return b.open
	case callee.Pkg().Path() == "context" && callee.Name() == "Done":
		return b.isForeign(f, call.Call.Value, depth+1)
	case callee.Pkg() != b.pkg.SSA.Pkg:
		return true
	case call.Call.StaticCallee() != nil:
		// Of a function that is not followed; but what it only looks up is where it
		// was.
		param := lookedUp(origin(call.Call.StaticCallee()))
		return param >= 0 && b.isForeign(f, call.Call.Args[param], depth+1)
	}
	return b.open
}

// lookedUp returns the number of the parameter in whose fields fn finds what it
// returns, without doing anything else; -1 if it is no such function.
func lookedUp(fn *ssa.Function) int {
	if len(fn.Blocks) != 1 {
		return -1
	}
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) != 1 {
		return -1
	}
	v := ret.Results[0]
	for {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return -1
			}
			v = x.X
		case *ssa.Parameter:
			return slices.Index(fn.Params, x)
		default:
			return -1
		}
	}
}

// isForeignVariable is isForeign for what is loaded from addr.
func (b *builder) isForeignVariable(f *frame, addr ssa.Value, depth int) bool {
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		if field := fieldOf(fa); field.Pkg() != nil && field.Pkg() != b.pkg.SSA.Pkg {
			return true // the C of a timer
		}
	}
	if g, ok := addr.(*ssa.Global); ok && g.Pkg != b.pkg.SSA {
		return true
	}
	a, ok := b.val(f, addr).(address)
	if !ok {
		if fa, ok := addr.(*ssa.FieldAddr); ok {
			return b.isForeign(f, fa.X, depth+1)
		}
		return b.open
	}
	a = b.original(a)
	found, ok := b.ownStores(a)
	if !ok || len(found) == 0 {
		return false
	}
	for _, v := range found {
		if !isNil(v) && !b.isForeign(a.obj.frame, v, depth+1) {
			return false
		}
	}
	return true
}
