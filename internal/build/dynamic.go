package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// dynamicType returns the type of a value that an interface holds, or nil if
// it is not known.
func dynamicType(v value) types.Type {
	switch v := v.(type) {
	case address:
		return types.NewPointer(elemOf(v))
	case content:
		return elemOf(v.at)
	case boxed:
		return v.typ
	}
	return nil
}

// unboxed returns what an interface holds.
func unboxed(v value) value {
	if v, ok := v.(boxed); ok {
		return v.ref
	}
	return v
}

// method returns the method that a call through an interface reaches, if the
// dynamic type is known; else nil.
func (b *builder) method(f *frame, common *ssa.CallCommon) *ssa.Function {
	t := dynamicType(b.val(f, common.Value))
	if t == nil {
		return nil
	}
	prog := b.pkg.SSA.Prog
	sel := prog.MethodSets.MethodSet(t).Lookup(common.Method.Pkg(), common.Method.Name())
	if sel == nil {
		return nil
	}
	if fn := prog.MethodValue(sel); fn != nil {
		return origin(fn)
	}
	return nil
}

// callArgs returns the arguments as the callee's parameters number them.
func callArgs(common *ssa.CallCommon) []ssa.Value {
	if common.IsInvoke() {
		return append([]ssa.Value{common.Value}, common.Args...)
	}
	return common.Args
}

// assertion says how a type assertion ends: ok is false if that is not known.
func (b *builder) assertion(f *frame, v *ssa.TypeAssert) (holds, ok bool) {
	t := dynamicType(b.val(f, v.X))
	if t == nil {
		return false, false
	}
	if iface, ok := v.AssertedType.Underlying().(*types.Interface); ok {
		return types.Implements(t, iface), true
	}
	return types.Identical(t, v.AssertedType), true
}

// resolveAssert returns result i of a type assertion.
func (b *builder) resolveAssert(f *frame, v *ssa.TypeAssert, i int) value {
	holds, ok := b.assertion(f, v)
	if !ok && i == 1 {
		return b.messageAssert(f, v)
	}
	switch {
	case !ok:
		return unknown{}
	case i == 1 && holds:
		return literal(1)
	case i == 1:
		return literal(0)
	case holds && types.IsInterface(v.AssertedType):
		return b.val(f, v.X)
	case holds:
		return unboxed(b.val(f, v.X))
	}
	return unknown{} // the zero value, or a panic
}

// emitAssert gives up on an operand whose type is not known.
func (b *builder) emitAssert(c *cursor, f *frame, v *ssa.TypeAssert) {
	if _, ok := b.assertion(f, v); !ok {
		b.emitEscape(c, f, v.X)
	}
	b.emitUnknownInt(c, f, v)
}

// callsIndirectly reports whether fn, or what it calls in the package, calls
// through an interface or a function value.
func (b *Builder) callsIndirectly(fn *ssa.Function) bool {
	if got, ok := b.indirect[fn]; ok {
		return got
	}
	if b.indirect == nil {
		b.indirect = map[*ssa.Function]bool{}
	}
	b.indirect[fn] = false // recursion adds nothing
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := call.Common().Value.(*ssa.Builtin); ok {
				continue
			}
			if _, ok := callbacks[libraryName(call.Common())]; ok {
				b.indirect[fn] = true
				return true
			}
			if callee := call.Common().StaticCallee(); callee == nil || b.callsIndirectly(origin(callee)) {
				b.indirect[fn] = true
				return true
			}
		}
	}
	return false
}

// reaches reports whether v gives access to a primitive of the model through
// any number of pointers.
func (b *builder) reaches(v value, seen map[address]bool) bool {
	switch v := v.(type) {
	case closure:
		if b.relevant(v.fn) {
			return true
		}
		for _, bind := range v.binds {
			if b.reaches(bind, seen) {
				return true
			}
		}
	case onceFunc:
		return true
	case content:
		return b.reaches(v.at, seen)
	case list:
		for s := v.seq; s != nil; s = s.init {
			if b.reaches(s.last, seen) {
				return true
			}
		}
	case address:
		a := b.original(v)
		if seen[a] {
			return false
		}
		seen[a] = true
		return b.carries(a, 0) || b.fieldReaches(a, elemOf(a), 3, seen)
	default:
		return b.carries(v, 0)
	}
	return false
}

func (b *builder) fieldReaches(a address, t types.Type, depth int, seen map[address]bool) bool {
	if st, ok := t.Underlying().(*types.Struct); ok && depth > 0 {
		for i := range st.NumFields() {
			if b.fieldReaches(b.field(a, i), st.Field(i).Type(), depth-1, seen) {
				return true
			}
		}
		return false
	}
	if followsSlice(t) {
		return !b.poisoned[nilKey(a)]
	}
	got := b.stored(a)
	return known(got) && b.reaches(got, seen)
}

// smallFunc is how many blocks a function has at most that is followed only for
// what it does to variables.
const smallFunc = 4

// takesObject reports whether an argument points to a variable of the model,
// which would be lost if the call were not followed.
func (b *builder) takesObject(f *frame, common *ssa.CallCommon) bool {
	for _, arg := range callArgs(common) {
		if _, ok := b.val(f, arg).(address); ok {
			return true
		}
	}
	return false
}

// isAtomicLoad reports whether the named function only reads the number that
// its argument points to.
func isAtomicLoad(name string) bool {
	switch name {
	case "sync/atomic.LoadInt32", "sync/atomic.LoadInt64", "sync/atomic.LoadUint32", "sync/atomic.LoadUint64":
		return true
	}
	return false
}

// returnsObject reports whether fn returns what can point to a variable of a type
// of its package.
func returnsObject(fn *ssa.Function) bool {
	results := fn.Signature.Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if _, ok := t.Underlying().(*types.Signature); ok {
			return true
		}
		if named, ok := types.Unalias(t).(*types.Named); ok && fn.Pkg != nil && named.Obj().Pkg() == fn.Pkg.Pkg {
			switch t.Underlying().(type) {
			case *types.Struct, *types.Interface:
				return true
			}
		}
	}
	return false
}
