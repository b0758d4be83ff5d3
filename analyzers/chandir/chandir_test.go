package chandir_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/chanlint/chanlint/analyzers/chandir"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), chandir.Analyzer, "a", "outside", "linked")
}

// TestCompiles holds that what the fixes make compiles.
func TestCompiles(t *testing.T) {
	golden, err := filepath.Glob("testdata/src/*/*.golden")
	if err != nil || len(golden) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range golden {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: importer.Default(), Error: func(err error) { t.Error(err) }}
		conf.Check(file.Name.Name, fset, []*ast.File{file}, nil)
	}
}
