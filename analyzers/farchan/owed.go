package farchan

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanlint/chanlint/internal/chanfacts"
	"github.com/chanlint/chanlint/internal/report"
)

// owed reports a call whose goroutine waits for what the caller does not do with
// a channel that it has got.
func (c *checker) owed(s site) {
	if s.lasts {
		return
	}
	for _, d := range s.known.Owes {
		v, dropped := c.result(s, d.Result)
		switch {
		case dropped && d.Kind == chanfacts.MustReceive:
			c.report(s.call, "send in %s blocks forever: nothing receives from the channel that it returns; goroutine leaks", s.name)
		case dropped:
			c.report(s.call, "range in %s blocks forever: nothing closes the channel that it returns; goroutine leaks", s.name)
		case v == nil:
		case d.Kind == chanfacts.MustReceive:
			c.leaves(s, v)
		case c.onlySent(v, s.list[s.i+1:]):
			c.report(s.call, "range in %s blocks forever: nothing closes %s; goroutine leaks", s.name, v.Name())
		}
	}
}

// result returns the variable that the statement of the call defines by result i
// alone. dropped reports whether the result goes nowhere.
func (c *checker) result(s site, i int) (v *types.Var, dropped bool) {
	switch stmt := s.list[s.i].(type) {
	case *ast.ExprStmt:
		return nil, true
	case *ast.AssignStmt:
		if i >= len(stmt.Lhs) {
			return nil, false
		}
		id, ok := stmt.Lhs[i].(*ast.Ident)
		if !ok {
			return nil, false
		}
		if id.Name == "_" {
			return nil, true
		}
		if stmt.Tok == token.DEFINE && len(stmt.Lhs) == 1 {
			v, _ = c.pass.TypesInfo.Defs[id].(*types.Var)
		}
	}
	return v, false
}

// leaves reports a way out of the function between the call and the first use of
// the channel that it has returned. Where the call has other results, they may
// say that there is no channel.
func (c *checker) leaves(s site, v *types.Var) {
	for _, stmt := range s.list[s.i+1:] {
		if c.mentions(stmt, v) > 0 || isLabeled(stmt) {
			return
		}
		if ret := returns(stmt); ret != nil {
			function := s.function
			if function == "" {
				function = "the function"
			}
			c.report(s.call, "send in %s blocks forever if %s returns at %s before receiving from %s; goroutine leaks",
				s.name, function, report.Line(c.pass, s.call.Pos(), ret.Pos()), v.Name())
			return
		}
	}
}

// returns returns the first return statement in a statement, or nil.
func returns(stmt ast.Stmt) *ast.ReturnStmt {
	var found *ast.ReturnStmt
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if found == nil {
				found = n
			}
		}
		return found == nil
	})
	return found
}
