package witness

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
)

// roots decides which functions are explored: those that make a primitive, and
// those that have a constructor of the package make one for them. What a
// constructor makes leaves it, so that only its callers see what becomes of it.
type roots struct {
	makers map[*ssa.Function]bool
}

func newRoots() *roots { return &roots{map[*ssa.Function]bool{}} }

// isRoot reports whether fn is explored.
func (r *roots) isRoot(fn *ssa.Function) bool {
	if fn.Synthetic != "" && fn.Synthetic != "range-over-func yield" {
		return false
	}
	return r.makes(fn)
}

// makes reports whether fn makes a primitive, itself or by a constructor.
func (r *roots) makes(fn *ssa.Function) bool {
	if got, ok := r.makers[fn]; ok {
		return got
	}
	r.makers[fn] = false // recursion makes nothing new
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if r.makesHere(instr) {
				r.makers[fn] = true
				return true
			}
		}
	}
	return false
}

func (r *roots) makesHere(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return build.HoldsPrimitive(instr)
	case *ssa.Call:
		callee := instr.Call.StaticCallee()
		if callee == nil {
			return false
		}
		if build.MakesContext(callee) {
			return true
		}
		if !handsOut(callee.Signature) && !slices.ContainsFunc(instr.Call.Args, isLocal) {
			return false
		}
		if o := callee.Origin(); o != nil && callee.Blocks == nil {
			callee = o
		}
		return callee.Blocks != nil && r.makes(callee)
	}
	return false
}

// handsOut reports whether a function returns anything that can hold a
// primitive.
func handsOut(sig *types.Signature) bool {
	for i := range sig.Results().Len() {
		switch sig.Results().At(i).Type().Underlying().(type) {
		case *types.Chan, *types.Pointer, *types.Struct, *types.Signature:
			return true
		case *types.Interface:
			if !types.Identical(sig.Results().At(i).Type(), types.Universe.Lookup("error").Type()) {
				return true
			}
		}
	}
	return false
}

// isLocal reports whether v points into a variable of its function: what is
// called with it may make a primitive for the caller as a constructor does.
func isLocal(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.FieldAddr:
			v = x.X
		default:
			return false
		}
	}
}
