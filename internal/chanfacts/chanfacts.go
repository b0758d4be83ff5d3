// Package chanfacts exports, as facts, what the functions of a package do to the
// channels that they are handed and that they return, for the packages that
// import it.
//
// It needs syntax and types only: a driver runs whatever has facts on every
// dependency. Functions of the same package are followed, those of others by
// their facts; what a function value is given is handed on to nobody knows whom.
package chanfacts

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Analyzer exports a [*Summary] for each exported function of which there is
// something to say.
var Analyzer = &analysis.Analyzer{
	Name:       "chanfacts",
	Doc:        "summarize what functions do to channels, for other packages",
	Run:        run,
	FactTypes:  []analysis.Fact{new(Summary)},
	ResultType: reflect.TypeFor[*Facts](),
}

// Facts gives access to the summaries of imported functions, and to what code of
// the package under analysis does to a channel.
type Facts struct {
	pass *analysis.Pass
	pkg  *pkg
}

// Of returns the summary of a function of another package, or nil if nothing is
// known of it. A method of a generic type has the summary of its declaration.
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

// Use returns what statements of the package do to a variable of theirs that
// holds a channel.
func (f *Facts) Use(v *types.Var, stmts ...ast.Stmt) Use {
	u := f.pkg.useOf(v, stmts)
	// Functions that call each other, and that nothing exported calls, have not
	// been settled.
	u.HandsOn = u.HandsOn || f.pkg.cycle
	return u
}

func run(pass *analysis.Pass) (any, error) {
	facts := &Facts{pass: pass}
	facts.pkg = newPackage(pass, facts)
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil || !decl.Name.IsExported() {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
				facts.pkg.settled(fn)
			}
		}
	}
	if pass.ExportObjectFact != nil {
		facts.pkg.export()
	}
	return facts, nil
}
