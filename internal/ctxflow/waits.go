package ctxflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A watch is where values of one context are received from, by function.
type watch struct {
	flow  *Flow
	seen  map[ssa.Value]bool
	plain map[*ssa.Function][]*ssa.UnOp
	cases map[*ssa.Function][]selectCase
}

type selectCase struct {
	sel   *ssa.Select
	index int
}

// waits returns the goroutines that end only when the context does.
func (f *Flow) waits(ctx ssa.Value) []Wait {
	w := &watch{flow: f, seen: map[ssa.Value]bool{}, plain: map[*ssa.Function][]*ssa.UnOp{}, cases: map[*ssa.Function][]selectCase{}}
	w.value(ctx)
	var out []Wait
	for _, fn := range f.pkg.Funcs {
		start := f.starts[fn]
		if start == nil || w.ends(fn) {
			continue
		}
		pos := token.NoPos
		for _, cs := range w.cases[fn] {
			pos = cs.sel.States[cs.index].Pos
		}
		for _, recv := range w.plain[fn] {
			pos = recv.Pos()
		}
		if pos.IsValid() {
			out = append(out, Wait{start, fn, pos})
		}
	}
	return out
}

// value follows a context to where its end is waited for.
func (w *watch) value(v ssa.Value) {
	if w.seen[v] {
		return
	}
	w.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val == v {
				w.stored(r)
			}
		case *ssa.ChangeInterface:
			w.value(r)
		case *ssa.Go:
			w.arguments(v, &r.Call)
		case *ssa.Call:
			switch {
			case r.Call.IsInvoke() && r.Call.Value == v:
				if r.Call.Method.Name() == "Done" {
					w.done(r)
				}
			case contextFunc(r) == "WithValue" && r.Call.Args[0] == v:
				w.value(r)
			default:
				w.arguments(v, &r.Call)
			}
		}
	}
}

// arguments follows v into a function of the package.
func (w *watch) arguments(v ssa.Value, call *ssa.CallCommon) {
	callee := call.StaticCallee()
	if callee == nil {
		return
	}
	callee = origin(callee)
	for i, arg := range call.Args {
		if arg == v && i < len(callee.Params) && callee.Blocks != nil && w.flow.onlyArgument(callee, i, v) {
			w.value(callee.Params[i])
		}
	}
}

// onlyArgument reports whether every call of fn in the package that can be seen
// hands it v as its argument i, and nobody else can call it.
func (f *Flow) onlyArgument(fn *ssa.Function, i int, v ssa.Value) bool {
	for _, caller := range f.pkg.Funcs {
		for instr := range instrs(caller) {
			call, ok := instr.(ssa.CallInstruction)
			if ok && call.Common().StaticCallee() != nil && origin(call.Common().StaticCallee()) == fn {
				if call.Common().Args[i] != v {
					return false
				}
				continue
			}
			for _, o := range instr.Operands(nil) {
				if *o == ssa.Value(fn) {
					if mc, ok := instr.(*ssa.MakeClosure); !ok || !onlyCalled(mc) {
						return false
					}
				}
			}
		}
	}
	return fn.Parent() != nil || fn.Object() != nil && !fn.Object().Exported()
}

func onlyCalled(mc *ssa.MakeClosure) bool {
	for _, r := range *mc.Referrers() {
		if call, ok := r.(ssa.CallInstruction); !ok || call.Common().Value != mc {
			return false
		}
	}
	return true
}

// stored follows a context into the variable or field that it is stored in, if
// nothing else is.
func (w *watch) stored(st *ssa.Store) {
	if field := w.flow.closed(st.Addr); field != nil {
		for _, use := range w.flow.fields[field] {
			if other := storeTo(use); other != nil && other != st {
				return
			}
		}
		for _, use := range w.flow.fields[field] {
			if _, ok := use.(*ssa.Field); ok {
				w.value(use)
				continue
			}
			w.loads(use)
		}
		return
	}
	cell := w.flow.cellOf(st.Addr)
	if cell == nil {
		return
	}
	only := true
	accesses(cell, func(addr ssa.Value, instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Store:
			only = only && instr == st
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			only = false
		}
	})
	if only {
		w.loads(cell)
	}
}

func storeTo(addr ssa.Value) *ssa.Store {
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				return r
			}
		}
	}
	return nil
}

func (w *watch) loads(addr ssa.Value) {
	accesses(addr, func(_ ssa.Value, instr ssa.Instruction) {
		if load, ok := instr.(*ssa.UnOp); ok && load.Op == token.MUL {
			w.value(load)
		}
	})
}

// done notes the receives from a Done channel.
func (w *watch) done(call *ssa.Call) {
	fn := call.Parent()
	for _, r := range *call.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			if r.Op == token.ARROW {
				w.plain[fn] = append(w.plain[fn], r)
			}
		case *ssa.Select:
			for i, st := range r.States {
				if st.Chan == ssa.Value(call) && st.Dir == types.RecvOnly {
					w.cases[fn] = append(w.cases[fn], selectCase{r, i})
				}
			}
		}
	}
}

// ends reports whether fn may return, or end in another way, while none of the
// receives proceeds.
func (w *watch) ends(fn *ssa.Function) bool {
	blocked := map[ssa.Instruction]bool{}
	for _, recv := range w.plain[fn] {
		blocked[recv] = true
	}
	dead := map[[2]*ssa.BasicBlock]bool{}
	for _, cs := range w.cases[fn] {
		cs.edges(dead)
		if len(cs.sel.States) == 1 && cs.sel.Blocking {
			blocked[cs.sel] = true
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		blk := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[blk] {
			continue
		}
		seen[blk] = true
		stops := false
		for _, instr := range blk.Instrs {
			if stops = blocked[instr]; stops {
				break
			}
			switch instr := instr.(type) {
			case *ssa.Return:
				return true
			case *ssa.Panic:
				if !isSelectFailure(instr) {
					return true
				}
			}
		}
		for _, succ := range blk.Succs {
			if !stops && !dead[[2]*ssa.BasicBlock{blk, succ}] {
				work = append(work, succ)
			}
		}
	}
	return false
}

// edges adds the edges that are taken if the case is: go/ssa compares the index
// of the select with each number in turn.
func (cs selectCase) edges(dead map[[2]*ssa.BasicBlock]bool) {
	for _, r := range *cs.sel.Referrers() {
		ext, ok := r.(*ssa.Extract)
		if !ok || ext.Index != 0 {
			continue
		}
		for _, r := range *ext.Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			k, ok := cmp.Y.(*ssa.Const)
			if !ok || k.Int64() != int64(cs.index) {
				continue
			}
			for _, r := range *cmp.Referrers() {
				if br, ok := r.(*ssa.If); ok {
					dead[[2]*ssa.BasicBlock{br.Block(), br.Block().Succs[0]}] = true
				}
			}
		}
	}
}

// isSelectFailure reports whether instr is what go/ssa places behind a blocking
// select for the case that none of its cases is taken.
func isSelectFailure(instr *ssa.Panic) bool {
	if instr.Pos().IsValid() {
		return false
	}
	for _, other := range instr.Block().Instrs {
		if _, ok := other.(*ssa.Call); ok {
			return false // a call that does not return
		}
	}
	return true
}
