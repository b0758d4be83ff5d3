// Package chanssa builds the SSA form of one package, if the package has
// anything to do with channels, or takes locks in a cycle.
//
// It stands in for x/tools' buildssa. That analyzer requires ctrlflow, which
// has facts, so a driver would run it on every dependency of every package;
// this one has none, and a syntactic gate lets most packages go without SSA.
package chanssa

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/lockgraph"
	"github.com/chanlint/chanlint/internal/noreturn"
)

// Analyzer provides the [*Package] of the package under analysis.
var Analyzer = &analysis.Analyzer{
	Name:       "chanssa",
	Doc:        "build SSA form for packages that use channels, or take locks in a cycle",
	Run:        run,
	ResultType: reflect.TypeFor[*Package](),

	// A package with type errors has no SSA, but checks that run despite them
	// may ask.
	RunDespiteErrors: true,
}

// A Package is the SSA form of one package.
type Package struct {
	// SSA is nil if the package neither uses channels nor takes locks in a cycle:
	// there is then nothing to report, and Funcs is empty.
	SSA *ssa.Package

	// Funcs are the package's functions that have source: declared ones,
	// methods, function literals and range-over-func bodies. A literal follows
	// the function that contains it; otherwise the order is that of the source.
	// Generic functions appear once, as their origin.
	Funcs []*ssa.Function

	// NoReturn tells which functions never return.
	NoReturn *noreturn.Funcs
}

func run(pass *analysis.Pass) (any, error) {
	if len(pass.TypeErrors) > 0 || !usesChannels(pass) && !lockgraph.Suspicious(pass.Files, pass.Pkg, pass.TypesInfo) {
		return new(Package), nil
	}
	return Build(pass.Fset, pass.Files, pass.Pkg, pass.TypesInfo), nil
}

// Build returns the SSA form of a package that type-checks. Two versions of a
// package that declare the same functions in the same order have the same order
// of Funcs.
func Build(fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info) *Package {
	p := &Package{NoReturn: noreturn.New(files, info)}
	prog := ssa.NewProgram(fset, ssa.BuilderMode(0))
	prog.SetNoReturn(p.NoReturn.NoReturn)
	for _, imp := range pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	p.SSA = prog.CreatePackage(pkg, files, info, false)
	p.SSA.Build()

	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		p.Funcs = append(p.Funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	if init := p.SSA.Func("init"); init != nil { // literals in package variables
		for _, anon := range init.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := info.Defs[decl.Name].(*types.Func); ok {
					if fn := prog.FuncValue(obj); fn != nil && fn.Blocks != nil {
						add(fn)
					}
				}
			}
		}
	}
	return p
}

// usesChannels is the gate: it reports whether the package's syntax mentions a
// channel type, a channel operation or a WaitGroup.
func usesChannels(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		found := false
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SendStmt, *ast.SelectStmt, *ast.ChanType:
				found = true
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.CallExpr:
				if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "close" {
					_, builtin := pass.TypesInfo.Uses[id].(*types.Builtin)
					found = found || builtin
				}
			case *ast.RangeStmt:
				if t := pass.TypesInfo.TypeOf(n.X); t != nil {
					_, isChan := t.Underlying().(*types.Chan)
					found = found || isChan
				}
			case *ast.SelectorExpr:
				found = found || n.Sel.Name == "WaitGroup" && isSync(pass.TypesInfo.Uses[n.Sel])
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

func isSync(obj types.Object) bool {
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync"
}
