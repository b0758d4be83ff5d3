package chanfacts

import (
	"go/ast"
	"go/types"
	"slices"
)

// owes returns what the caller of a function with one return statement, at its
// end, has to do with the channels that it returns. Either the body makes them
//
//	c := make(chan T)
//	go func() { …; c <- v; … }()
//	return c
//
// and starts a goroutine that is certain to send, or to range until the close,
// while nothing else can help it; or they are what another function returns.
func (p *pkg) owes(fn *types.Func, decl *ast.FuncDecl) []Debt {
	last, ok := p.lastReturn(decl.Body)
	if !ok {
		return nil
	}
	results := fn.Signature().Results()
	if len(last.Results) == 1 && results.Len() > 1 {
		return p.owesOf(last.Results[0])
	}
	var out []Debt
	for i, e := range last.Results {
		if !isChan(results.At(i).Type()) {
			continue
		}
		debts := p.owesOf(e)
		if v := varOf(p.info, e); v != nil && !assigned(p.info, decl.Body, v) {
			debts = p.owesVar(decl.Body, v)
		}
		for _, d := range debts {
			if d.Result == 0 {
				out = append(out, Debt{i, d.Kind})
			}
		}
	}
	return out
}

// lastReturn returns the only return statement of a body, if it is the last
// statement.
func (p *pkg) lastReturn(body *ast.BlockStmt) (*ast.ReturnStmt, bool) {
	if len(body.List) == 0 {
		return nil, false
	}
	last, ok := body.List[len(body.List)-1].(*ast.ReturnStmt)
	before := body.List[:len(body.List)-1]
	if !ok || slices.ContainsFunc(before, func(s ast.Stmt) bool { return p.leaves(s, false) }) {
		return nil, false
	}
	return last, true
}

// owesOf returns what is owed for the results of a call.
func (p *pkg) owesOf(e ast.Expr) []Debt {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		if s := p.summaryOf(call); s != nil {
			return s.Owes
		}
	}
	return nil
}

// owesVar returns what is owed for a variable that the body returns at its end,
// as result 0.
func (p *pkg) owesVar(body *ast.BlockStmt, v *types.Var) []Debt {
	def, i := p.definition(body, v)
	call, ok := def.(*ast.CallExpr)
	if !ok {
		return nil
	}
	before := body.List[:len(body.List)-1]
	u := p.useOf(v, before)
	if u.Leaks() {
		return nil
	}
	if name, ok := builtin(p.info, call); !ok || name != "make" {
		for _, d := range p.owesOf(call) {
			if d.Result == i && u == (Use{}) {
				return []Debt{{0, d.Kind}}
			}
		}
		return nil
	}
	unbuffered := len(call.Args) == 1
	for _, stmt := range before {
		start, ok := stmt.(*ast.GoStmt)
		if !ok {
			continue
		}
		it := p.useOf(v, []ast.Stmt{&ast.ExprStmt{X: start.Call}}) // as if it were called
		switch {
		case unbuffered && it.Send&Always != 0 && u.Receive|u.Range == 0:
			return []Debt{{0, MustReceive}}
		case it.Range&Always != 0 && u.Close == 0:
			return []Debt{{0, MustClose}}
		}
	}
	return nil
}

// useOf returns what statements do to a local variable.
func (p *pkg) useOf(v *types.Var, stmts []ast.Stmt) Use {
	w := &walker{pkg: p, vars: map[*types.Var]channel{v: {}}, uses: map[channel]*Use{}}
	w.list(stmts, Always)
	u := w.use(channel{})
	if w.recovers {
		u.weaken()
	}
	return *u
}

// definition returns the expression that a statement of the body defines v by,
// and the number of v on the left.
func (p *pkg) definition(body *ast.BlockStmt, v *types.Var) (ast.Expr, int) {
	for _, stmt := range body.List {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok {
			continue
		}
		for i, lhs := range assign.Lhs {
			if id, ok := lhs.(*ast.Ident); !ok || p.info.Defs[id] != v {
				continue
			}
			if len(assign.Rhs) == 1 {
				return ast.Unparen(assign.Rhs[0]), i
			}
			return ast.Unparen(assign.Rhs[i]), 0
		}
	}
	return nil, 0
}
