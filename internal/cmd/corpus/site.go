package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A report is one diagnostic in the ledger's terms: nothing in its key drifts
// when lines are added above it.
type report struct {
	corpus   string
	file     string // relative to the checkout, with slashes
	line     int    // for readers; no part of the key
	function string // enclosing declaration
	check    string
	message  string // normalised
}

// A key identifies reports across versions of chanlint. Two reports may share
// one, for instance two equal sends in one function.
type key struct{ corpus, file, function, check, message string }

func (r report) key() key { return key{r.corpus, r.file, r.function, r.check, r.message} }

// inTest reports whether the report stands in a test file.
func (r report) inTest() bool { return strings.HasSuffix(r.file, "_test.go") }

// newReport turns a diagnostic of the named corpus into a report. Files are
// made relative to root.
func newReport(corpusName, root string, d vetrun.Diagnostic, sites *sites) report {
	file := d.File
	if rel, err := filepath.Rel(root, file); err == nil && !strings.HasPrefix(rel, "..") {
		file = rel
	}
	return report{
		corpus:   corpusName,
		file:     filepath.ToSlash(file),
		line:     d.Line,
		function: sites.function(d.File, d.Line),
		check:    d.Check,
		message:  normalise(d.Message),
	}
}

var lineNumber = regexp.MustCompile(`(\bline |\blines |\.go:)\d+(:\d+)?`)

// normalise replaces the line numbers of a message, which drift, by N.
func normalise(message string) string {
	return lineNumber.ReplaceAllString(message, "${1}N")
}

// sites finds the declarations that enclose lines, and parses each file once.
type sites struct {
	files map[string][]span
}

// A span is a declaration and the lines it occupies.
type span struct {
	name        string
	first, last int
}

// function returns the name of the top-level declaration that encloses a line:
// "F", "T.Method" or, for a variable with a function literal, "var x". It is
// "-" if the line is in none or the file cannot be parsed.
func (s *sites) function(file string, line int) string {
	spans, ok := s.files[file]
	if !ok {
		spans = parseSpans(file, nil)
		if s.files == nil {
			s.files = make(map[string][]span)
		}
		s.files[file] = spans
	}
	for _, sp := range spans {
		if sp.first <= line && line <= sp.last {
			return sp.name
		}
	}
	return "-"
}

// parseSpans lists the declarations of a file; src is as in parser.ParseFile.
func parseSpans(file string, src any) []span {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
	if f == nil || err != nil {
		return nil
	}
	var spans []span
	for _, decl := range f.Decls {
		name := declName(decl)
		if name == "" {
			continue
		}
		spans = append(spans, span{name, fset.Position(decl.Pos()).Line, fset.Position(decl.End()).Line})
	}
	return spans
}

// declName names a declaration that can hold code, or returns "".
func declName(decl ast.Decl) string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && len(d.Recv.List) == 1 {
			return receiverName(d.Recv.List[0].Type) + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		if d.Tok != token.VAR || len(d.Specs) == 0 {
			return ""
		}
		if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
			return "var " + v.Names[0].Name
		}
	}
	return ""
}

// receiverName returns the type name of a method's receiver, without a star
// and without type parameters.
func receiverName(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return "_"
		}
	}
}
