package chanfacts

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanlint/chanlint/internal/noreturn"
)

// list walks statements in order. What stands behind one that may leave is not
// always reached.
func (w *walker) list(stmts []ast.Stmt, when When) {
	for _, s := range stmts {
		w.stmt(s, when)
		if when == Always && w.leaves(s, w.loop) {
			when = Sometimes
		}
	}
}

// leaves reports whether a statement may end its function, or jump: with
// anyJump, also inside itself.
func (p *pkg) leaves(stmt ast.Stmt, anyJump bool) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || anyJump || n.Tok == token.GOTO || n.Label != nil
		case *ast.CallExpr:
			found = found || p.stops(n)
		}
		return !found
	})
	return found
}

// stops reports whether a call is known never to return.
func (p *pkg) stops(call *ast.CallExpr) bool {
	switch fn := typeutil.Callee(p.info, call).(type) {
	case *types.Builtin:
		return fn.Name() == "panic"
	case *types.Func:
		return noreturn.Known(fn) != noreturn.Returns
	}
	return false
}

func (w *walker) stmt(s ast.Stmt, when When) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		w.expr(s.X, when)
	case *ast.SendStmt:
		w.operate(s.Chan, sends, when)
		w.expr(s.Value, when)
	case *ast.IncDecStmt:
		w.expr(s.X, when)
	case *ast.AssignStmt:
		w.assign(s, when)
	case *ast.DeclStmt:
		w.nodes(s, when)
	case *ast.GoStmt:
		w.call(s.Call, Started)
	case *ast.DeferStmt:
		w.recovers = w.recovers || w.mayRecover(s.Call)
		w.call(s.Call, when)
	case *ast.ReturnStmt:
		w.exprs(s.Results, when)
	case *ast.BlockStmt:
		w.list(s.List, when)
	case *ast.LabeledStmt:
		w.stmt(s.Stmt, when)
	case *ast.IfStmt:
		w.ifElse(s, when)
	case *ast.ForStmt:
		w.forLoop(s, when)
	case *ast.RangeStmt:
		w.rangeLoop(s, when)
	case *ast.SwitchStmt:
		w.optional(s.Init, when)
		w.expr(s.Tag, when)
		w.clauses(s.Body, when)
	case *ast.TypeSwitchStmt:
		w.optional(s.Init, when)
		w.stmt(s.Assign, when)
		w.clauses(s.Body, when)
	case *ast.SelectStmt:
		w.clauses(s.Body, when)
	}
}

func (w *walker) optional(s ast.Stmt, when When) {
	if s != nil {
		w.stmt(s, when)
	}
}

// maybe is the occasion of what need not be reached.
func maybe(when When) When {
	if when == Always {
		return Sometimes
	}
	return when
}

// clauses walks the cases of a switch or a select. A select with one case always
// takes it.
func (w *walker) clauses(body *ast.BlockStmt, when When) {
	inner := maybe(when)
	for _, clause := range body.List {
		switch clause := clause.(type) {
		case *ast.CaseClause:
			w.exprs(clause.List, inner)
			w.list(clause.Body, inner)
		case *ast.CommClause:
			if comm := inner; clause.Comm != nil {
				if len(body.List) == 1 {
					comm = when
				}
				w.stmt(clause.Comm, comm)
			}
			w.list(clause.Body, inner)
		}
	}
}

func (w *walker) assign(s *ast.AssignStmt, when When) {
	for _, e := range s.Lhs {
		if c, ok := w.channelOf(e); ok {
			w.use(c).Sets = true
		} else if _, ok := e.(*ast.Ident); !ok {
			w.expr(e, when)
		}
	}
	for i, e := range s.Rhs {
		if _, ok := w.channelOf(e); ok && len(s.Lhs) == len(s.Rhs) {
			if id, isIdent := s.Lhs[i].(*ast.Ident); isIdent && id.Name == "_" {
				continue
			}
		}
		w.expr(e, when)
	}
}

func (w *walker) ifElse(s *ast.IfStmt, when When) {
	w.optional(s.Init, when)
	w.expr(s.Cond, when)
	if s.Else == nil || when != Always {
		w.list(s.Body.List, maybe(when))
		w.optional(s.Else, maybe(when))
		return
	}
	body := w.apart(func() { w.list(s.Body.List, when) })
	other := w.apart(func() { w.stmt(s.Else, when) })
	w.either(body, other)
}

func (w *walker) forLoop(s *ast.ForStmt, when When) {
	w.optional(s.Init, when)
	if s.Cond != nil {
		w.expr(s.Cond, when)
		w.list(s.Body.List, maybe(when))
	} else {
		was := w.loop
		w.loop = true
		w.list(s.Body.List, when)
		w.loop = was
	}
	w.optional(s.Post, maybe(when))
}

func (w *walker) rangeLoop(s *ast.RangeStmt, when When) {
	if c, ok := w.channelOf(s.X); ok {
		w.use(c).Receive |= when
		if w.leaves(s.Body, true) {
			w.use(c).Range |= maybe(when)
		} else {
			w.use(c).Range |= when
		}
	} else {
		w.expr(s.X, when)
	}
	w.list(s.Body.List, maybe(when))
}

func (w *walker) exprs(list []ast.Expr, when When) {
	for _, e := range list {
		w.expr(e, when)
	}
}

// expr walks an expression whose value goes somewhere: a channel that stands in
// it for itself is kept.
func (w *walker) expr(e ast.Expr, when When) {
	if e == nil {
		return
	}
	if c, ok := w.channelOf(e); ok {
		w.use(c).Keeps = true
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		w.recvLost = w.recvLost || w.isRecv(e)
	case *ast.SelectorExpr:
		if sel := w.info.Selections[e]; sel != nil && sel.Kind() == types.FieldVal && w.isRecv(e.X) {
			return // a field that is no channel
		}
		w.expr(e.X, when)
	case *ast.UnaryExpr:
		if e.Op == token.ARROW {
			w.operate(e.X, receives, when)
			return
		}
		w.expr(e.X, when)
	case *ast.BinaryExpr:
		w.binary(e, when)
	case *ast.CallExpr:
		w.call(e, when)
	case *ast.FuncLit:
		w.captured(e)
	default:
		w.nodes(e, when)
	}
}

// nodes walks the expressions directly below a node that is of no interest
// itself.
func (w *walker) nodes(n ast.Node, when When) {
	ast.Inspect(n, func(child ast.Node) bool {
		if e, ok := child.(ast.Expr); ok && child != n {
			w.expr(e, when)
			return false
		}
		return true
	})
}

func (w *walker) binary(e *ast.BinaryExpr, when When) {
	second := when
	switch e.Op {
	case token.EQL, token.NEQ: // a comparison does nothing to a channel
		for _, x := range []ast.Expr{e.X, e.Y} {
			if _, ok := w.channelOf(x); !ok && !w.isRecv(x) {
				w.expr(x, when)
			}
		}
		return
	case token.LAND, token.LOR:
		second = maybe(when)
	}
	w.expr(e.X, when)
	w.expr(e.Y, second)
}

// captured walks a literal that is not called at once: whatever it uses may be
// used at any time.
func (w *walker) captured(lit *ast.FuncLit) {
	inner := w.apart(func() { w.list(lit.Body.List, Sometimes) })
	for c, u := range inner {
		u.Keeps = true
		w.merge(c, *u)
	}
}
