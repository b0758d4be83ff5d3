package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A modelled function is one of a library whose behaviour the builder knows. Where the
// knowledge comes from is its documentation; that it is right, a run shows.
type modelled struct {
	names []string
	// says is what the model takes from the documentation of the package.
	says string
	// shows fails the test unless the functions behave like that. It is nil where the
	// module is not one that chanlint needs: then e2e/libraries shows it.
	shows func(t *testing.T)
}

// TestLibrary runs what the models claim.
func TestLibrary(t *testing.T) {
	for _, m := range library {
		if m.shows != nil {
			t.Run(m.names[0], m.shows)
		}
	}
}

// TestLibraryIsComplete holds that each library function named in the builder
// has its claim, and that no claim is left over.
func TestLibraryIsComplete(t *testing.T) {
	claimed := map[string]bool{}
	for _, m := range library {
		if m.says == "" || m.shows == nil && !strings.Contains(shown(t), "// "+m.names[0]+":") {
			t.Errorf("%s: nothing is claimed, or it is not run", m.names[0])
		}
		for _, n := range m.names {
			if claimed[n] {
				t.Errorf("%s is claimed twice", n)
			}
			claimed[n] = true
		}
	}
	named := namesInSource(t)
	if len(named) < 30 {
		t.Fatalf("only %d names found: the test would hold little", len(named))
	}
	for _, n := range slices.Sorted(maps.Keys(named)) {
		if !claimed[n] {
			t.Errorf("%s is modelled and has no claim", n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(claimed)) {
		if !named[n] {
			t.Errorf("%s has a claim and is not modelled", n)
		}
	}
}

// prefixes are the constants that the builder puts names together with.
var prefixes = map[string]string{"errgroup": errgroup, "semaphore": semaphore, "singleflight": singleflight}

// shown returns the test that runs what is claimed of other modules.
func shown(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../e2e/libraries/libraries_test.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var libraryNamePattern = regexp.MustCompile(`^(sync|sync/atomic|context|time|testing|errors|fmt|io|golang\.org/x/sync/(errgroup|semaphore|singleflight)|github\.com/cenkalti/backoff/v[45])\.[A-Za-z0-9.]+$`)

// namesInSource returns the functions and types of libraries that the package
// names.
func namesInSource(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	add := func(s string) {
		if libraryNamePattern.MatchString(s) {
			out[s] = true
		}
	}
	for _, name := range files {
		if regexp.MustCompile(`_test\.go$`).MatchString(name) {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil {
					add(s)
				}
			case *ast.BinaryExpr:
				id, ok := n.X.(*ast.Ident)
				lit, isLit := n.Y.(*ast.BasicLit)
				if ok && isLit && prefixes[id.Name] != "" {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						add(prefixes[id.Name] + s)
					}
				}
			}
			return true
		})
	}
	return out
}
