package locks

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// containerOf returns the name of the map or slice in a field of which v is an
// element; ok is false if v is none.
func (w *world) containerOf(v ssa.Value, depth int) (c name, ok bool) {
	if depth > 4 {
		return c, false
	}
	switch v := v.(type) {
	case *ssa.Lookup:
		return w.container(v.X)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Lookup:
			return w.container(t.X)
		case *ssa.Next:
			if r, isRange := t.Iter.(*ssa.Range); isRange && v.Index == 2 {
				return w.container(r.X)
			}
		}
	case *ssa.UnOp:
		if ia, isIndex := v.X.(*ssa.IndexAddr); isIndex && v.Op == token.MUL {
			return w.container(ia.X)
		}
		if cell := place.Cell(v.X); cell != nil && v.Op == token.MUL {
			if val := w.onlyValue(cell); val != nil {
				return w.containerOf(val, depth+1)
			}
		}
	case *ssa.Call:
		return w.returnedElement(v, depth)
	}
	return c, false
}

// container returns the name of the field that the map or slice v is loaded from.
func (w *world) container(v ssa.Value) (name, bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return name{}, false
	}
	n := w.nameOf(load.X)
	return n, n.path != nil && n.path.Field != nil
}

// returnedElement is containerOf for the result of a call: all that the function
// returns but nil are elements of one container.
func (w *world) returnedElement(call *ssa.Call, depth int) (c name, ok bool) {
	callee := w.callee(&call.Call)
	if callee == nil || callee.Signature.Results().Len() != 1 {
		return c, false
	}
	for _, b := range callee.Blocks {
		ret, isReturn := last(b).(*ssa.Return)
		if !isReturn || b == callee.Recover {
			continue
		}
		if k, isConst := ret.Results[0].(*ssa.Const); isConst && k.IsNil() {
			continue
		}
		got, isElement := w.containerOf(ret.Results[0], depth+1)
		if !isElement || ok && got != c {
			return c, false
		}
		c, ok = got, true
	}
	if !ok {
		return c, false
	}
	return w.translate(c, &call.Call, callee)
}

// relation returns the name of n from where its object is found: an element is
// named by its container, so that two elements of one container have one name.
func (w *world) relation(n name) name {
	for range 3 {
		v := n.root
		c, ok := w.containerOf(v, 0)
		if !ok {
			break
		}
		n = name{c.root, w.paths.Join(w.paths.Append(c.path, w.element), n.path)}
	}
	return n
}

// A backPointer says of a field that in every element of a container it points to
// the owner of the container.
type backPointer struct {
	container *place.Path // from the owner
}

// indirect returns the name of what the pointer in the field that n names points
// to.
func (w *world) indirect(n name) name {
	if back, ok := w.backs[n.path.Field]; ok && n.path.Parent == nil {
		if c, ok := w.containerOf(n.root, 0); ok {
			if owner, ok := cut(c.path, back.container); ok {
				return name{c.root, owner}
			}
		}
	}
	return name{n.root, w.paths.Append(n.path, nil)}
}

// cut returns path without suffix; ok is false if it does not end so.
func cut(path, suffix *place.Path) (rest *place.Path, ok bool) {
	for ; suffix != nil; path, suffix = path.Parent, suffix.Parent {
		if path == nil || path.Field != suffix.Field {
			return nil, false
		}
	}
	return path, true
}

// join returns the name that path leads to from base.
func (w *world) join(base name, path *place.Path) name {
	if path == nil {
		return base
	}
	n := w.join(base, path.Parent)
	if path.Field == nil && n.path != nil && n.path.Field != nil {
		return w.indirect(n)
	}
	return name{n.root, w.paths.Append(n.path, path.Field)}
}

// A filling is what the package puts into one container field.
type filling struct {
	backs map[*types.Var]*place.Path // pointers from the elements to the owner, by field
	first bool                       // whether nothing was put in yet
	lost  bool
}

// readBacks finds the back pointers of the package: of every element that is put
// into the container, made by the same function, the field points to the object
// that the container is in.
func (w *world) readBacks() {
	fills := map[*types.Var]*filling{}
	of := func(f *types.Var) *filling {
		if fills[f] == nil {
			fills[f] = &filling{first: true}
		}
		return fills[f]
	}
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MapUpdate:
					if c, ok := w.container(instr.Map); ok {
						of(c.path.Field).put(w, c, instr.Value)
					}
				case *ssa.Store:
					if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && isMap(instr.Val.Type()) && !emptyMap(instr.Val) {
						of(place.FieldOf(fa)).lost = true
					}
				case *ssa.FieldAddr:
					if isMap(place.FieldOf(instr).Type()) && leaks(instr) {
						of(place.FieldOf(instr)).lost = true
					}
				}
			}
		}
	}
	seen := map[*types.Var]int{}
	for _, f := range fills {
		for field, path := range f.backs {
			if seen[field]++; !f.lost && !w.reassigned[field] {
				w.backs[field] = backPointer{path}
			}
		}
	}
	for field, n := range seen {
		if n > 1 { // of one container or the other
			delete(w.backs, field)
		}
	}
}

// put notes that v is put into the container named c.
func (f *filling) put(w *world, c name, v ssa.Value) {
	n := w.nameOf(v)
	alloc, ok := n.root.(*ssa.Alloc)
	if !ok || n.path != nil {
		f.lost = true
		return
	}
	backs := map[*types.Var]*place.Path{}
	for _, r := range *alloc.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, r := range *fa.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok || st.Addr != fa || !isPointer(st.Val.Type()) {
				continue
			}
			if p, ok := w.from(w.nameOf(st.Val), c); ok {
				backs[place.FieldOf(fa)] = p
			}
		}
	}
	if f.first {
		f.first, f.backs = false, backs
		return
	}
	for field, p := range f.backs {
		if backs[field] != p {
			delete(f.backs, field)
		}
	}
}

// from returns the path from owner to c, if c is a part of it.
func (w *world) from(owner, c name) (*place.Path, bool) {
	if owner.root != c.root {
		return nil, false
	}
	var fields []*types.Var
	for p := c.path; p != owner.path; p = p.Parent {
		if p == nil || p.Field == nil {
			return nil, false
		}
		fields = append(fields, p.Field)
	}
	var out *place.Path
	for i := len(fields) - 1; i >= 0; i-- {
		out = w.paths.Append(out, fields[i])
	}
	return out, out != nil
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// emptyMap reports whether v is a new map without elements, or nil.
func emptyMap(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.MakeMap:
		for _, r := range *v.Referrers() {
			if _, ok := r.(*ssa.MapUpdate); ok {
				return false
			}
		}
		return true
	}
	return false
}

// leaks reports whether the map in a field is used for more than to look up, to
// range over, to count, to put in and to delete.
func leaks(fa *ssa.FieldAddr) bool {
	for _, r := range *fa.Referrers() {
		load, ok := r.(*ssa.UnOp)
		if !ok {
			if st, ok := r.(*ssa.Store); !ok || st.Addr != fa {
				return true
			}
			continue
		}
		for _, r := range *load.Referrers() {
			switch r := r.(type) {
			case *ssa.Lookup, *ssa.Range, *ssa.DebugRef, *ssa.BinOp:
			case *ssa.MapUpdate:
				if r.Map != load {
					return true
				}
			case *ssa.Call:
				if _, ok := r.Call.Value.(*ssa.Builtin); !ok {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
