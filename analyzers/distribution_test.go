package analyzers_test

import (
	"flag"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers"
)

var distribution = flag.Bool("distribution", false, "run all checks over the programs of the Go distribution")

// Every program of the Go distribution's test directory and of the SSA
// package's test data that type-checks on its own goes through without a panic
// and in reasonable time. What is found there is not looked at: some of these
// programs fail on purpose.
func TestDistribution(t *testing.T) {
	if !*distribution {
		t.Skip("type-checks thousands of programs: use -distribution")
	}
	build.Default.CgoEnabled = false
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "source", nil)
	programs := 0
	for _, root := range roots(t) {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".go") && analyzeFile(t, fset, imp, name) {
				programs++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d programs", programs)
	if programs < 1000 {
		t.Errorf("only %d programs type-check, want thousands: are the folders still where they were?", programs)
	}
}

func roots(t *testing.T) []string {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	tools, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/tools").Output()
	if err != nil {
		t.Skip("no module cache: ", err)
	}
	all := []string{
		filepath.Join(strings.TrimSpace(string(goroot)), "test"),
		filepath.Join(strings.TrimSpace(string(tools)), "go", "ssa"),
	}
	for _, dir := range all {
		if _, err := os.Stat(dir); err != nil {
			t.Skip("not here: ", dir)
		}
	}
	return all
}

// analyzeFile runs all checks over one file, and reports whether the file
// type-checks.
func analyzeFile(t *testing.T, fset *token.FileSet, imp types.Importer, name string) bool {
	file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
	if err != nil {
		return false
	}
	info := newInfo()
	conf := types.Config{Importer: imp, Error: func(error) {}}
	pkg, err := conf.Check(file.Name.Name, fset, []*ast.File{file}, info)
	if err != nil {
		return false
	}
	start := time.Now()
	results := map[*analysis.Analyzer]any{}
	for _, check := range analyzers.All() {
		runCheck(t, check, results, analysis.Pass{
			Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
			Report: func(analysis.Diagnostic) {},
		})
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("%s takes %v", name, d)
	}
	return true
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Instances:    map[*ast.Ident]types.Instance{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
}

// runCheck runs an analyzer and what it requires, as a driver does.
func runCheck(t *testing.T, a *analysis.Analyzer, results map[*analysis.Analyzer]any, pass analysis.Pass) {
	t.Helper()
	if _, ok := results[a]; ok {
		return
	}
	for _, req := range a.Requires {
		runCheck(t, req, results, pass)
	}
	pass.Analyzer, pass.ResultOf = a, results
	res, err := a.Run(&pass)
	if err != nil {
		t.Fatal(err)
	}
	results[a] = res
}
