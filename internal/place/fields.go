package place

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"

	"golang.org/x/tools/go/ssa"
)

// coreStruct returns the struct type underlying t.
func coreStruct(t types.Type) (*types.Struct, bool) {
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		iface, ok := tp.Constraint().Underlying().(*types.Interface)
		if !ok || iface.NumEmbeddeds() != 1 {
			return nil, false
		}
		t = iface.EmbeddedType(0)
		if u, ok := t.(*types.Union); ok && u.Len() > 0 {
			t = u.Term(0).Type()
		}
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// FieldsOf yields the origins of all fields of t, if it is a struct, and of
// the structs in it.
func FieldsOf(t types.Type) iter.Seq[*types.Var] {
	return func(yield func(*types.Var) bool) { fieldsOf(t, yield) }
}

func fieldsOf(t types.Type, yield func(*types.Var) bool) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return fieldsOf(u.Elem(), yield)
	case *types.Struct:
		for f := range u.Fields() {
			if !yield(f.Origin()) || !fieldsOf(f.Type(), yield) {
				return false
			}
		}
	}
	return true
}

// ChanPaths yields the paths of the channels that a struct of type t holds by
// value, at most three structs deep.
func ChanPaths(paths *Paths, t types.Type) iter.Seq[*Path] {
	return func(yield func(*Path) bool) { chanPaths(paths, nil, t, 3, yield) }
}

func chanPaths(paths *Paths, p *Path, t types.Type, depth int, yield func(*Path) bool) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return true
	}
	for f := range s.Fields() {
		switch f.Type().Underlying().(type) {
		case *types.Chan:
			if !yield(paths.Append(p, f)) {
				return false
			}
		case *types.Struct:
			if !chanPaths(paths, paths.Append(p, f), f.Type(), depth-1, yield) {
				return false
			}
		}
	}
	return true
}

// readSyntax records which variables and fields are ever assigned anything but
// nil. It looks at syntax because SSA drops what it takes for unreachable.
func (w *World) readSyntax(file *ast.File, info *types.Info) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) != len(n.Rhs) || !isNil(info, n.Rhs[i]) {
					w.assign(info, lhs)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) > 0 && (len(n.Values) != len(n.Names) || !isNil(info, n.Values[i])) {
					w.assign(info, name)
				}
			}
		case *ast.RangeStmt:
			w.assign(info, n.Key)
			w.assign(info, n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				w.assign(info, n.X)
			}
		case *ast.CompositeLit:
			w.assignLiteral(info, n)
		case *ast.CallExpr:
			w.assignConversion(info, n)
		}
		return true
	})
}

func isNil(info *types.Info, e ast.Expr) bool {
	tv, ok := info.Types[e]
	return ok && tv.IsNil()
}

// assign records an assignment to lhs, or that its address is taken. Only the
// variable or field itself counts: storing to x.f says nothing about x.
func (w *World) assign(info *types.Info, lhs ast.Expr) {
	var id *ast.Ident
	switch e := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	case *ast.IndexExpr: // an element of an array field
		w.assign(info, e.X)
		return
	default:
		return
	}
	obj := info.Uses[id]
	if obj == nil {
		obj = info.Defs[id]
	}
	if v, ok := obj.(*types.Var); ok {
		w.assigned[v.Origin()] = true
	}
}

func (w *World) assignLiteral(info *types.Info, lit *ast.CompositeLit) {
	t := info.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // elided &T in a slice or map
		t = p.Elem()
	}
	s, ok := coreStruct(t)
	if !ok {
		return
	}
	for i, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if !isNil(info, kv.Value) {
				w.assign(info, kv.Key)
			}
		} else if i < s.NumFields() && !isNil(info, elt) {
			w.assigned[s.Field(i).Origin()] = true
		}
	}
}

// assignConversion treats a conversion between struct types as an assignment
// to every field: the fields of the two types are different variables. The
// conversion of nil in
//
//	var _ Interface = (*Type)(nil)
//
// gives no object.
func (w *World) assignConversion(info *types.Info, call *ast.CallExpr) {
	tv, ok := info.Types[call.Fun]
	if !ok || !tv.IsType() || len(call.Args) == 1 && isNil(info, call.Args[0]) {
		return
	}
	w.assignFields(tv.Type)
}

// assignFields records an assignment to all fields of t, a struct or a pointer
// to one.
func (w *World) assignFields(t types.Type) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	for f := range FieldsOf(t) {
		w.assigned[f] = true
		w.restored[f] = true
	}
}

// FieldsFrom returns the path of fa from the pointer it starts at, following
// nested selections, and that pointer.
func FieldsFrom(paths *Paths, v ssa.Value) (ssa.Value, *Path) {
	fa, ok := v.(*ssa.FieldAddr)
	if !ok {
		return v, nil
	}
	root, p := FieldsFrom(paths, fa.X)
	return root, paths.Append(p, FieldOf(fa))
}
