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

// An attempt is a budget for one function.
type attempt struct {
	build.Limits
	states int // of one exploration
}

// attempts returns the budgets under which fn is explored, to be tried in this
// order; nil if it is not. A function that makes its primitives itself is worth
// a model with fewer calls inlined, if the full one is too large; for one that
// leaves that to a constructor, such a model would hold nothing.
func (r *roots) attempts(fn *ssa.Function) []attempt {
	switch {
	case fn.Synthetic != "" && fn.Synthetic != "range-over-func yield":
		return nil
	case makesItself(fn):
		return []attempt{
			{build.Limits{Depth: build.Depth, Nodes: 2000}, 2000},
			{build.Limits{Depth: 0, Nodes: 800}, 1000},
		}
	case r.makes(fn):
		return []attempt{{build.Limits{Depth: build.Depth, Nodes: 700}, 1000}}
	}
	return nil
}

// makesItself reports whether fn has the make of a primitive.
func makesItself(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if makesOne(instr) {
				return true
			}
		}
	}
	return false
}

// makesOne reports whether instr makes a primitive.
func makesOne(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return build.HoldsPrimitive(instr)
	}
	return false
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
	if makesOne(instr) {
		return true
	}
	if instr, ok := instr.(*ssa.Call); ok {
		callee := instr.Call.StaticCallee()
		if callee == nil {
			return false
		}
		if build.MakesContext(callee) {
			return true
		}
		// What is called with a pointer to a variable may make a primitive in it, as
		// a constructor does.
		if !handsOut(callee.Signature) && !slices.ContainsFunc(instr.Call.Args, build.IsLocal) {
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
