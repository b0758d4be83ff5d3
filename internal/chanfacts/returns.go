package chanfacts

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// summaryOf returns the summary of the function that a call is of, or nil.
func (p *pkg) summaryOf(call *ast.CallExpr) *Summary {
	fn, ok := typeutil.Callee(p.info, call).(*types.Func)
	if !ok || types.IsInterface(recvType(fn)) {
		return nil
	}
	return p.of(fn)
}

// ending says how the calls of a body end.
func (p *pkg) ending(body *ast.BlockStmt) Ending {
	if len(body.List) == 0 {
		return Returns
	}
	how := p.endingOf(body.List)
	if how == Returns {
		return Returns
	}
	recovers := false
	ast.Inspect(body, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			recovers = recovers || p.mayRecover(d.Call)
		}
		return !recovers
	})
	if recovers {
		return Returns
	}
	return how
}

func (p *pkg) endingOf(list []ast.Stmt) Ending {
	for _, s := range list {
		if how := p.endingOfStmt(s); how != Returns {
			return how
		}
		if p.jumps(s, func(b *ast.BranchStmt) bool { return b.Label != nil || b.Tok == token.GOTO }) {
			return Returns
		}
	}
	return Returns
}

func (p *pkg) endingOfStmt(s ast.Stmt) Ending {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return p.endingOfStmt(s.Stmt)
	case *ast.BlockStmt:
		return p.endingOf(s.List)
	case *ast.SelectStmt:
		if len(s.Body.List) == 0 {
			return Runs
		}
	case *ast.ForStmt:
		if s.Cond != nil || p.jumps(s.Body, func(b *ast.BranchStmt) bool { return b.Tok != token.CONTINUE }) {
			return Returns
		}
		if p.leaves(s.Body, false) {
			return Ends // some call in it does
		}
		return Runs
	case *ast.IfStmt:
		if s.Else == nil {
			return Returns
		}
		body, other := p.endingOf(s.Body.List), p.endingOfStmt(s.Else)
		switch {
		case body == Returns || other == Returns:
			return Returns
		case body == other:
			return body
		}
		return Ends
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		switch {
		case !ok:
		case p.stops(call):
			return Ends
		default:
			if s := p.summaryOf(call); s != nil {
				return s.Ending
			}
		}
	}
	return Returns
}

// jumps reports whether a statement returns, or contains a jump of the given
// kind.
func (p *pkg) jumps(s ast.Stmt, kind func(*ast.BranchStmt) bool) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || kind(n)
		}
		return !found
	})
	return found
}

// mayRecover reports whether a deferred call may recover from a panic: the
// function then returns from anywhere. Functions of the standard library do not.
func (p *pkg) mayRecover(call *ast.CallExpr) bool {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return p.recovers(lit.Body)
	}
	switch fn := typeutil.Callee(p.info, call).(type) {
	case *types.Builtin:
		return fn.Name() == "recover"
	case *types.Func:
		if fn.Pkg() == nil {
			return false
		}
		if decl := p.decls[fn.Origin()]; decl != nil {
			return p.recovers(decl.Body)
		}
		first, _, _ := strings.Cut(fn.Pkg().Path(), "/")
		return fn.Pkg() == p.pass.Pkg || strings.Contains(first, ".")
	}
	return true
}

func (p *pkg) recovers(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name, _ := builtin(p.info, call)
			found = found || name == "recover"
		}
		return !found
	})
	return found
}

func nilable(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Signature, *types.Chan, *types.Interface:
		return true
	}
	return false
}

// nonNil returns the results that are never nil, whichever return is taken.
func (p *pkg) nonNil(sig *types.Signature, decl *ast.FuncDecl) []int {
	var left []int
	for i := range sig.Results().Len() {
		if nilable(sig.Results().At(i).Type()) {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return nil
	}
	seen := false
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			seen = true
			left = slices.DeleteFunc(left, func(i int) bool { return !p.returnsNonNil(decl.Body, n, i, sig.Results().Len()) })
		}
		return len(left) > 0
	})
	if !seen {
		return nil
	}
	return left
}

// returnsNonNil reports whether a return statement gives a result that is not
// nil for number i of n.
func (p *pkg) returnsNonNil(body *ast.BlockStmt, ret *ast.ReturnStmt, i, n int) bool {
	switch len(ret.Results) {
	case n:
		return p.isNonNil(body, ret.Results[i], 0)
	case 1:
		return p.isNonNil(body, ret.Results[0], i)
	}
	return false
}

// isNonNil reports whether an expression, or result i of it if it is a call, is
// made here or by a function whose result is never nil.
func (p *pkg) isNonNil(body *ast.BlockStmt, e ast.Expr, i int) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit, *ast.FuncLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND
	case *ast.CallExpr:
		switch name, _ := builtin(p.info, e); name {
		case "make", "new":
			return true
		}
		s := p.summaryOf(e)
		return s != nil && slices.Contains(s.NonNil, i)
	case *ast.Ident:
		v := varOf(p.info, e)
		if v == nil {
			return false
		}
		def, n := p.definition(body, v)
		if _, again := def.(*ast.Ident); def == nil || again {
			return false
		}
		return p.isNonNil(body, def, n) && !assigned(p.info, body, v)
	}
	return false
}
