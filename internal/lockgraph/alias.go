package lockgraph

import (
	"go/ast"
	"go/token"
	"go/types"
)

// readAliases records by which other names the locks of a file are known: the local
// variable that an element of a map or slice is assigned to, and the condition
// variable that a lock is given to. It notes whether the file locks anything.
func (g *graph) readAliases(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			g.used = g.used || n.Sel.Name == "Lock" || n.Sel.Name == "RLock"
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 {
				g.assign(n.Lhs[0], n.Rhs[0])
			}
		case *ast.KeyValueExpr:
			g.assign(n.Key, n.Value)
		case *ast.RangeStmt:
			if n.Value != nil {
				g.alias(n.Value, g.variable(n.X))
			}
		}
		return true
	})
}

// assign records what the assignment of an element or of a new condition variable
// shows.
func (g *graph) assign(to, from ast.Expr) {
	switch from := ast.Unparen(from).(type) {
	case *ast.IndexExpr:
		g.alias(to, g.variable(from.X))
	case *ast.CallExpr:
		if len(from.Args) == 1 && g.isSync(from.Fun, "NewCond") {
			g.alias(to, g.locker(from.Args[0]))
		}
	case *ast.UnaryExpr, *ast.SelectorExpr: // x.cond.L = &x.mu
		if sel, ok := to.(*ast.SelectorExpr); ok && sel.Sel.Name == "L" {
			g.alias(sel.X, g.locker(from))
		}
	}
}

func (g *graph) alias(e ast.Expr, of types.Object) {
	if v := g.variable(e); v != nil && of != nil && v != of {
		g.aliases[v] = of
	}
}

// locker returns the lock of which e is the address, or the RLocker.
func (g *graph) locker(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return g.variable(e.X)
		}
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && g.isSync(sel, "RLocker") {
			return g.variable(sel.X)
		}
	}
	return g.variable(e)
}

// isSync reports whether e names the function or method of package sync.
func (g *graph) isSync(e ast.Expr, name string) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	obj := g.info.Uses[sel.Sel]
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync"
}

// variable returns the variable or field that e names, or nil.
func (g *graph) variable(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := g.info.ObjectOf(e).(*types.Var); ok {
			return v.Origin()
		}
	case *ast.SelectorExpr:
		if v, ok := g.info.Uses[e.Sel].(*types.Var); ok {
			return v.Origin()
		}
	case *ast.IndexExpr:
		return g.variable(e.X)
	}
	return nil
}
