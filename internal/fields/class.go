package fields

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A Class is all channels that a field ever holds, in whatever object, or all
// that one make expression makes.
type Class struct {
	Field *types.Var    // its origin; nil for channels that no field holds
	Elem  bool          // the channels in the map, slice or array that the field holds
	Made  *ssa.MakeChan // of a channel that is only handed from function to function
}

// valid reports whether c names anything.
func (c Class) valid() bool { return c != Class{} }

// closed is whether the channels of c are closed.
func (c Class) closed() key {
	if c.Made != nil {
		return key{cell: c.Made, closed: true}
	}
	return key{field: c.Field, closed: true}
}

// maxSteps bounds how far a value is followed to where it comes from.
const maxSteps = 12

// classOf returns the class that the channel v is of, and the object that it
// was taken from. The class is not valid if v does not come from a field.
func (w *world) classOf(v ssa.Value) (Class, ssa.Value) {
	f := finder{world: w, seen: map[ssa.Value]bool{}}
	c, base := f.find(v, maxSteps)
	if f.mixed {
		return Class{}, nil
	}
	return c, base
}

// A finder follows one value.
type finder struct {
	*world
	seen  map[ssa.Value]bool
	mixed bool // it may come from two places
}

func (f *finder) find(v ssa.Value, steps int) (Class, ssa.Value) {
	if steps == 0 || f.seen[v] {
		return Class{}, nil
	}
	f.seen[v] = true
	steps--
	switch v := v.(type) {
	case *ssa.ChangeType:
		return f.find(v.X, steps)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.load(v.X, steps)
		}
	case *ssa.Field:
		return f.own(place.FieldOfValue(v)), v.X
	case *ssa.Phi:
		return f.merge(v.Edges, steps)
	case *ssa.Lookup:
		c, base := f.find(v.X, steps)
		return f.elem(c), base
	case *ssa.Extract:
		return f.extract(v, steps)
	case *ssa.Parameter:
		return f.parameter(v, steps)
	case *ssa.FreeVar:
		if b := place.Binding(v); b != nil {
			return f.find(b, steps)
		}
	case *ssa.MakeChan:
		c, base := f.stored(v)
		if !c.valid() {
			c = Class{Made: v}
		}
		return c, base
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.Alloc:
		return f.stored(v)
	case *ssa.Call:
		return f.result(v, steps)
	}
	return Class{}, nil
}

// load finds what stands at an address.
func (f *finder) load(addr ssa.Value, steps int) (Class, ssa.Value) {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return f.own(place.FieldOf(addr)), addr.X
	case *ssa.IndexAddr:
		c, base := f.find(addr.X, steps)
		return f.elem(c), base
	}
	root := place.Cell(addr)
	if root == nil {
		return Class{}, nil
	}
	return f.merge(f.cellStores(root), steps)
}

// elem is the class of what a container of class c holds.
func (f *finder) elem(c Class) Class {
	if c.Field == nil || c.Elem {
		return Class{}
	}
	return Class{Field: c.Field, Elem: true}
}

// own returns the class of field if this package declares it.
func (f *finder) own(field *types.Var) Class {
	if field.Pkg() != f.pass.Pkg {
		return Class{}
	}
	return Class{Field: field}
}

// merge finds what all values have in common; nil constants do not count.
func (f *finder) merge(values []ssa.Value, steps int) (Class, ssa.Value) {
	var c Class
	var base ssa.Value
	for _, v := range values {
		if k, ok := v.(*ssa.Const); ok && k.IsNil() || f.seen[v] {
			continue
		}
		d, b := f.find(v, steps)
		switch {
		case !d.valid():
			return Class{}, nil
		case c.valid() && c != d:
			f.mixed = true
			return Class{}, nil
		}
		c, base = d, b
	}
	return c, base
}

// extract finds an element that a range over a map or a lookup gives.
func (f *finder) extract(v *ssa.Extract, steps int) (Class, ssa.Value) {
	switch t := v.Tuple.(type) {
	case *ssa.Next:
		if r, ok := t.Iter.(*ssa.Range); ok && v.Index == 2 {
			c, base := f.find(r.X, steps)
			return f.elem(c), base
		}
		if r, ok := t.Iter.(*ssa.Range); ok && v.Index == 1 { // channels as keys
			if _, isMap := r.X.Type().Underlying().(*types.Map); isMap {
				c, base := f.find(r.X, steps)
				return f.elem(c), base
			}
		}
	case *ssa.Lookup:
		if v.Index == 0 {
			c, base := f.find(t.X, steps)
			return f.elem(c), base
		}
	}
	return Class{}, nil
}

// parameter finds what the callers in the package hand to a function that only
// they can call.
func (f *finder) parameter(v *ssa.Parameter, steps int) (Class, ssa.Value) {
	fn := v.Parent()
	if len(fn.Params) > 0 && f.entersFromOutside(fn) {
		return Class{}, nil
	}
	var args []ssa.Value
	for _, e := range f.callersOf(fn) {
		a := e.args()
		if len(a) != len(fn.Params) {
			return Class{}, nil
		}
		for i, p := range fn.Params {
			if p == v {
				args = append(args, a[i])
			}
		}
	}
	return f.merge(args, steps)
}

// result finds what a function of the package returns.
func (f *finder) result(call *ssa.Call, steps int) (Class, ssa.Value) {
	fn := f.callee(call.Common())
	if fn == nil || fn.Signature.Results().Len() != 1 {
		return Class{}, nil
	}
	var results []ssa.Value
	for _, b := range fn.Blocks {
		if ret, ok := last(b).(*ssa.Return); ok && len(ret.Results) == 1 {
			results = append(results, ret.Results[0])
		}
	}
	return f.merge(results, steps)
}

// stored finds the field that a newly made value is stored to.
func (f *finder) stored(v ssa.Value) (Class, ssa.Value) {
	refs := v.Referrers()
	if refs == nil {
		return Class{}, nil
	}
	var c Class
	var base ssa.Value
	for _, ref := range *refs {
		var d Class
		var b ssa.Value
		switch ref := ref.(type) {
		case *ssa.ChangeType:
			d, b = f.stored(ref)
		case *ssa.Store:
			if ref.Val != v {
				continue
			}
			if fa, ok := ref.Addr.(*ssa.FieldAddr); ok {
				d, b = f.own(place.FieldOf(fa)), fa.X
			}
		case *ssa.MapUpdate:
			if ref.Value == v {
				d, b = f.find(ref.Map, maxSteps/2)
				d = f.elem(d)
			}
		}
		if !d.valid() {
			continue
		}
		if c.valid() && c != d {
			f.mixed = true
			return Class{}, nil
		}
		c, base = d, b
	}
	return c, base
}

func last(b *ssa.BasicBlock) ssa.Instruction {
	if len(b.Instrs) == 0 {
		return nil
	}
	return b.Instrs[len(b.Instrs)-1]
}
