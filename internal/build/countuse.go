package build

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// countUses says what functions do to an integer or slice variable.
type countUses struct {
	tested, atomic bool
	stores         int
}

func (u countUses) and(v countUses) countUses {
	return countUses{u.tested || v.tested, u.atomic || v.atomic, u.stores + v.stores}
}

// fieldUses returns how the functions of the package use fields of its types.
func (b *Builder) fieldUses() map[*types.Var]countUses {
	if b.fieldCounts != nil {
		return b.fieldCounts
	}
	b.fieldCounts = map[*types.Var]countUses{}
	for _, fn := range b.pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				if fa, ok := instr.(*ssa.FieldAddr); ok && countable(pointee(fa.Type())) {
					field := fieldOf(fa)
					b.fieldCounts[field] = b.fieldCounts[field].and(usesAt(fa))
				}
			}
		}
	}
	return b.fieldCounts
}

func countable(t types.Type) bool { return isInteger(t) || isSlice(t) }

// usesOf returns how a variable is used by its function and the literals in it.
func (b *Builder) usesOf(alloc *ssa.Alloc) countUses {
	if got, ok := b.varCounts[alloc]; ok {
		return got
	}
	uses := countUses{}
	if countable(pointee(alloc.Type())) {
		uses = usesAt(alloc)
	}
	if b.varCounts == nil {
		b.varCounts = map[*ssa.Alloc]countUses{}
	}
	b.varCounts[alloc] = uses
	return uses
}

// usesAt returns how the variable at addr is used.
func usesAt(addr ssa.Value) countUses {
	u := countUses{}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				u.stores++
			}
		case *ssa.UnOp:
			u.tested = u.tested || compared(r, 0)
		case *ssa.MakeClosure:
			for i, bind := range r.Bindings {
				if bind == addr {
					u = u.and(usesAt(r.Fn.(*ssa.Function).FreeVars[i]))
				}
			}
		case ssa.CallInstruction:
			u.atomic = u.atomic || atomicOf(r.Common()) != noAtomic
		}
	}
	return u
}

// compared reports whether a branch may compare v, or its length, with a constant.
func compared(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.BinOp:
			switch r.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
				if fixedOperand(r.X) || fixedOperand(r.Y) {
					return true
				}
			case token.ADD, token.SUB:
				if compared(r, depth+1) {
					return true
				}
			}
		case *ssa.Convert:
			if compared(r, depth+1) {
				return true
			}
		case *ssa.Call:
			if builtin, ok := r.Call.Value.(*ssa.Builtin); ok && (builtin.Name() == "len" || builtin.Name() == "append") && compared(r, depth+1) {
				return true
			}
		}
	}
	return false
}

// fixedOperand reports whether v may be a constant.
func fixedOperand(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Parameter:
		return true
	case *ssa.Convert:
		return fixedOperand(v.X)
	}
	return false
}
