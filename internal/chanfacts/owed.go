package chanfacts

import (
	"go/ast"
	"go/types"
	"slices"
)

// owed returns the results that are unbuffered channels, made by a statement of
// the body, on which a goroutine that the body starts is certain to send:
//
//	c := make(chan T)
//	go func() { …; c <- v; … }()
//	return c
//
// Nothing else may be done with the channel but to send and to close.
func owed(info *types.Info, fn *types.Func, decl *ast.FuncDecl) []int {
	last, ok := lastReturn(decl.Body)
	if !ok {
		return nil
	}
	var out []int
	for i, e := range last.Results {
		v := varOf(info, e)
		if v == nil || i >= fn.Signature().Results().Len() || assigned(info, decl.Body, v) {
			continue
		}
		if made(info, decl.Body, v) && sendsAlways(info, decl.Body, v) && !usedOtherwise(info, decl.Body, v, last) {
			out = append(out, i)
		}
	}
	return out
}

// lastReturn returns the only return statement of a body, if it is the last
// statement.
func lastReturn(body *ast.BlockStmt) (*ast.ReturnStmt, bool) {
	if len(body.List) == 0 {
		return nil, false
	}
	last, ok := body.List[len(body.List)-1].(*ast.ReturnStmt)
	if !ok || slices.ContainsFunc(body.List[:len(body.List)-1], mayLeave) {
		return nil, false
	}
	return last, true
}

// made reports whether a statement of the body makes v without a buffer.
func made(info *types.Info, body *ast.BlockStmt, v *types.Var) bool {
	return slices.ContainsFunc(body.List, func(stmt ast.Stmt) bool {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 || varOf(info, assign.Lhs[0]) != v {
			return false
		}
		call, ok := assign.Rhs[0].(*ast.CallExpr)
		b, isBuiltin := builtin(info, call)
		return ok && isBuiltin && b == "make" && len(call.Args) == 1
	})
}

// sendsAlways reports whether the body starts a literal that sends on v before
// it can leave.
func sendsAlways(info *types.Info, body *ast.BlockStmt, v *types.Var) bool {
	return slices.ContainsFunc(body.List, func(stmt ast.Stmt) bool {
		start, ok := stmt.(*ast.GoStmt)
		if !ok {
			return false
		}
		lit, ok := start.Call.Fun.(*ast.FuncLit)
		return ok && sendsFirst(info, lit.Body.List, v)
	})
}

// sendsFirst reports whether a list of statements, or the endless loop that it
// comes to, sends on v before anything in it can leave.
func sendsFirst(info *types.Info, list []ast.Stmt, v *types.Var) bool {
	for _, stmt := range list {
		switch s := stmt.(type) {
		case *ast.SendStmt:
			if varOf(info, s.Chan) == v {
				return true
			}
		case *ast.ForStmt:
			if s.Cond == nil {
				return sendsFirst(info, s.Body.List, v)
			}
		}
		if mayLeave(stmt) || mayBreak(stmt) {
			return false
		}
	}
	return false
}

func mayBreak(stmt ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		_, ok := n.(*ast.BranchStmt)
		found = found || ok
		return !found
	})
	return found
}

// usedOtherwise reports whether v is used in another way than to be sent on, to
// be closed, and to be returned at the end.
func usedOtherwise(info *types.Info, body *ast.BlockStmt, v *types.Var, last *ast.ReturnStmt) bool {
	allowed := map[ast.Expr]bool{}
	for _, e := range last.Results {
		allowed[ast.Unparen(e)] = true
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			allowed[ast.Unparen(n.Chan)] = true
		case *ast.CallExpr:
			if b, ok := builtin(info, n); ok && b == "close" {
				allowed[ast.Unparen(n.Args[0])] = true
			}
		}
		return true
	})
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v && !allowed[id] {
			found = true
		}
		return !found
	})
	return found
}
