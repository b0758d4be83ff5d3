package lockgraph

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A walker follows the statements of a function in their order, and knows which
// locks may be held. A statement that leaves its block, such as return, leaves the
// locks of what follows the block as they were before.
type walker struct {
	*graph
	fn   *function
	body *body
	held set
}

// A body is what is known of the locks in one declared function or literal as a
// whole.
type body struct {
	locked   set // somewhere
	unlocked set // somewhere
	deferred set // to be unlocked at the end, on some way
	kept     set // may be held at a return
}

func newBody() *body { return &body{locked: set{}, unlocked: set{}, deferred: set{}, kept: set{}} }

// function follows the body of a declared function or literal, whose walker w is.
func (w *walker) function(b *ast.BlockStmt) {
	if w.list(b.List) {
		w.keep()
	}
	for o := range w.body.kept {
		if w.body.locked[o] && w.body.unlocked[o] && !w.body.deferred[o] {
			w.graph.kept = true
		}
	}
}

// keep notes the locks that may be held where a function returns.
func (w *walker) keep() {
	for o := range w.held {
		w.body.kept[o] = true
	}
}

// stmt follows one statement and reports whether control goes on behind it.
func (w *walker) stmt(s ast.Stmt) bool {
	switch s := s.(type) {
	case nil:
	case *ast.BlockStmt:
		return w.list(s.List)
	case *ast.LabeledStmt:
		return w.stmt(s.Stmt)
	case *ast.IfStmt:
		w.stmt(s.Init)
		w.expr(s.Cond)
		w.branches(s.Body, s.Else)
	case *ast.ForStmt:
		w.stmt(s.Init)
		w.expr(s.Cond)
		w.branches(s.Body, nil)
		w.stmt(s.Post)
	case *ast.RangeStmt:
		w.expr(s.X)
		w.branches(s.Body, nil)
	case *ast.SwitchStmt:
		w.stmt(s.Init)
		w.expr(s.Tag)
		w.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		w.stmt(s.Init)
		w.stmt(s.Assign)
		w.clauses(s.Body)
	case *ast.SelectStmt:
		w.clauses(s.Body)
	case *ast.GoStmt:
		inner := &walker{graph: w.graph, fn: &function{takes: set{}, calls: map[*types.Func]bool{}}, body: newBody(), held: set{}}
		inner.expr(s.Call)
		w.fn.under = append(w.fn.under, inner.fn.under...)
	case *ast.DeferStmt:
		w.deferred(s.Call)
	case *ast.ReturnStmt:
		w.exprs(s.Results)
		w.keep()
		return false
	case *ast.BranchStmt:
		return s.Tok == token.FALLTHROUGH
	default:
		w.simple(s)
	}
	return true
}

func (w *walker) list(list []ast.Stmt) bool {
	for i, s := range list {
		if !w.stmt(s) {
			// What follows is reached by a label, if at all.
			for _, s := range list[i+1:] {
				w.stmt(s)
			}
			return false
		}
	}
	return true
}

// branches follows the two branches of an if statement.
func (w *walker) branches(body *ast.BlockStmt, other ast.Stmt) {
	w.either([]func(*walker) bool{
		func(w *walker) bool { return w.stmt(body) },
		func(w *walker) bool { return w.stmt(other) },
	})
}

func (w *walker) clauses(body *ast.BlockStmt) {
	ways := []func(*walker) bool{func(*walker) bool { return true }}
	for _, c := range body.List {
		if c, ok := c.(*ast.CaseClause); !ok || c.List == nil {
			ways[0] = func(*walker) bool { return false } // one of the others is taken
		}
		ways = append(ways, func(w *walker) bool {
			switch c := c.(type) {
			case *ast.CaseClause:
				w.exprs(c.List)
				return w.list(c.Body)
			case *ast.CommClause:
				w.stmt(c.Comm)
				return w.list(c.Body)
			}
			return true
		})
	}
	w.either(ways)
}

