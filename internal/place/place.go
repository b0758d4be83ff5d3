// Package place names channels: it tells which places of a function's memory
// and registers can hold the same channel, and who can store to them.
//
// A channel object never reopens, so what a register holds stays closed for
// ever; what changes is which object a variable or field holds. The package
// therefore separates the two questions. A [Place] names a variable, a field
// path or a register. A [World] knows, for the whole package, which functions
// store to which fields and variables, and which of them no one can re-make.
package place

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Path is a sequence of field selections, in the order of the source. The
// nil path is empty. Paths are interned by [Paths], so that equal paths are
// the same pointer and a Place can be compared with ==.
type Path struct {
	Parent *Path
	Field  *types.Var // the field's origin; nil if the step follows a pointer
	depth  int
}

// String returns the path as the source spells it, with a leading dot.
func (p *Path) String() string {
	var names []string
	for ; p != nil; p = p.Parent {
		if p.Field != nil {
			names = append(names, p.Field.Name())
		}
	}
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		b.WriteString("." + names[i])
	}
	return b.String()
}

// Depth returns the number of steps.
func (p *Path) Depth() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// Has reports whether one of the steps selects a field for which in is true.
func (p *Path) Has(in func(*types.Var) bool) bool {
	for ; p != nil; p = p.Parent {
		if p.Field != nil && in(p.Field) {
			return true
		}
	}
	return false
}

// Paths interns paths. The zero value is ready to use.
type Paths struct {
	next map[step]*Path
}

type step struct {
	parent *Path
	field  *types.Var
}

// Append returns p extended by one field selection, or by one pointer
// indirection if field is nil.
func (t *Paths) Append(p *Path, field *types.Var) *Path {
	if field != nil {
		field = field.Origin()
	}
	if t.next == nil {
		t.next = map[step]*Path{}
	}
	k := step{p, field}
	q := t.next[k]
	if q == nil {
		q = &Path{Parent: p, Field: field, depth: p.Depth() + 1}
		t.next[k] = q
	}
	return q
}

// Join returns p extended by all steps of q.
func (t *Paths) Join(p, q *Path) *Path {
	if q == nil {
		return p
	}
	return t.Append(t.Join(p, q.Parent), q.Field)
}

// A Place is something that holds a value: a register, part of a struct in a
// register, or the memory reached from a register that holds a pointer.
type Place struct {
	Root ssa.Value // a register; for variables, the Alloc or Global that is their address
	Path *Path
	Mem  bool // the content of the memory at Root and Path, not of the register Root
}

// Register returns the place of an SSA value itself.
func Register(v ssa.Value) Place { return Place{Root: v} }

// IsRegister reports whether p is a whole register: such a place is bound once
// and for all.
func (p Place) IsRegister() bool { return !p.Mem && p.Path == nil }

// Valid reports whether p names anything.
func (p Place) Valid() bool { return p.Root != nil }

// Field returns the field that p ends in, or nil.
func (p Place) Field() *types.Var {
	if p.Path == nil {
		return nil
	}
	return p.Path.Field
}

// Cell returns the captured variable whose address v is: the variable's Alloc
// or Global, seen through the free variables of any number of closures. The
// result is nil if v is no variable's address.
func Cell(v ssa.Value) ssa.Value {
	for range maxNesting {
		switch x := v.(type) {
		case *ssa.Alloc, *ssa.Global:
			return x
		case *ssa.FreeVar:
			v = Binding(x)
		default:
			return nil
		}
	}
	return nil
}

// maxNesting bounds the nesting of function literals that Cell sees through.
const maxNesting = 100

// Binding returns what fv is bound to where its closure is made, or nil if
// that is not unique.
func Binding(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	mc := MakeClosure(fn)
	if mc == nil {
		return nil
	}
	for i, f := range fn.FreeVars {
		if f == fv && i < len(mc.Bindings) {
			return mc.Bindings[i]
		}
	}
	return nil
}

// MakeClosure returns the instruction that makes closures of the function
// literal fn, or nil if fn captures nothing or is no literal.
func MakeClosure(fn *ssa.Function) *ssa.MakeClosure {
	refs := fn.Referrers()
	if refs == nil {
		return nil
	}
	var found *ssa.MakeClosure
	for _, ref := range *refs {
		if mc, ok := ref.(*ssa.MakeClosure); ok && mc.Fn == fn {
			if found != nil {
				return nil
			}
			found = mc
		}
	}
	return found
}
