package locks

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// impossible reports whether control never leaves b for its successor i: b tests
// for nil a field that is never nil once its object is made.
func (w *world) impossible(b *ssa.BasicBlock, i int) bool {
	test, ok := last(b).(*ssa.If)
	if !ok {
		return false
	}
	cmp, ok := test.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || isNil(cmp.X) == isNil(cmp.Y) {
		return false
	}
	x := cmp.X
	if isNil(x) {
		x = cmp.Y
	}
	load, ok := x.(*ssa.UnOp)
	if !ok {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	whenNil := 0
	if cmp.Op == token.NEQ {
		whenNil = 1
	}
	return ok && i == whenNil && w.neverNil(place.FieldOf(fa))
}

// neverNil reports whether every function of the package that makes an object with
// the field, tests aside, assigns the field, and no function assigns nil to it.
func (w *world) neverNil(f *types.Var) bool {
	if f.Exported() {
		return false
	}
	if w.nilFields == nil {
		w.readNil()
	}
	return !w.nilFields[f]
}

// readNil records the fields that may be nil.
func (w *world) readNil() {
	w.nilFields = map[*types.Var]bool{}
	for _, fn := range w.pkg.Funcs {
		if w.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && isNil(instr.Val) {
						w.nilFields[place.FieldOf(fa)] = true
					}
				case *ssa.Alloc:
					w.readAlloc(instr)
				}
			}
		}
	}
}

// readAlloc records the fields that the function which makes an object leaves
// unassigned.
func (w *world) readAlloc(alloc *ssa.Alloc) {
	st, ok := alloc.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return
	}
	assigned := map[*types.Var]bool{}
	for _, r := range *alloc.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == alloc {
				return // a copy
			}
		case *ssa.FieldAddr:
			for _, use := range *r.Referrers() {
				if st, ok := use.(*ssa.Store); ok && st.Addr == r {
					assigned[place.FieldOf(r)] = true
				}
			}
		}
	}
	for f := range st.Fields() {
		if !assigned[f.Origin()] {
			w.nilFields[f.Origin()] = true
		}
	}
}

func (w *world) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(fn.Prog.Fset.Position(fn.Pos()).Filename, "_test.go")
}
