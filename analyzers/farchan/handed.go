package farchan

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/chanlint/chanlint/internal/chanfacts"
	"github.com/chanlint/chanlint/internal/report"
)

// blocks reports a call that is handed a channel which nobody else has, and that
// operates on it before it returns.
func (c *checker) blocks(s site, u chanfacts.Use, arg ast.Expr) {
	if u.Leaks() || u.Close != 0 || s.lasts || !c.fresh(s, arg) {
		return
	}
	ch := types.ExprString(arg)
	switch {
	case u.Send&chanfacts.Always != 0 && u.Receive|u.Range == 0:
		c.report(s.call, "send on %s in %s blocks forever: nothing can receive from %s before %s returns", ch, s.name, ch, s.name)
	case u.Send != 0:
	case u.Range&chanfacts.Always != 0:
		c.report(s.call, "range over %s in %s blocks forever: nothing can close %s before %s returns", ch, s.name, ch, s.name)
	case u.Receive&chanfacts.Always != 0:
		c.report(s.call, "receive from %s in %s blocks forever: nothing can send on %s or close it before %s returns", ch, s.name, ch, s.name)
	}
}

// fresh reports whether the argument of the call is an unbuffered channel that
// nothing but this call has seen: made in it, or in the same block before it and
// not used since.
func (c *checker) fresh(s site, arg ast.Expr) bool {
	if _, ok := arg.(*ast.CallExpr); ok {
		return c.makes(arg, true)
	}
	v := c.local(arg)
	if v == nil || c.mentions(s.list[s.i], v) != 1 {
		return false
	}
	at := c.defines(s, v)
	if at < 0 || !c.makes(s.list[at].(*ast.AssignStmt).Rhs[0], true) {
		return false
	}
	for _, stmt := range s.list[at+1 : s.i] {
		if c.mentions(stmt, v) > 0 || isLabeled(stmt) {
			return false
		}
	}
	return true
}

func isLabeled(stmt ast.Stmt) bool {
	_, ok := stmt.(*ast.LabeledStmt)
	return ok
}

// defines returns the statement before the call in its block that defines v and
// nothing else, or -1.
func (c *checker) defines(s site, v *types.Var) int {
	for i, stmt := range s.list[:s.i] {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 {
			continue
		}
		if id, ok := assign.Lhs[0].(*ast.Ident); ok && c.pass.TypesInfo.Defs[id] == v {
			return i
		}
	}
	return -1
}

// makes reports whether an expression makes a channel: one without a buffer, if
// so asked.
func (c *checker) makes(e ast.Expr, unbuffered bool) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || !c.isBuiltin(call, "make") {
		return false
	}
	if _, ok := c.pass.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Chan); !ok {
		return false
	}
	if !unbuffered || len(call.Args) == 1 {
		return true
	}
	size := c.pass.TypesInfo.Types[call.Args[1]].Value
	return size != nil && constant.Sign(size) == 0
}

// mentions counts how often a statement names v.
func (c *checker) mentions(stmt ast.Node, v *types.Var) int {
	n := 0
	ast.Inspect(stmt, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok && c.pass.TypesInfo.Uses[id] == v {
			n++
		}
		return true
	})
	return n
}

// started reports a go statement whose function ranges, until it is closed, over
// a channel that its caller only sends on.
func (c *checker) started(s site, start *ast.GoStmt) {
	if s.lasts || !s.plain() {
		return
	}
	for _, u := range s.known.Params {
		v := c.local(s.call.Args[u.Param])
		if v == nil || u.Leaks() || u.Close|u.Send != 0 || u.Range&chanfacts.Always == 0 {
			continue
		}
		at := c.defines(s, v)
		if at < 0 || !c.makes(s.list[at].(*ast.AssignStmt).Rhs[0], false) {
			continue
		}
		if c.onlySent(v, s.list[at+1:]) {
			c.report(start, "range over %s in %s blocks forever: nothing closes %s; goroutine leaks", v.Name(), s.name, v.Name())
		}
	}
}

// onlySent reports whether all that the statements from the definition of v to
// the end of its scope do to it is to send, or to start goroutines that receive;
// and the sends come to an end.
func (c *checker) onlySent(v *types.Var, stmts []ast.Stmt) bool {
	u := c.facts.Use(v, stmts...)
	if u.Leaks() || u.Close != 0 || u.Send&chanfacts.Started != 0 {
		return false
	}
	for _, stmt := range stmts {
		if c.goesOn(stmt, v) {
			return false
		}
	}
	return true
}

// goesOn reports whether a statement contains a loop without an end in sight that
// uses v, or a jump that may make one.
func (c *checker) goesOn(stmt ast.Stmt, v *types.Var) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			found = found || n.Cond == nil && c.mentions(n, v) > 0
		case *ast.RangeStmt:
			switch c.pass.TypesInfo.TypeOf(n.X).Underlying().(type) {
			case *types.Chan, *types.Signature:
				found = found || c.mentions(n, v) > 0
			}
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		}
		return !found
	})
	return found
}

// unreached reports a goroutine that waits for what its starter does only behind
// a call that never comes back.
func (c *checker) unreached(s site) {
	if _, ok := s.list[s.i].(*ast.ExprStmt); !ok || s.known.Ending != chanfacts.Runs || s.lasts {
		return
	}
	after := s.list[s.i+1:]
	for at, stmt := range s.list[:s.i] {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || !c.makes(assign.Rhs[0], false) {
			continue
		}
		v := c.local(assign.Lhs[0])
		if v == nil || c.mentions(s.list[s.i], v) > 0 {
			continue
		}
		before := s.list[at+1 : s.i]
		u, later := c.facts.Use(v, before...), c.facts.Use(v, after...)
		if u.Leaks() || u.Send|u.Close != 0 || (later.Send|later.Close)&chanfacts.Always == 0 {
			continue
		}
		for _, stmt := range before {
			start, ok := stmt.(*ast.GoStmt)
			if !ok {
				continue
			}
			it := c.facts.Use(v, &ast.ExprStmt{X: start.Call})
			if it.Receive&chanfacts.Always != 0 {
				at, verb := c.receive(start, v)
				c.report(at, "%s %s blocks forever: %s at %s never returns, and nothing before it sends on %s or closes it; goroutine leaks",
					verb, v.Name(), s.name, report.Line(c.pass, start.Pos(), s.call.Pos()), v.Name())
			}
		}
	}
}

// receive returns the first receive from v in a go statement and the verb for it,
// or the statement itself if the receive stands in another function.
func (c *checker) receive(start *ast.GoStmt, v *types.Var) (at ast.Node, verb string) {
	at, verb = start, "receive from"
	ast.Inspect(start, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && c.local(n.X) == v && at == start {
				at = n
			}
		case *ast.RangeStmt:
			if c.local(n.X) == v && at == start {
				at, verb = n, "range over"
			}
		}
		return at == start
	})
	return at, verb
}
