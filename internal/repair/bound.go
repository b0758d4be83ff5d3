package repair

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// bound returns the bound of the only loop around the send, if it is known
// where the channel is made: len(xs) for a range over xs or a loop that counts
// to it.
func (f *Fixer) bound(u *usage, call *ast.CallExpr) (string, bool) {
	file := f.fileOf(call.Pos())
	if file == nil || len(u.sends) != 1 {
		return "", false
	}
	var loops []ast.Node
	for send := range u.sends {
		path, _ := astutil.PathEnclosingInterval(file, send.Pos(), send.Pos())
		around := false
		for _, n := range path {
			if n.Pos() <= call.Pos() && call.End() <= n.End() {
				around = true
				break
			}
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				loops = append(loops, n)
			}
		}
		if !around {
			return "", false
		}
	}
	if len(loops) != 1 || call.Pos() > loops[0].Pos() {
		return "", false
	}
	return f.boundOf(loops[0], file, call.Pos())
}

// boundOf spells how often the loop goes round at most.
func (f *Fixer) boundOf(loop ast.Node, file *ast.File, at token.Pos) (string, bool) {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		switch t := f.pass.TypesInfo.TypeOf(loop.X).Underlying().(type) {
		case *types.Slice, *types.Array:
			return f.lengthOf(loop.X, file, at)
		case *types.Basic:
			if t.Info()&types.IsInteger != 0 {
				return f.countOf(loop.X, file, at)
			}
		}
	case *ast.ForStmt:
		init, ok := loop.Init.(*ast.AssignStmt)
		if !ok || len(init.Lhs) != 1 || len(init.Rhs) != 1 || !f.isZero(init.Rhs[0]) {
			return "", false
		}
		cond, ok := loop.Cond.(*ast.BinaryExpr)
		post, isInc := loop.Post.(*ast.IncDecStmt)
		if ok && isInc && cond.Op == token.LSS && post.Tok == token.INC && f.sameVar(init.Lhs[0], cond.X) && f.sameVar(cond.X, post.X) {
			return f.countOf(cond.Y, file, at)
		}
	}
	return "", false
}

func (f *Fixer) isZero(e ast.Expr) bool {
	v := f.pass.TypesInfo.Types[e].Value
	return v != nil && v.ExactString() == "0"
}

func (f *Fixer) sameVar(x, y ast.Expr) bool {
	a, ok := x.(*ast.Ident)
	b, isIdent := y.(*ast.Ident)
	return ok && isIdent && f.pass.TypesInfo.ObjectOf(a) == f.pass.TypesInfo.ObjectOf(b)
}

// countOf spells an integer bound: a variable, or the length of one.
func (f *Fixer) countOf(e ast.Expr, file *ast.File, at token.Pos) (string, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		// A signed one may be negative, which a loop takes and a make does not.
		t, ok := f.pass.TypesInfo.TypeOf(e).Underlying().(*types.Basic)
		return e.Name, ok && t.Info()&types.IsUnsigned != 0 && f.settled(e, file, at)
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "len" && len(e.Args) == 1 {
			if _, builtin := f.pass.TypesInfo.Uses[id].(*types.Builtin); builtin {
				return f.lengthOf(e.Args[0], file, at)
			}
		}
	}
	return "", false
}

// lengthOf spells the length of a slice or array that a variable holds.
func (f *Fixer) lengthOf(e ast.Expr, file *ast.File, at token.Pos) (string, bool) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || !f.settled(id, file, at) {
		return "", false
	}
	switch f.pass.TypesInfo.TypeOf(id).Underlying().(type) {
	case *types.Slice, *types.Array:
		return "len(" + id.Name + ")", true
	}
	return "", false
}

// settled reports whether id names a local variable that is visible at the given
// place and never assigned after its declaration.
func (f *Fixer) settled(id *ast.Ident, file *ast.File, at token.Pos) bool {
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && f.visible(v, at) && f.assignments(v, file) == 0
}

// visible reports whether the name of a local variable means it at the given
// place.
func (f *Fixer) visible(v *types.Var, at token.Pos) bool {
	if v.IsField() || v.Parent() == f.pass.Pkg.Scope() || v.Parent() == nil {
		return false
	}
	inner := f.pass.Pkg.Scope().Innermost(at)
	if inner == nil {
		return false
	}
	_, found := inner.LookupParent(v.Name(), at)
	return found == v
}

// assignments counts the places in file that may assign v, apart from its
// declaration.
func (f *Fixer) assignments(v *types.Var, file *ast.File) int {
	n := 0
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && f.pass.TypesInfo.Uses[id] == v
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, lhs := range node.Lhs {
				if is(lhs) {
					n++
				}
			}
		case *ast.IncDecStmt:
			if is(node.X) {
				n++
			}
		case *ast.RangeStmt:
			if node.Key != nil && is(node.Key) || node.Value != nil && is(node.Value) {
				n++
			}
		case *ast.UnaryExpr:
			if node.Op == token.AND && is(node.X) {
				n++
			}
		}
		return true
	})
	return n
}

func (f *Fixer) fileOf(pos token.Pos) *ast.File {
	for _, file := range f.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return file
		}
	}
	return nil
}
