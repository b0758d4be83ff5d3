package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// handsOut reports whether a function returns anything that can give access to
// a primitive.
func handsOut(sig *types.Signature) bool {
	for i := range sig.Results().Len() {
		t := sig.Results().At(i).Type()
		switch t.Underlying().(type) {
		case *types.Chan, *types.Pointer, *types.Struct, *types.Signature:
			return true
		case *types.Interface:
			if !isError(t) {
				return true
			}
		}
	}
	return false
}

// relevant reports whether fn, or what it calls in the package, does anything
// that a model records.
func (b *Builder) relevant(fn *ssa.Function) bool {
	if got, ok := b.interested[fn]; ok {
		return got
	}
	if b.interested == nil {
		b.interested = map[*ssa.Function]bool{}
	}
	b.interested[fn] = false // recursion adds nothing
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if b.relevantInstr(instr) {
				b.interested[fn] = true
				return true
			}
		}
	}
	return false
}

func (b *Builder) relevantInstr(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeChan, *ssa.Send, *ssa.Select, *ssa.Go:
		return true
	case *ssa.UnOp:
		return isChan(instr.X.Type())
	case *ssa.Store:
		return isChan(instr.Val.Type())
	case *ssa.MakeClosure:
		return b.relevant(instr.Fn.(*ssa.Function))
	case ssa.CallInstruction:
		common := instr.Common()
		if builtin, ok := common.Value.(*ssa.Builtin); ok {
			return builtin.Name() == "close"
		}
		fn := common.StaticCallee()
		if fn == nil {
			return false
		}
		if pkg := fn.Package(); pkg != nil && pkg.Pkg.Path() == "sync" {
			return true
		}
		return origin(fn).Blocks != nil && b.relevant(origin(fn))
	}
	return false
}

// carries reports whether v gives access to a primitive of the model.
func (b *builder) carries(v value, depth int) bool {
	if depth > 4 {
		return true
	}
	switch v := v.(type) {
	case ref, boxed, cancel, contextValue, group, onceFunc, weighted:
		return true
	case closure:
		if b.relevant(v.fn) {
			return true
		}
		for _, bind := range v.binds {
			if b.carries(bind, depth+1) {
				return true
			}
		}
	case content:
		return b.carries(v.at, depth)
	case list:
		for s := v.seq; s != nil; s = s.init {
			if b.carries(s.last, depth+1) {
				return true
			}
		}
	case address:
		found := false
		primCells(elemOf(v), v.path, 3, func(string, types.Type) { found = true })
		if found {
			return true
		}
		if got := b.stored(b.original(v)); known(got) {
			return b.carries(got, depth+1)
		}
	}
	return false
}

// elemOf returns the type of what is stored at a.
func elemOf(a address) types.Type {
	t := a.obj.typeOf()
	for _, i := range indices(a.path) {
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if i >= u.NumFields() {
				return types.Typ[types.Invalid]
			}
			t = u.Field(i).Type()
		case *types.Array:
			t = u.Elem()
		default:
			return types.Typ[types.Invalid]
		}
	}
	return t
}

func indices(path string) []int {
	var out []int
	n := 0
	for i := 1; i <= len(path); i++ {
		if i == len(path) || path[i] == '.' {
			out = append(out, n)
			n = 0
		} else {
			n = 10*n + int(path[i]-'0')
		}
	}
	return out
}
