package closedspin

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/place"
)

// A world is what the whole package does to its variables and unexported
// fields that hold channels or contexts, by *ssa.Alloc and *types.Var.
type world struct {
	stores map[any][]*ssa.Store
	loads  map[any][]*ssa.UnOp
	loose  map[any]bool // the address is used otherwise
}

func newWorld(pkg *chanssa.Package) *world {
	w := &world{map[any][]*ssa.Store{}, map[any][]*ssa.UnOp{}, map[any]bool{}}
	funcs := pkg.Funcs
	if init := pkg.SSA.Func("init"); init != nil {
		funcs = append(slices.Clone(funcs), init)
	}
	for _, fn := range funcs {
		for _, fv := range fn.FreeVars {
			w.add(fv)
		}
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				switch instr := instr.(type) {
				case *ssa.Alloc:
					w.add(instr)
				case *ssa.FieldAddr:
					w.add(instr)
				}
			}
		}
	}
	return w
}

func (w *world) add(addr ssa.Value) {
	k := variable(addr)
	if k == nil {
		return
	}
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.UnOp:
			w.loads[k] = append(w.loads[k], use)
		case *ssa.Store:
			w.stores[k] = append(w.stores[k], use)
			w.loose[k] = w.loose[k] || use.Val == addr
		case *ssa.DebugRef, *ssa.MakeClosure:
		default:
			w.loose[k] = true
		}
	}
}

// variable returns what identifies the variable or unexported field at addr, if
// it holds a channel or a context; else nil.
func variable(addr ssa.Value) any {
	ptr, ok := addr.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	if _, isChan := ptr.Elem().Underlying().(*types.Chan); !isChan && ptr.Elem().String() != "context.Context" {
		return nil
	}
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		if f := place.FieldOf(fa); f != nil && !f.Exported() {
			return f
		}
		return nil
	}
	if alloc, ok := place.Cell(addr).(*ssa.Alloc); ok {
		return alloc
	}
	return nil
}

// unchanged reports whether v is the same after the round as before, in which
// nothing is stored.
func (w *world) unchanged(r *round, v ssa.Value) bool {
	instr, ok := v.(ssa.Instruction)
	if !ok || !r.seen[instr.Block()] && instr.Block() != r.op.Instr.Block() {
		return true
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return r.passes(v, v, map[*ssa.Phi]bool{})
	case *ssa.ChangeType:
		return w.unchanged(r, v.X)
	case *ssa.Call:
		return isDone(v) && w.unchanged(r, v.Call.Value)
	case *ssa.UnOp:
		return v.Op == token.MUL && w.keeps(r, v.X)
	}
	return false
}

// passes reports whether all that phi takes over in the round is v.
func (r *round) passes(phi *ssa.Phi, v ssa.Value, seen map[*ssa.Phi]bool) bool {
	seen[phi] = true
	for i, p := range phi.Block().Preds {
		if !r.edges[[2]*ssa.BasicBlock{p, phi.Block()}] || phi.Edges[i] == v {
			continue
		}
		next, ok := phi.Edges[i].(*ssa.Phi)
		if !ok || !seen[next] && !r.passes(next, v, seen) {
			return false
		}
	}
	return true
}

// keeps reports whether no other goroutine changes what stands at addr.
func (w *world) keeps(r *round, addr ssa.Value) bool {
	k := variable(addr)
	if k == nil || w.loose[k] {
		return false
	}
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		return w.unchanged(r, fa.X) && !slices.ContainsFunc(w.stores[k], func(s *ssa.Store) bool {
			return !place.Fresh(s.Addr, s.Parent())
		})
	}
	others := 0
	for _, s := range w.stores[k] {
		if s.Parent() != r.op.Instr.Parent() {
			others++
		}
	}
	return others <= 1
}
