package fields

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A rootKind says how a goroutine comes to run code of the package.
type rootKind uint8

const (
	outside   rootKind = iota // other packages call it
	goroutine                 // a go statement or its like
	callback                  // it is handed to other code as a value
	process                   // main and init: there is one
)

// A root is where a goroutine enters the package.
type root struct {
	kind rootKind
	fn   *ssa.Function   // what it runs
	at   ssa.Instruction // the go statement, or where the function is handed on
	key  key             // the WaitGroup that the goroutine belongs to
	from *ssa.Function
}

// roots returns the goroutines that may run fn, tests left out.
func (w *world) roots(fn *ssa.Function) []root {
	if r, ok := w.rootsOf[fn]; ok {
		return r
	}
	var out []root
	add := func(r root) {
		if !slices.ContainsFunc(out, func(o root) bool { return o.kind == r.kind && o.fn == r.fn && o.at == r.at }) {
			out = append(out, r)
		}
	}
	seen := map[*ssa.Function]bool{fn: true}
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		f := work[0]
		work = work[1:]
		switch {
		case f.Parent() == nil && (f.Name() == "main" || f.Name() == "init") && f.Signature.Recv() == nil:
			add(root{kind: process, fn: f})
		case isExported(f) && w.isShown(f) && !w.inTest(f):
			add(root{kind: outside, fn: f})
		}
		for _, e := range w.callersOf(f) {
			switch e.mode {
			case spawned:
				add(root{kind: goroutine, fn: f, at: e.at, key: e.key, from: e.from})
			case handedOn:
				add(root{kind: callback, fn: f, at: e.at, from: e.from})
			default:
				if !seen[e.from] {
					seen[e.from] = true
					work = append(work, e.from)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b root) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.fn.Pos(), b.fn.Pos()))
	})
	w.rootsOf[fn] = out
	return out
}

// sameGoroutine reports whether a and b are only ever run by one and the same
// goroutine, so that the order of its code is theirs.
func (w *world) sameGoroutine(a, b *ssa.Function) bool {
	ra, rb := w.roots(a), w.roots(b)
	if len(ra) != 1 || len(rb) != 1 {
		return false
	}
	x, y := ra[0], rb[0]
	if x.kind != y.kind || x.fn != y.fn || x.at != y.at {
		return false
	}
	switch x.kind {
	case goroutine:
		return !inLoop(x.at)
	case process:
		return true
	}
	return false
}

// sameRoot reports whether all that leads to a or b is one and the same
// function.
func (w *world) sameRoot(a, b *ssa.Function) bool {
	ra, rb := w.roots(a), w.roots(b)
	return len(ra) == 1 && len(rb) == 1 && ra[0].fn == rb[0].fn
}

// inLoop reports whether control can come back to instr.
func inLoop(instr ssa.Instruction) bool {
	b := instr.Block()
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s == b {
			return true
		}
		if !seen[s] {
			seen[s] = true
			work = append(work, s.Succs...)
		}
	}
	return false
}

// position returns the index of instr in its block.
func position(instr ssa.Instruction) int { return slices.Index(instr.Block().Instrs, instr) }

// dominates reports whether every path to b passes a first.
func dominates(a, b ssa.Instruction) bool {
	if a.Parent() != b.Parent() {
		return false
	}
	if a.Block() == b.Block() {
		return position(a) < position(b)
	}
	return a.Block().Dominates(b.Block())
}

// reaches reports whether control can go from a to b.
func (w *world) reaches(a, b ssa.Instruction) bool {
	w.steps++
	if a.Parent() != b.Parent() {
		return false
	}
	if a.Block() == b.Block() && position(a) < position(b) {
		return true
	}
	return w.after(a.Block())[b.Block().Index]
}

// after returns the blocks that control can reach from the end of b.
func (w *world) after(b *ssa.BasicBlock) []bool {
	if set, ok := w.blockSets[b]; ok {
		return set
	}
	set := make([]bool, len(b.Parent().Blocks))
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if !set[s.Index] {
			set[s.Index] = true
			work = append(work, s.Succs...)
		}
	}
	w.blockSets[b] = set
	return set
}
