package farchan

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanlint/chanlint/internal/chanfacts"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/report"
)

//go:embed doc.go
var doc string

// Analyzer is the check farchan.
var Analyzer = &analysis.Analyzer{
	Name:     "farchan",
	Doc:      checkdoc.Doc("farchan", doc),
	URL:      checkdoc.URL("farchan"),
	Requires: []*analysis.Analyzer{chanfacts.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

type checker struct {
	pass  *analysis.Pass
	facts *chanfacts.Facts
	decl  *ast.FuncDecl // looked at now
	out   []report.Finding
}

// A site is a statement that calls a function of another package, and where it
// stands.
type site struct {
	list     []ast.Stmt // the statements of its block
	i        int        // its place in it
	call     *ast.CallExpr
	name     string // of the function, as the source spells it
	fn       *types.Func
	known    *chanfacts.Summary
	function string // that it stands in, "" for a literal
	lasts    bool   // that function is entered once and ends with the process
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, facts: pass.ResultOf[chanfacts.Analyzer].(*chanfacts.Facts)}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil {
				lasts := decl.Recv == nil && (decl.Name.Name == "main" && pass.Pkg.Name() == "main" ||
					decl.Name.Name == "init" || decl.Name.Name == "TestMain")
				c.decl = decl
				c.body(decl.Body, decl.Name.Name, lasts)
			}
		}
	}
	report.All(pass, c.out)
	return nil, nil
}

// body looks at the statements of a function body, and of the literals in it.
func (c *checker) body(body *ast.BlockStmt, function string, lasts bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.FuncLit:
			c.body(n.Body, "", false)
			return false
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		}
		for i, stmt := range list {
			if call := callOf(stmt); call != nil {
				if fn := c.callee(call); fn != nil && c.facts.Of(fn) != nil {
					c.site(site{list, i, call, types.ExprString(call.Fun), fn, c.facts.Of(fn), function, lasts})
				}
			}
		}
		return true
	})
}

// callOf returns the call that a statement consists of, starts or defers, or
// whose results it assigns or returns; nil if there is none.
func callOf(stmt ast.Stmt) *ast.CallExpr {
	var e ast.Expr
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		e = stmt.X
	case *ast.GoStmt:
		return stmt.Call
	case *ast.AssignStmt:
		if len(stmt.Rhs) == 1 {
			e = stmt.Rhs[0]
		}
	case *ast.ReturnStmt:
		if len(stmt.Results) == 1 {
			e = stmt.Results[0]
		}
	}
	call, _ := e.(*ast.CallExpr)
	return call
}

// callee returns the function or method that is called, nil if nobody knows.
func (c *checker) callee(call *ast.CallExpr) *types.Func {
	fn, ok := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	if !ok {
		return nil
	}
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return nil
	}
	return fn
}

// plain reports whether each argument of the call is one parameter of the
// function.
func (s *site) plain() bool { return len(s.call.Args) == s.fn.Signature().Params().Len() }

func (c *checker) site(s site) {
	if start, ok := s.list[s.i].(*ast.GoStmt); ok {
		c.started(s, start)
		return
	}
	c.owed(s)
	c.unreached(s)
	if !s.plain() {
		return
	}
	for _, u := range s.known.Params {
		arg := ast.Unparen(s.call.Args[u.Param])
		if u.Close&chanfacts.Always != 0 {
			c.closed(s, arg)
		}
		c.blocks(s, u, arg)
	}
}

func (c *checker) report(at ast.Node, format string, args ...any) {
	c.out = append(c.out, report.Finding{Pos: at.Pos(), End: at.End(), Message: fmt.Sprintf(format, args...)})
}

// closed reports the statements that operate on a channel which the call has
// closed, if it is a local variable that is assigned only once.
func (c *checker) closed(s site, arg ast.Expr) {
	v := c.local(arg)
	if v == nil || c.assigned(v) {
		return
	}
	for _, stmt := range s.list[s.i+1:] {
		on, what := c.operand(stmt)
		if on == nil || c.local(on) != v {
			continue
		}
		c.report(stmt, "%s: %s at %s has closed %s", what, s.name,
			report.Line(c.pass, stmt.Pos(), s.call.Pos()), v.Name())
		return
	}
}

// operand returns the channel that a statement sends on or closes, and what the
// run time says if that is closed already.
func (c *checker) operand(stmt ast.Stmt) (ast.Expr, string) {
	switch stmt := stmt.(type) {
	case *ast.SendStmt:
		return stmt.Chan, "send on closed channel"
	case *ast.ExprStmt:
		call, ok := stmt.X.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return nil, ""
		}
		if c.isBuiltin(call, "close") {
			return call.Args[0], "close of closed channel"
		}
	}
	return nil, ""
}

// local returns the local variable that an expression names, or nil.
func (c *checker) local(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := c.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == c.pass.Pkg.Scope() || v.Pkg() != c.pass.Pkg {
		return nil
	}
	return v
}

func (c *checker) isBuiltin(call *ast.CallExpr, name string) bool {
	b, ok := typeutil.Callee(c.pass.TypesInfo, call).(*types.Builtin)
	return ok && b.Name() == name
}

// assigned reports whether the variable may hold another channel later.
func (c *checker) assigned(v *types.Var) bool {
	found := false
	ast.Inspect(c.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				found = found || ok && c.pass.TypesInfo.Uses[id] == v
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && c.local(n.X) == v
		}
		return !found
	})
	return found
}
