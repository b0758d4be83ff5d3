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
	out   []report.Finding
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, facts: pass.ResultOf[chanfacts.Analyzer].(*chanfacts.Facts)}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if block, ok := n.(*ast.BlockStmt); ok {
				for i, stmt := range block.List {
					c.statement(file, stmt, block.List[i+1:])
				}
			}
			return true
		})
	}
	report.All(pass, c.out)
	return nil, nil
}

// statement looks at a statement that may call a function of another package,
// and at those that follow it.
func (c *checker) statement(file *ast.File, stmt ast.Stmt, next []ast.Stmt) {
	call, results := called(stmt)
	if call == nil {
		return
	}
	fn, ok := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	if !ok {
		return
	}
	s := c.facts.Of(fn)
	if s == nil {
		return
	}
	name := types.ExprString(call.Fun)
	for _, i := range s.Owed {
		if results == nil || i < len(results) && isBlank(results[i]) {
			c.out = append(c.out, report.Finding{Pos: call.Pos(),
				Message: fmt.Sprintf("send in %s blocks forever: nothing receives from the channel that it returns; goroutine leaks", name)})
		}
	}
	for _, i := range s.Closes {
		if i < len(call.Args) {
			c.closed(file, name, call, call.Args[i], next)
		}
	}
}

// called returns the call that a statement consists of, and what its results
// are assigned to: nil if they are dropped.
func called(stmt ast.Stmt) (*ast.CallExpr, []ast.Expr) {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		call, _ := stmt.X.(*ast.CallExpr)
		return call, nil
	case *ast.AssignStmt:
		if len(stmt.Rhs) == 1 {
			call, _ := stmt.Rhs[0].(*ast.CallExpr)
			return call, stmt.Lhs
		}
	}
	return nil, nil
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// closed reports the statements that operate on a channel which the call has
// closed, if it is a variable that is assigned only once.
func (c *checker) closed(file *ast.File, name string, call *ast.CallExpr, arg ast.Expr, next []ast.Stmt) {
	id, ok := ast.Unparen(arg).(*ast.Ident)
	if !ok {
		return
	}
	v, ok := c.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == c.pass.Pkg.Scope() || c.assigned(file, v) {
		return
	}
	by := fmt.Sprintf("%s at %s has closed %s", name, report.Line(c.pass, call.Pos(), call.Pos()), id.Name)
	for _, stmt := range next {
		switch s := stmt.(type) {
		case *ast.SendStmt:
			if c.is(s.Chan, v) {
				c.out = append(c.out, report.Finding{Pos: s.Pos(), Message: "send on closed channel: " + by})
				return
			}
		case *ast.ExprStmt:
			again, ok := s.X.(*ast.CallExpr)
			if !ok || len(again.Args) == 0 || !c.is(again.Args[0], v) {
				continue
			}
			if b, ok := typeutil.Callee(c.pass.TypesInfo, again).(*types.Builtin); ok && b.Name() == "close" {
				c.out = append(c.out, report.Finding{Pos: s.Pos(), Message: "close of closed channel: " + by})
				return
			}
		}
	}
}

func (c *checker) is(e ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && c.pass.TypesInfo.Uses[id] == v
}

// assigned reports whether the variable may hold another channel later.
func (c *checker) assigned(file *ast.File, v *types.Var) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || c.is(lhs, v)
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && c.is(n.X, v)
		}
		return !found
	})
	return found
}
