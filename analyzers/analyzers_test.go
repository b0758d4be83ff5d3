package analyzers_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/report"
)

// TestFlags holds that every check has the flags that all checks have.
func TestFlags(t *testing.T) {
	for _, a := range analyzers.All() {
		want := report.Flags()
		want.VisitAll(func(f *flag.Flag) {
			if a.Flags.Lookup(f.Name) == nil {
				t.Errorf("%s has no flag %s", a.Name, f.Name)
			}
		})
	}
}

// TestNogo holds what Bazel's nogo asks for: each check is a package with a
// variable Analyzer, and none needs facts, of which nogo has none about the
// standard library.
func TestNogo(t *testing.T) {
	for _, a := range slices.Concat(analyzers.All(), analyzers.Fixers()) {
		if !declaresAnalyzer(t, a.Name) {
			t.Errorf("the package analyzers/%s has no variable Analyzer", a.Name)
		}
		if hasFacts(a) {
			t.Errorf("%s, or what it requires, has facts", a.Name)
		}
	}
	if declaresAnalyzer(t, "unusedignore") {
		t.Error("unusedignore is a list's, not a package's; the test finds one where there is none")
	}
}

// declaresAnalyzer reports whether the package of the check declares the variable
// Analyzer.
func declaresAnalyzer(t *testing.T, check string) bool {
	files, err := filepath.Glob(filepath.Join(check, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: there are no files: %v", check, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
				for _, spec := range d.Specs {
					if slices.ContainsFunc(spec.(*ast.ValueSpec).Names, func(id *ast.Ident) bool { return id.Name == "Analyzer" }) {
						return true
					}
				}
			}
		}
	}
	return false
}

// hasFacts reports whether a or what it requires has facts.
func hasFacts(a *analysis.Analyzer) bool {
	return len(a.FactTypes) > 0 || slices.ContainsFunc(a.Requires, hasFacts)
}

// TestUnusedIgnoreKnowsAll holds that a comment for any check is one that the check
// unusedignore can tell from a misspelt one.
func TestUnusedIgnoreKnowsAll(t *testing.T) {
	for _, audit := range analyzers.Audits() {
		if audit.Name != "unusedignore" {
			continue
		}
		for _, a := range slices.Concat(analyzers.All(), analyzers.OnRequest()) {
			for _, r := range a.Requires {
				if a != audit && !slices.Contains(audit.Requires, r) {
					t.Errorf("unusedignore does not require %s, which %s does", r.Name, a.Name)
				}
			}
		}
	}
}
