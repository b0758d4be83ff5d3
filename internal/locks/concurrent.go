package locks

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// concurrent reports whether the package itself runs the two functions at the same
// time on the same object: they are reached from two go statements of one function
// that are given the same object, or from one in a loop that is given an object from
// outside of it.
func (w *world) concurrent(a, b *ssa.Function) bool {
	starts := w.starts(b)
	for _, g := range w.starts(a) {
		for _, h := range starts {
			switch {
			case g == h:
				if w.repeats(g) {
					return true
				}
			case outermost(g.Parent()) == outermost(h.Parent()) && w.related(g, h):
				return true
			}
		}
	}
	return false
}

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// starts returns the go statements from which fn is reached by plain calls.
func (w *world) starts(fn *ssa.Function) []*ssa.Go {
	var out []*ssa.Go
	seen := map[*ssa.Function]bool{fn: true}
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range w.callers[f] {
			if g, ok := c.(*ssa.Go); ok {
				if !slices.Contains(out, g) {
					out = append(out, g)
				}
			} else if p := c.Parent(); !seen[p] {
				seen[p] = true
				work = append(work, p)
			}
		}
	}
	return out
}

// readCallers records who calls, defers or starts which function of the package.
func (w *world) readCallers() {
	w.callers = map[*ssa.Function][]ssa.CallInstruction{}
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := w.callee(call.Common()); callee != nil {
						w.callers[callee] = append(w.callers[callee], call)
					}
				}
			}
		}
	}
}

// given returns the names of the objects that a goroutine is started with.
func (w *world) given(g *ssa.Go) []name {
	vals := slices.Clone(g.Call.Args)
	if mc, ok := g.Call.Value.(*ssa.MakeClosure); ok {
		vals = append(vals, mc.Bindings...)
	}
	var out []name
	for _, v := range vals {
		if !isPointer(v.Type()) {
			continue
		}
		n := w.nameOf(v)
		if cell := place.Cell(v); cell != nil { // a captured variable: what it points to
			if val := w.onlyValue(cell); val != nil && isPointer(val.Type()) {
				n = w.nameOf(val)
			}
		}
		out = append(out, n)
	}
	return out
}

// related reports whether two goroutines are started with the same object, or one
// with an object that points to one of the other's, or is an element of it.
func (w *world) related(g, h *ssa.Go) bool {
	gs, hs := w.given(g), w.given(h)
	for _, a := range gs {
		for _, b := range hs {
			if a == b || w.pointsTo(a, b) || w.pointsTo(b, a) || w.holds(a, b) || w.holds(b, a) {
				return true
			}
		}
	}
	return false
}

// pointsTo reports whether a is an object made with a pointer to b.
func (w *world) pointsTo(a, b name) bool {
	alloc, ok := a.root.(*ssa.Alloc)
	if !ok || a.path != nil {
		return false
	}
	for _, r := range *alloc.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, r := range *fa.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == fa && isPointer(st.Val.Type()) && w.nameOf(st.Val) == b {
				return true
			}
		}
	}
	return false
}

// holds reports whether b is an element of a map or slice in the object a.
func (w *world) holds(a, b name) bool {
	b = w.relation(b)
	if b.root != a.root || !isSome(b) {
		return false
	}
	for p := b.path; p != nil; p = p.Parent {
		if p == a.path {
			return true
		}
	}
	return a.path == nil
}

// repeats reports whether a loop repeats a go statement with the same objects: a way
// leads from it back to it that makes and finds none of them.
func (w *world) repeats(g *ssa.Go) bool {
	seen := make([]bool, len(g.Parent().Blocks))
	given := w.given(g)
	for _, n := range given {
		if instr, ok := n.root.(ssa.Instruction); ok && instr.Parent() == g.Parent() {
			if instr.Block() == g.Block() {
				return false
			}
			seen[instr.Block().Index] = true
		}
	}
	work := slices.Clone(g.Block().Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		if b == g.Block() {
			return len(given) > 0
		}
		work = append(work, b.Succs...)
	}
	return false
}
