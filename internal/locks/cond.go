package locks

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// unsignalled returns the calls of Wait on condition variables that no function of
// the package ever signals: those in an unexported field of which every use is a
// method call, or an assignment of what a function has just returned. Fields of a
// name that is used elsewhere are left out.
func (w *world) unsignalled(used func(name string) bool) []*ssa.Call {
	conds := map[*types.Var]*condUses{}
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				readCond(instr, conds)
			}
		}
	}
	var out []*ssa.Call
	for field, uses := range conds {
		if !field.Exported() && !uses.signalled && !uses.lost && len(uses.waits) > 0 && !used(field.Name()) {
			out = append(out, uses.waits...)
		}
	}
	slices.SortFunc(out, func(a, b *ssa.Call) int { return int(a.Pos() - b.Pos()) })
	return out
}

// condUses is what the package does with the condition variables in one field.
type condUses struct {
	waits     []*ssa.Call
	signalled bool
	lost      bool // used in another way
}

// readCond adds what instr shows to conds.
func readCond(instr ssa.Instruction, conds map[*types.Var]*condUses) {
	of := func(f *types.Var) *condUses {
		if conds[f] == nil {
			conds[f] = &condUses{}
		}
		return conds[f]
	}
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		if f := place.FieldOf(instr); isCond(f.Type()) {
			of(f).readAddress(instr)
		}
	case *ssa.Field:
		if f := place.FieldOfValue(instr); isCond(f.Type()) {
			of(f).readPointer(instr)
		}
	case *ssa.ChangeType: // to another type with fields of its own
		for f := range place.FieldsOf(instr.Type()) {
			if isCond(f.Type()) {
				of(f).lost = true
			}
		}
		for f := range place.FieldsOf(instr.X.Type()) {
			if isCond(f.Type()) {
				of(f).lost = true
			}
		}
	}
}

// readAddress reads the uses of the address of the field.
func (u *condUses) readAddress(fa *ssa.FieldAddr) {
	if _, ok := place.FieldOf(fa).Type().Underlying().(*types.Struct); ok {
		u.readPointer(fa) // the variable itself, not a pointer to it
		return
	}
	for _, r := range *fa.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			u.readPointer(r)
		case *ssa.Store:
			if call, ok := r.Val.(*ssa.Call); r.Addr != fa || !ok || len(*call.Referrers()) != 1 {
				u.lost = true
			}
		case *ssa.DebugRef:
		default:
			u.lost = true
		}
	}
}

// readPointer reads the uses of a pointer to the condition variable.
func (u *condUses) readPointer(v ssa.Value) {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp:
		case ssa.CallInstruction:
			fn := r.Common().StaticCallee()
			if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "sync" || len(r.Common().Args) != 1 {
				u.lost = true
				continue
			}
			call, ok := r.(*ssa.Call)
			switch {
			case fn.Name() == "Wait" && ok:
				u.waits = append(u.waits, call)
			default:
				u.signalled = true
			}
		default:
			u.lost = true
		}
	}
}

// isCond reports whether t is sync.Cond or a pointer to it.
func isCond(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Cond"
}
