package build

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// justStored returns what the same goroutine has stored in the variable that v
// loads, right before it: after
//
//	err = f()
//	if err != nil {
//
// a variable that other goroutines assign as well holds what f has returned,
// unless the two race. It returns nil if anything stands between the two that
// takes time, lets others run or may be a store to the same variable.
func justStored(v *ssa.UnOp) ssa.Value {
	if v.Op != token.MUL || v.Block() == nil {
		return nil
	}
	var found ssa.Value
	for _, instr := range v.Block().Instrs {
		if instr == ssa.Instruction(v) {
			break
		}
		switch instr := instr.(type) {
		case *ssa.Store:
			switch {
			case instr.Addr == v.X:
				found = instr.Val
			case !isVariable(instr.Addr) || !isVariable(v.X):
				found = nil
			}
		case *ssa.UnOp:
			if instr.Op == token.ARROW {
				found = nil
			}
		case *ssa.BinOp, *ssa.Extract, *ssa.FieldAddr, *ssa.Field, *ssa.IndexAddr, *ssa.Index, *ssa.Convert, *ssa.ChangeType,
			*ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Phi, *ssa.DebugRef, *ssa.Alloc:
		default:
			found = nil
		}
	}
	return found
}

// isVariable reports whether addr is a variable as a whole: two of them are the
// same only if they are the same SSA value.
func isVariable(addr ssa.Value) bool {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Global:
		return true
	}
	return false
}
