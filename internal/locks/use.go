package locks

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// onlyCalled reports whether all uses of fn are calls and defers in the package,
// so that what it does stands in the summaries of its callers.
func (w *world) onlyCalled(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return onlyCalls(fn, 0)
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Exported() {
		return false
	}
	if w.valued == nil {
		w.readUses()
	}
	return !w.valued[obj.Origin()] && !(obj.Signature().Recv() != nil && w.invoked[obj.Name()])
}

// readUses records which declared functions are used other than by a plain call,
// and which methods are called through interfaces.
func (w *world) readUses() {
	w.valued, w.invoked = map[*types.Func]bool{}, map[string]bool{}
	var operands []*ssa.Value
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				operands = instr.Operands(operands[:0])
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && call.Common().IsInvoke() {
					w.invoked[call.Common().Method.Name()] = true
				}
				_, isGo := instr.(*ssa.Go)
				for i, op := range operands {
					used, ok := (*op).(*ssa.Function)
					if !ok || isCall && !isGo && i == 0 {
						continue
					}
					if obj, ok := used.Object().(*types.Func); ok {
						w.valued[obj.Origin()] = true
					}
				}
			}
		}
	}
}

// onlyCalls reports whether the function literal or closure v is only ever called
// and deferred, by the function that makes it or by literals of that.
func onlyCalls(v ssa.Value, depth int) bool {
	refs := v.Referrers()
	if refs == nil || depth > 8 {
		return false
	}
	for _, r := range *refs {
		switch r := r.(type) {
		case *ssa.Call, *ssa.Defer:
			if !callsOnly(r.(ssa.CallInstruction), v) {
				return false
			}
		case *ssa.MakeClosure:
			if r.Fn != v && !capturedCallsOnly(r, v, depth) || r.Fn == v && !onlyCalls(r, depth+1) {
				return false
			}
		case *ssa.UnOp:
			if r.Op != token.MUL || !onlyCalls(r, depth+1) {
				return false
			}
		case *ssa.Store:
			if _, ok := r.Addr.(*ssa.Alloc); !ok || r.Addr != v && !onlyCalls(r.Addr, depth+1) {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// callsOnly reports whether v is what the call calls and no argument of it.
func callsOnly(call ssa.CallInstruction, v ssa.Value) bool {
	if call.Common().Value != v {
		return false
	}
	for _, arg := range call.Common().Args {
		if arg == v {
			return false
		}
	}
	return true
}

// capturedCallsOnly is onlyCalls for the variable v that a closure captures.
func capturedCallsOnly(mc *ssa.MakeClosure, v ssa.Value, depth int) bool {
	fn := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b == v && !onlyCalls(fn.FreeVars[i], depth+1) {
			return false
		}
	}
	return true
}
