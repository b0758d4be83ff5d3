package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A value is what the builder knows about an SSA value in a frame, wherever
// execution stands. What changes while the program runs is in registers, which
// a value only names.
type value interface{ isValue() }

type (
	// unknown is anything the model does not follow.
	unknown struct{}

	// nilValue is the constant nil.
	nilValue struct{}

	// ref is a primitive held in a register.
	ref struct{ reg regKey }

	// integer is a small integer, boolean or nil-ness held in a register.
	// For nil-ness, 0 is nil.
	integer struct{ reg regKey }

	// literal is an integer or boolean constant.
	literal int

	// address points into an object: its own variable, or one field path of it.
	address struct {
		obj  *object
		path string
	}

	// content is the struct value stored at an address.
	content struct{ at address }

	// closure is a function together with what it captures.
	closure struct {
		fn    *ssa.Function
		binds []value
	}

	// context is a context.Context made here. done is a ref.
	contextValue struct{ done regKey }

	// background is a context that never ends.
	background struct{}

	// cancel is the function that cancels the context whose done channel the
	// register holds.
	cancel struct{ done regKey }

	// cond is a sync.Cond that sync.NewCond made.
	cond struct{ lock, key regKey }

	// group is an errgroup.Group made with a context.
	group struct{ wg regKey }

	// message is a received struct of which one field, an error or a flag, is in
	// a register.
	message struct {
		reg   regKey
		field int
	}

	// nonNil is a value that is certainly not nil and otherwise unknown.
	nonNil struct{}

	// boxed is a channel in an interface.
	boxed struct {
		ref ref
		typ types.Type
	}

	// list is a slice whose elements are known.
	list struct{ seq *sequence }

	// onceFunc is what sync.OnceFunc returns.
	onceFunc struct {
		reg regKey
		fn  closure
	}
)

func (unknown) isValue()      {}
func (nilValue) isValue()     {}
func (ref) isValue()          {}
func (integer) isValue()      {}
func (literal) isValue()      {}
func (address) isValue()      {}
func (content) isValue()      {}
func (closure) isValue()      {}
func (cancel) isValue()       {}
func (contextValue) isValue() {}
func (background) isValue()   {}
func (group) isValue()        {}
func (cond) isValue()         {}
func (nonNil) isValue()       {}
func (onceFunc) isValue()     {}
func (message) isValue()      {}
func (list) isValue()         {}
func (boxed) isValue()        {}

// An object is a variable or composite made by one Alloc in one frame, or the
// elements of a slice made by one MakeSlice.
type object struct {
	frame *frame
	val   ssa.Value
	alloc *ssa.Alloc // val, or nil
	typ   types.Type // of the elements of a slice
}

func (o *object) typeOf() types.Type {
	if o.typ != nil {
		return o.typ
	}
	return pointee(o.alloc.Type())
}

// A regKey names a register independently of the process that holds it: an SSA
// value of a frame, or a cell of an object.
type regKey struct {
	frame *frame
	val   ssa.Value // nil for a cell
	obj   *object   // nil for an SSA value
	path  string    // field path of a cell; otherwise tells apart the registers of one value
}

func cellKey(a address) regKey { return regKey{obj: a.obj, path: a.path, frame: a.obj.frame} }

// isChan reports whether t is a channel type.
func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// tracksInt reports whether values of type t are worth an integer register:
// booleans by value, errors by nil-ness.
func tracksInt(t types.Type) bool { return isBool(t) || isError(t) }
