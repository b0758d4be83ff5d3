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
	}
	return nil
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
	switch {
	case !ok:
		return unknown{}
	case i == 1 && holds:
		return literal(1)
	case i == 1:
		return literal(0)
	case holds:
		return b.val(f, v.X)
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
