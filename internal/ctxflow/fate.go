package ctxflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A fate is what becomes of one cancel function.
type fate struct {
	flow   *Flow
	seen   map[ssa.Value]bool
	holder *types.Var
}

// idle reports whether nothing ever calls v, nor hands it to anybody who might.
func (t *fate) idle(v ssa.Value) bool {
	if t.seen[v] {
		return true
	}
	t.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.BinOp: // a comparison with nil
		case *ssa.ChangeType:
			if !t.idle(r) {
				return false
			}
		case *ssa.Phi:
			if !t.idle(r) {
				return false
			}
		case *ssa.Store:
			if r.Val != v || !t.idleIn(r.Addr) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// idleIn reports whether what is stored in a variable or field is never called.
func (t *fate) idleIn(addr ssa.Value) bool {
	if field := t.flow.closed(addr); field != nil {
		t.holder = field
		for _, use := range t.flow.fields[field] {
			if _, value := use.(*ssa.Field); value && !t.idle(use) || !value && !t.idleAt(use) {
				return false
			}
		}
		return true
	}
	if cell := t.flow.cellOf(addr); cell != nil {
		return t.idleAt(cell)
	}
	return false
}

// idleAt reports whether what any use of an address loads is never called.
func (t *fate) idleAt(addr ssa.Value) bool {
	if t.seen[addr] {
		return true
	}
	t.seen[addr] = true
	idle := true
	accesses(addr, func(at ssa.Value, instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			idle = idle && instr.Addr == at
		case *ssa.UnOp:
			idle = idle && instr.Op == token.MUL && t.idle(instr)
		default:
			idle = false
		}
	})
	return idle
}

// overwritten decides a cancel function that is kept in a field of which
// another cancel function takes the place, before the goroutine starts that waits
// for the first context.
func (f *Flow) overwritten(call *ssa.Call, ctx, cancel ssa.Value) (Lost, bool) {
	kept := f.onlyField(cancel)
	if kept == nil || f.onlyField(ctx) == nil {
		return Lost{}, false
	}
	for _, use := range f.fields[kept] {
		addr, ok := use.(*ssa.FieldAddr)
		if !ok || addr.Parent() == call.Parent() {
			continue
		}
		for _, r := range *addr.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok || st.Addr != addr || !isCancel(st.Val) || f.loads(kept, st.Parent()) || f.endsBefore(kept, st.Parent()) {
				continue
			}
			var waits []Wait
			for _, w := range f.waits(ctx) {
				if w.Go.Parent() == st.Parent() && sameObject(addr.X, w.Go) && follows(st, w.Go) {
					waits = append(waits, w)
				}
			}
			if len(waits) > 0 {
				return Lost{Call: call, Holder: kept, Waits: waits, Overwritten: st}, true
			}
		}
	}
	return Lost{}, false
}

// onlyField returns the field that v is stored in, if that is all that happens
// to it.
func (f *Flow) onlyField(v ssa.Value) *types.Var {
	var field *types.Var
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			got := f.closed(r.Addr)
			if r.Val != v || got == nil || field != nil {
				return nil
			}
			field = got
		default:
			return nil
		}
	}
	return field
}

// isCancel reports whether v is the cancel function of a context made here.
func isCancel(v ssa.Value) bool {
	ext, ok := v.(*ssa.Extract)
	if !ok || ext.Index != 1 {
		return false
	}
	call, ok := ext.Tuple.(*ssa.Call)
	return ok && contextFunc(call) != ""
}

// loads reports whether fn uses the field other than to store to it: it may then
// call what it overwrites.
func (f *Flow) loads(field *types.Var, fn *ssa.Function) bool {
	for _, use := range f.fields[field] {
		if use.Parent() != fn {
			continue
		}
		for _, r := range *use.Referrers() {
			if st, ok := r.(*ssa.Store); !ok || st.Addr != use {
				return true
			}
		}
	}
	return false
}

// endsBefore reports whether a caller of fn might end the first context itself.
func (f *Flow) endsBefore(field *types.Var, fn *ssa.Function) bool {
	for _, caller := range f.pkg.Funcs {
		for instr := range instrs(caller) {
			call, ok := instr.(ssa.CallInstruction)
			if ok && call.Common().StaticCallee() != nil && origin(call.Common().StaticCallee()) == fn && f.loads(field, caller) {
				return true
			}
		}
	}
	return false
}

// sameObject reports whether the goroutine is a method of the object.
func sameObject(obj ssa.Value, start *ssa.Go) bool {
	return len(start.Call.Args) > 0 && start.Call.Args[0] == obj
}

// follows reports whether b is executed after a whenever it is executed.
func follows(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	for _, instr := range a.Block().Instrs {
		switch instr {
		case a:
			return true
		case b:
			return false
		}
	}
	return false
}
