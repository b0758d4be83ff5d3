package fields

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
)

// joined reports whether the close waits for the goroutine: with a WaitGroup
// that it is done with, or for a channel that it closes or sends on at its end.
func (w *world) joined(r root, c *Site) bool {
	return w.waits(r, c.Instr, c.Class, maxCallers, map[*ssa.Function]bool{})
}

func (w *world) waits(r root, instr ssa.Instruction, of Class, depth int, seen map[*ssa.Function]bool) bool {
	fn := instr.Parent()
	_, deferred := instr.(*ssa.Defer)
	for _, b := range fn.Blocks {
		for _, i := range b.Instrs {
			if (dominates(i, instr) || deferred) && w.isJoin(i, r, of, depth) {
				return true
			}
		}
	}
	for _, g := range w.guards(instr) {
		if ch := chosen(g); ch != nil && w.isSignal(ch, r, of) {
			return true
		}
	}
	if depth == 0 || seen[fn] {
		return false
	}
	seen[fn] = true
	callers := w.callersOf(fn)
	all := len(callers) > 0
	for _, e := range callers {
		if e.mode == handedOn || !w.waits(r, e.at, of, depth-1, seen) {
			all = false
		}
	}
	return all
}

// chosen returns the channel of the communication that a select must have
// chosen for g to hold, or nil.
func chosen(g guard) ssa.Value {
	eq, ok := g.branch.Cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL || !g.taken {
		return nil
	}
	index, ok := eq.X.(*ssa.Extract)
	k, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || index.Index != 0 {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	if i := int(k.Int64()); ok && i >= 0 && i < len(sel.States) && sel.States[i].Dir == types.RecvOnly {
		return sel.States[i].Chan
	}
	return nil
}

// isJoin reports whether instr waits for the end of r.
func (w *world) isJoin(instr ssa.Instruction, r root, of Class, depth int) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op != token.ARROW {
			return false
		}
		return w.isSignal(instr.X, r, of)
	case *ssa.Select:
		if !instr.Blocking {
			return false
		}
		for _, st := range instr.States {
			if !w.isSignal(st.Chan, r, of) {
				return false // another case may come first
			}
		}
		return true
	case ssa.CallInstruction:
		c := instr.Common()
		if fn := w.callee(c); fn != nil {
			if _, isGo := instr.(*ssa.Go); isGo || depth == 0 {
				return false
			}
			for _, b := range fn.Blocks {
				for _, i := range b.Instrs {
					if w.isJoin(i, r, of, depth-1) {
						return true
					}
				}
			}
			return false
		}
		if _, name := calleeName(c); name == "Wait" {
			return true
		}
		return w.signsOff(r.fn, receiverType(c))
	}
	return false
}

// receiverType returns the type of another package that a call is a method of,
// or nil. Locks are left out.
func receiverType(c *ssa.CallCommon) *types.TypeName {
	pkg, _ := calleeName(c)
	switch {
	case pkg == "" || pkg == "sync":
		return nil
	case c.IsInvoke():
		return typeName(c.Value.Type())
	}
	if fn := c.StaticCallee(); fn != nil && fn.Signature.Recv() != nil {
		return typeName(fn.Signature.Recv().Type())
	}
	return nil
}

// signsOff reports whether fn defers a method of t, as goroutines do that tell a
// group, a closer or a throttle that they are done.
func (w *world) signsOff(fn *ssa.Function, t *types.TypeName) bool {
	if fn == nil || t == nil {
		return false
	}
	for _, b := range fn.Blocks {
		for _, i := range b.Instrs {
			if d, ok := i.(*ssa.Defer); ok && receiverType(d.Common()) == t {
				return true
			}
		}
	}
	return false
}

// isSignal reports whether a receive from ch may wait for r: r or what it runs
// closes or sends on that channel, or nothing is known of it.
func (w *world) isSignal(ch ssa.Value, r root, of Class) bool {
	cl, _ := w.classOf(ch)
	if !cl.valid() {
		call, isCall := ch.(*ssa.Call)
		return isCall && !isTimeOrContext(call.Common())
	}
	for _, s := range w.sites {
		if s.Class == cl && (s.Kind == op.Close || s.Kind == op.Send) && !s.Store {
			for _, o := range w.roots(s.Fn) {
				if o.kind == r.kind && o.fn == r.fn && o.at == r.at {
					return true
				}
			}
		}
	}
	return false
}

// isTimeOrContext reports whether a call gives a channel that says nothing of
// the package's goroutines.
func isTimeOrContext(c *ssa.CallCommon) bool {
	pkg, _ := calleeName(c)
	return pkg == "context" || pkg == "golang.org/x/net/context" || pkg == "time"
}
