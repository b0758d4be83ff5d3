// Package chanfacts exports, as facts, what the functions of a package do to the
// channels that they are handed and that they return, for the packages that
// import it.
//
// It needs syntax and types only: a driver runs whatever has facts on every
// dependency. What is written in another order than the plain one is not said.
package chanfacts

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// A Summary is the fact about one function.
type Summary struct {
	// Closes lists the channel parameters that are closed whenever the function
	// returns, by number.
	Closes []int
	// Owed lists the results that are channels on which a goroutine of the
	// function's sends and waits: it leaks unless the caller receives.
	Owed []int
}

// AFact marks the type as a fact.
func (*Summary) AFact() {}

// String describes the fact in a test's expectation.
func (s *Summary) String() string { return fmt.Sprintf("closes %v, owes %v", s.Closes, s.Owed) }

// Analyzer exports a [*Summary] for each exported function of which there is
// something to say.
var Analyzer = &analysis.Analyzer{
	Name:       "chanfacts",
	Doc:        "summarize what functions do to channels, for other packages",
	Run:        run,
	FactTypes:  []analysis.Fact{new(Summary)},
	ResultType: reflect.TypeFor[*Facts](),
}

// Facts gives access to the summaries of imported functions.
type Facts struct{ pass *analysis.Pass }

// Of returns the summary of a function of another package, or nil.
func (f *Facts) Of(fn *types.Func) *Summary {
	if fn = fn.Origin(); fn.Pkg() == nil || fn.Pkg() == f.pass.Pkg || f.pass.ImportObjectFact == nil {
		return nil
	}
	s := new(Summary)
	if !f.pass.ImportObjectFact(fn, s) {
		return nil
	}
	return s
}

func run(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil || !decl.Name.IsExported() {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || !mentionsChannel(fn.Signature()) {
				continue
			}
			s := &Summary{Closes: closes(pass.TypesInfo, fn, decl), Owed: owed(pass.TypesInfo, fn, decl)}
			if (len(s.Closes) > 0 || len(s.Owed) > 0) && pass.ExportObjectFact != nil {
				pass.ExportObjectFact(fn, s)
			}
		}
	}
	return &Facts{pass}, nil
}

// mentionsChannel is the gate: most functions have no channel in their
// signature.
func mentionsChannel(sig *types.Signature) bool {
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for i := range tuple.Len() {
			if _, ok := tuple.At(i).Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// closes returns the parameters that are closed on every way out: by a
// statement of the body that nothing before it can leave behind.
func closes(info *types.Info, fn *types.Func, decl *ast.FuncDecl) []int {
	params := fn.Signature().Params()
	var out []int
	for _, stmt := range decl.Body.List {
		call := calledBy(stmt)
		if b, ok := builtin(info, call); ok && b == "close" {
			v := varOf(info, call.Args[0])
			for i := range params.Len() {
				if v != nil && params.At(i) == v && !assigned(info, decl.Body, v) {
					out = append(out, i)
				}
			}
			continue
		}
		if mayLeave(stmt) {
			break
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// calledBy returns the call that a statement makes or defers, or nil.
func calledBy(stmt ast.Stmt) *ast.CallExpr {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		call, _ := stmt.X.(*ast.CallExpr)
		return call
	case *ast.DeferStmt:
		return stmt.Call
	}
	return nil
}

func builtin(info *types.Info, call *ast.CallExpr) (string, bool) {
	if call == nil {
		return "", false
	}
	b, ok := typeutil.Callee(info, call).(*types.Builtin)
	if !ok {
		return "", false
	}
	return b.Name(), true
}

func varOf(info *types.Info, e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := info.ObjectOf(id).(*types.Var)
	return v
}

// mayLeave reports whether a statement may end its function or jump.
func mayLeave(stmt ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		}
		return !found
	})
	return found
}

// assigned reports whether the variable may change after its declaration.
func assigned(info *types.Info, body ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					found = found || info.Uses[id] == v
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok {
					found = found || info.Uses[id] == v
				}
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && varOf(info, n.X) == v
		}
		return !found
	})
	return found
}