// either follows several ways, of which one is taken.
func (w *walker) either(ways []func(*walker) bool) {
	after := set{}
	for _, way := range ways {
		inner := &walker{graph: w.graph, fn: w.fn, body: w.body, held: w.held.clone()}
		if way(inner) {
			for o := range inner.held {
				after[o] = true
			}
		}
	}
	w.held = after
}

// deferred follows a deferred call: what it gives up is held until the end.
func (w *walker) deferred(call *ast.CallExpr) {
	inner := &walker{graph: w.graph, fn: w.fn, body: newBody(), held: w.held.clone()}
	inner.expr(call)
	for o := range inner.body.unlocked {
		w.body.deferred[o] = true
	}
}

// simple follows the calls in a statement without other statements.
func (w *walker) simple(s ast.Node) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			// It may be run here, and may unlock what is locked around it.
			inner := &walker{graph: w.graph, fn: w.fn, body: newBody(), held: w.held.clone()}
			inner.function(n.Body)
			for o := range inner.body.unlocked {
				w.body.unlocked[o] = true
			}
			return false
		case *ast.CallExpr:
			w.exprs(n.Args)
			w.expr(n.Fun)
			w.call(n)
			return false
		}
		return true
	})
}

func (w *walker) expr(e ast.Expr) {
	if e != nil {
		w.simple(e)
	}
}

func (w *walker) exprs(list []ast.Expr) {
	for _, e := range list {
		w.expr(e)
	}
}

// call follows a call of a lock's method or a function of the package.
func (w *walker) call(call *ast.CallExpr) {
	fun := ast.Unparen(call.Fun)
	var id *ast.Ident
	switch fun := fun.(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	case *ast.IndexExpr:
		id, _ = ast.Unparen(fun.X).(*ast.Ident)
	}
	if id == nil {
		return
	}
	fn, ok := w.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	if fn.Pkg() == w.pkg {
		w.fn.calls[fn.Origin()] = true
		if len(w.held) > 0 {
			w.fn.under = append(w.fn.under, under{held: w.held.clone(), call: fn.Origin()})
		}
		return
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok || fn.Pkg().Path() != "sync" {
		return
	}
	lock := w.lockOf(sel)
	switch {
	case lock == nil:
	case slices.Contains([]string{"Lock", "RLock"}, fn.Name()):
		if len(w.held) > 0 {
			w.fn.under = append(w.fn.under, under{held: w.held.clone(), lock: lock})
		}
		w.fn.takes[lock] = true
		w.held[lock] = true
		w.body.locked[lock] = true
	case slices.Contains([]string{"Unlock", "RUnlock"}, fn.Name()):
		if !w.held[lock] && !w.body.locked[lock] {
			// Locked by a function that has returned: who waits for what is locked
			// here, holds it.
			for o := range w.held {
				w.fn.under = append(w.fn.under, under{held: set{lock: true}, lock: o})
			}
		}
		delete(w.held, lock)
		w.body.unlocked[lock] = true
	}
}

// lockOf returns the field or variable whose method is selected, or nil.
func (w *walker) lockOf(sel *ast.SelectorExpr) types.Object {
	s := w.info.Selections[sel]
	if s == nil {
		return nil
	}
	if path := s.Index(); len(path) > 1 {
		return embedded(s.Recv(), path[:len(path)-1])
	}
	v := w.variable(sel.X)
	if x, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok && v != nil && v.Pkg() != nil && v.Pkg().Path() == "sync" {
		v = w.variable(x.X) // the L of a condition variable
	}
	if of := w.aliases[v]; of != nil {
		return of
	}
	return v
}

// embedded returns the field that path leads to from type t.
func embedded(t types.Type, path []int) types.Object {
	var field *types.Var
	for _, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || i >= st.NumFields() {
			return nil
		}
		field = st.Field(i)
		t = field.Type()
	}
	if field == nil {
		return nil
	}
	return field.Origin()
}
