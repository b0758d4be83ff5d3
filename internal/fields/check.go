package fields

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
)

// checkOf returns what g reads to ask whether the channel was closed before:
// the channel, or something in memory that is changed after it was read.
func (w *world) checkOf(g guard, s *Site) *load {
	for i, l := range g.loads {
		if l.key.field == nil {
			continue
		}
		if l.how == polled && l.key == s.Class.closed() || l.how == direct && w.writtenAfter(l, s) {
			return &g.loads[i]
		}
	}
	return nil
}

// writtenAfter reports whether what l reads is written after that, on a path
// that passes the close.
func (w *world) writtenAfter(l load, s *Site) bool {
	for _, b := range s.Fn.Blocks {
		for _, i := range b.Instrs {
			if _, isGo := i.(*ssa.Go); isGo || !w.writes(i)[l.key] {
				continue
			}
			if l.at.Parent() == s.Fn && w.reaches(l.at, i) && (w.reaches(s.Instr, i) || dominates(i, s.Instr)) {
				return true
			}
		}
	}
	return false
}

// shared reports whether the package treats what the check reads, or the
// channel, as something that several goroutines use: it asks the channel itself,
// or uses atomics or locks, or starts a goroutine that gets here. A plain flag
// in an object for one goroutine only lets its owner call twice.
func (w *world) shared(check load, s *Site) bool {
	if check.how == polled {
		return !w.assumedLocked(s.Class)
	}
	roots := w.roots(s.Fn)
	for _, r := range roots {
		others := slices.ContainsFunc(roots, func(o root) bool { return o.fn != r.fn && o.fn != r.from })
		if (r.kind == goroutine || r.kind == callback) && others && worksOn(r.fn, s.Base) {
			return !w.assumedLocked(s.Class)
		}
	}
	if w.assumedLocked(s.Class) {
		return false
	}
	for _, l := range w.loadsOf(check.key) {
		if len(w.locksAt(l)) > 0 {
			return true
		}
		if call, ok := l.(ssa.CallInstruction); ok {
			if pkg, _ := calleeName(call.Common()); pkg == "sync/atomic" || pkg == "go.uber.org/atomic" {
				return true
			}
		}
	}
	return false
}

// worksOn reports whether fn is given objects of the type of base: as its
// receiver, a parameter or a captured variable.
func worksOn(fn *ssa.Function, base ssa.Value) bool {
	if base == nil {
		return false
	}
	obj := typeName(base.Type())
	if obj == nil {
		return false
	}
	for _, p := range fn.Params {
		if typeName(p.Type()) == obj {
			return true
		}
	}
	for _, v := range fn.FreeVars {
		t := v.Type()
		if ptr, ok := t.(*types.Pointer); ok && typeName(ptr.Elem()) == obj { // the variable's address
			return true
		}
		if typeName(t) == obj {
			return true
		}
	}
	return false
}

// assumedLocked reports whether some function uses the class with a lock that
// its caller has to hold: others that show no lock may do the same.
func (w *world) assumedLocked(c Class) bool {
	for _, s := range w.sites {
		if s.Class == c && !s.Fresh && !w.inTest(s.Fn) && len(w.flow(s.Fn).assumed) > 0 {
			return true
		}
	}
	return false
}

// loadsOf returns the instructions outside of tests that read a field.
func (w *world) loadsOf(k key) []ssa.Instruction {
	var out []ssa.Instruction
	w.each(func(fn *ssa.Function, instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.UnOp:
			if instr.Op == token.MUL && w.keyOfAddress(instr.X) == k && !w.inTest(fn) {
				out = append(out, instr)
			}
		case *ssa.Call:
			c := instr.Common()
			if len(c.Args) > 0 && w.callee(c) == nil && w.keyOfValue(c.Args[0]) == k && !w.inTest(fn) {
				out = append(out, instr)
			}
		}
	})
	return out
}

// concurrent reports whether two goroutines can reach the site at once as far
// as the package shows: different ones do, or one does of which there are many.
func (w *world) concurrent(s *Site) bool {
	roots := w.roots(s.Fn)
	if len(roots) > 1 {
		return true
	}
	return len(roots) == 1 && roots[0].kind == outside && !serves(roots[0].fn)
}

// serves reports whether fn waits for communications in a loop, or for one of
// several: of such a function one call is made.
func serves(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, i := range b.Instrs {
			for o := range op.Of(i) {
				sel, ok := i.(*ssa.Select)
				if o.Kind == op.Make || o.Kind == op.Close || ok && !sel.Blocking {
					continue
				}
				if inLoop(i) || ok && len(sel.States) > 1 {
					return true
				}
			}
		}
	}
	return false
}

// servesDeep reports whether fn or what it calls serves.
func (w *world) servesDeep(fn *ssa.Function, depth int) bool {
	if serves(fn) {
		return true
	}
	return depth > 0 && slices.ContainsFunc(w.edges[fn], func(e edge) bool { return e.mode == called && w.servesDeep(e.to, depth-1) })
}
