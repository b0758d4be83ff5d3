package chandir

import (
	_ "embed"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/direction"
	"github.com/chanlint/chanlint/internal/report"
)

//go:embed doc.go
var source string

// Analyzer is the check chandir.
var Analyzer = &analysis.Analyzer{
	Name:  "chandir",
	Doc:   checkdoc.Doc("chandir", source),
	URL:   checkdoc.URL("chandir"),
	Flags: report.Flags(),
	Run:   run,
}

func run(pass *analysis.Pass) (any, error) {
	found := candidates(pass)
	if len(found) == 0 {
		return nil, nil
	}
	keep := fixedTypes(pass)
	outside := direction.Read(pass)
	var out []report.Finding
	for _, fn := range found {
		if keep[pass.TypesInfo.Defs[fn.decl.Name]] || outside.Uses(fn.decl.Name.Name) || leansOn(pass, fn.decl, outside) {
			continue
		}
		for _, g := range fn.groups {
			out = append(out, g.finding(pass))
		}
	}
	report.All(pass, out)
	return nil, nil
}

// A function is one of which parameters can be narrowed.
type function struct {
	decl   *ast.FuncDecl
	groups []group
}

// candidates returns the functions of which parameters can be narrowed as far as
// their own bodies tell.
func candidates(pass *analysis.Pass) []function {
	var found []function
	for _, file := range pass.Files {
		if report.IsGenerated(file) || isMoved(pass, file) {
			continue
		}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Recv != nil || decl.Body == nil || decl.Name.IsExported() || hasDirective(decl.Doc) {
				continue
			}
			var groups []group
			for _, field := range decl.Type.Params.List {
				if g, ok := newGroup(pass, decl, field); ok {
					groups = append(groups, g)
				}
			}
			if len(groups) > 0 {
				found = append(found, function{decl, groups})
			}
		}
	}
	return found
}

// isMoved reports whether the positions in file are those of another file, as in
// what cgo makes of one: edits would go astray.
func isMoved(pass *analysis.Pass, file *ast.File) bool {
	at := file.Package
	return pass.Fset.Position(at) != pass.Fset.PositionFor(at, false)
}

// hasDirective reports whether a function's comment ties it to something that is
// not Go.
func hasDirective(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:linkname ") || strings.HasPrefix(c.Text, "//export ")
	})
}

// fixedTypes returns the functions whose types must stay: they are used as
// values or named by a linkname.
func fixedTypes(pass *analysis.Pass) map[types.Object]bool {
	keep := make(map[types.Object]bool)
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if fn, ok := pass.TypesInfo.Uses[id].(*types.Func); ok && !direction.Called(id, stack) {
					keep[fn.Origin()] = true
				}
			}
			return true
		})
		for _, comments := range file.Comments {
			for _, c := range comments.List {
				if args, ok := strings.CutPrefix(c.Text, "//go:linkname "); ok {
					for _, name := range strings.Fields(args) {
						keep[pass.Pkg.Scope().Lookup(name)] = true
					}
				}
			}
		}
	}
	return keep
}

// leansOn reports whether decl names something of the package that is declared
// outside the pass as well, where it may be of another type.
func leansOn(pass *analysis.Pass, decl *ast.FuncDecl, outside *direction.Outside) bool {
	for n := range ast.Preorder(decl.Body) {
		if id, ok := n.(*ast.Ident); ok {
			obj := pass.TypesInfo.Uses[id]
			if obj != nil && obj.Parent() == pass.Pkg.Scope() && outside.Declares(id.Name) {
				return true
			}
		}
	}
	return false
}
