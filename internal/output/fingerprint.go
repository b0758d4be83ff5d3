package output

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// Identify fills in the function and the fingerprint of each finding. Findings
// must be sorted by position.
//
// A fingerprint is made of the check, the package, the declared function, and the
// line of source without its spacing and comment. Findings that have all of these
// in common are told apart by their order. So it survives what moves a line,
// renames its file or changes its indentation, and whoever repairs one of several
// such findings is left with the fingerprints of those that came first.
func Identify(findings []Finding, sources *Sources) {
	files := map[string][]function{}
	seen := map[string]int{}
	for i := range findings {
		f := &findings[i]
		functions, ok := files[f.Pos.File]
		if !ok {
			functions = functionsOf(strings.Join(sources.lines(f.Pos.File), "\n"))
			files[f.Pos.File] = functions
		}
		f.Function = functionAt(functions, f.Pos.Line)
		key := strings.Join([]string{f.Check, f.PackagePath(), f.Function, f.subject(sources)}, "\x00")
		sum := sha256.Sum256([]byte("1\x00" + key + "\x00" + strconv.Itoa(seen[key])))
		seen[key]++
		f.Fingerprint = hex.EncodeToString(sum[:12])
	}
}

// subject returns the line of source that a finding is about, without what does
// not change its meaning.
func (f *Finding) subject(sources *Sources) string {
	code, _, _ := strings.Cut(sources.Text(f.Pos.OnLine()), "//")
	return strings.Join(strings.Fields(code), " ")
}

// A function is a declared function and its lines.
type function struct {
	name        string
	first, last int
}

// functionsOf returns the functions that a file declares, as far as it can be
// parsed.
func functionsOf(source string) []function {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", source, parser.SkipObjectResolution) // what parses is enough
	if file == nil {
		return nil
	}
	var all []function
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			name := fn.Name.Name
			if fn.Recv != nil && len(fn.Recv.List) == 1 {
				name = receiver(fn.Recv.List[0].Type) + "." + name
			}
			all = append(all, function{name, fset.PositionFor(fn.Pos(), false).Line, fset.PositionFor(fn.End(), false).Line})
		}
	}
	return all
}

// receiver names the type of a method's receiver.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}

func functionAt(all []function, line int) string {
	for _, fn := range all {
		if fn.first <= line && line <= fn.last {
			return fn.name
		}
	}
	return ""
}
