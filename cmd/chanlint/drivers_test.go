package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/analyzers/doubleclose"
)

// A found is a finding as every driver can tell it.
type found struct {
	pos     string // file:line:column
	check   string
	message string
	related string
	fixes   int
}

// drivers returns every way of running the checks that needs no network; each
// returns what it finds in the module at dir. golangci-lint is in golangci/e2e.
func drivers(t *testing.T) map[string]func(dir string) []found {
	tool, err := exec.LookPath("chanlint") // what TestMain has made of this test
	if err != nil {
		t.Fatal(err)
	}
	command := func(name string, args ...string) func(string) []byte {
		return func(dir string) []byte {
			cmd := exec.Command(name, args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOWORK=off")
			var stderr strings.Builder
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 || stderr.Len() > 0 {
				t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
			}
			return out
		}
	}
	vet := command("go", "vet", "-vettool="+tool, "-json", "./...")
	fix := command("go", "fix", "-fixtool="+tool, "-json", "./...")
	standalone := command(tool, "-json", "./...")
	return map[string]func(dir string) []found{
		"go vet":     func(dir string) []found { return fromVet(t, dir, vet(dir)) },
		"go fix":     func(dir string) []found { return fromVet(t, dir, fix(dir)) },
		"standalone": func(dir string) []found { return fromStandalone(t, standalone(dir)) },
		"checker":    func(dir string) []found { return fromChecker(t, dir) },
	}
}

// TestDrivers holds every driver to the same findings, in the test programs and
// in a module of what drivers treat differently.
func TestDrivers(t *testing.T) {
	fixtures, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	corpora := map[string]struct {
		dir  string
		many int // what there is to find at least
	}{
		"fixtures": {fixtures, 200},
		"special":  {special(t), 7},
	}
	for name, corpus := range corpora {
		t.Run(name, func(t *testing.T) {
			all := drivers(t)
			want := all["go vet"](corpus.dir)
			if len(want) < corpus.many {
				t.Fatalf("go vet finds %d, want %d or more: the test would hold little", len(want), corpus.many)
			}
			for driver, run := range all {
				compare(t, driver, run(corpus.dir), want)
			}
		})
	}
}

// TestAnalysistest holds analysistest, which runs one check at a time, to what
// go vet finds: all checks in a package without tests, which it loads quickly, and
// one in everything.
func TestAnalysistest(t *testing.T) {
	dir := special(t)
	want := drivers(t)["go vet"](dir)
	run := func(a *analysis.Analyzer, pattern string) (got []found) {
		for _, result := range analysistest.Run(silent{}, dir, a, pattern) {
			got = append(got, fromPass(dir, result.Pass, result.Diagnostics)...)
		}
		return got
	}
	var inB []found
	for _, a := range analyzers.All() {
		inB = append(inB, run(a, "./b")...)
	}
	compare(t, "analysistest", sorted(inB), only(want, func(f found) bool { return strings.HasPrefix(f.pos, "b/") }))
	compare(t, "analysistest", sorted(run(doubleclose.Analyzer, "./...")), only(want, func(f found) bool { return f.check == "doubleclose" }))
}

// only returns the findings that pass the test.
func only(all []found, pass func(found) bool) []found {
	return slices.DeleteFunc(slices.Clone(all), func(f found) bool { return !pass(f) })
}

// silent takes complaints about missing comments of the form // want.
type silent struct{}

func (silent) Errorf(string, ...any) {}

// special returns the module testdata/drivers.txtar.
func special(t *testing.T) string {
	archive, err := txtar.ParseFile("testdata/drivers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

func compare(t *testing.T, driver string, got, want []found) {
	if len(want) == 0 {
		t.Errorf("there is nothing to compare %s with", driver)
	}
	for _, f := range want {
		if !slices.Contains(got, f) {
			t.Errorf("%s lacks %+v", driver, f)
		}
	}
	for _, f := range got {
		if !slices.Contains(want, f) {
			t.Errorf("only %s has %+v", driver, f)
		}
	}
}

// fromVet reads what go vet -json prints.
func fromVet(t *testing.T, dir string, out []byte) []found {
	var all []found
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var tree map[string]map[string][]struct {
			Posn, Message  string
			SuggestedFixes []any `json:"suggested_fixes"`
			Related        []struct{ Posn, Message string }
		}
		if err := d.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		for _, checks := range tree {
			for check, diagnostics := range checks {
				for _, d := range diagnostics {
					f := found{pos: relative(dir, d.Posn), check: check, message: d.Message, fixes: len(d.SuggestedFixes)}
					for _, r := range d.Related {
						f.related += fmt.Sprintf("%s: %s\n", relative(dir, r.Posn), r.Message)
					}
					all = append(all, f)
				}
			}
		}
	}
	return sorted(all)
}

// fromStandalone reads what chanlint -json prints.
func fromStandalone(t *testing.T, out []byte) []found {
	type position struct {
		File         string
		Line, Column int
	}
	var result struct {
		Findings []struct {
			Check, Message string
			Pos            position
			Fixes          []any
			Related        []struct {
				Message string
				Pos     position
			}
		}
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	text := func(p position) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }
	var all []found
	for _, d := range result.Findings {
		f := found{pos: text(d.Pos), check: d.Check, message: d.Message, fixes: len(d.Fixes)}
		for _, r := range d.Related {
			f.related += fmt.Sprintf("%s: %s\n", text(r.Pos), r.Message)
		}
		all = append(all, f)
	}
	return sorted(all)
}

// fromChecker runs the checks as programs of x/tools do, and holds that they
// leave the syntax trees as they were.
func fromChecker(t *testing.T, dir string) []found {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Tests: true, Env: append(os.Environ(), "GOWORK=off"),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	var before []uint64
	for _, pkg := range pkgs {
		before = append(before, hash(t, pkg))
	}
	graph, err := checker.Analyze(analyzers.All(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, pkg := range pkgs {
		if hash(t, pkg) != before[i] {
			t.Errorf("a check has changed the syntax of %s", pkg.ID)
		}
	}
	var all []found
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Error(act.Err)
		}
		pass := &analysis.Pass{Analyzer: act.Analyzer, Fset: act.Package.Fset}
		all = append(all, fromPass(dir, pass, act.Diagnostics)...)
	}
	return sorted(all)
}

// hash returns a number for the syntax of a package, without what identifiers
// are resolved to, which is kept in maps.
func hash(t *testing.T, pkg *packages.Package) uint64 {
	syntax := func(field string, _ reflect.Value) bool {
		return field != "Scope" && field != "Obj" && field != "Unresolved"
	}
	h := fnv.New64()
	for _, file := range pkg.Syntax {
		if err := ast.Fprint(h, nil, file, syntax); err != nil {
			t.Fatal(err)
		}
	}
	return h.Sum64()
}

func fromPass(dir string, pass *analysis.Pass, diagnostics []analysis.Diagnostic) []found {
	var all []found
	for _, d := range diagnostics {
		f := found{pos: relative(dir, pass.Fset.Position(d.Pos).String()), check: pass.Analyzer.Name, message: d.Message, fixes: len(d.SuggestedFixes)}
		for _, r := range d.Related {
			f.related += fmt.Sprintf("%s: %s\n", relative(dir, pass.Fset.Position(r.Pos).String()), r.Message)
		}
		all = append(all, f)
	}
	return all
}

// relative returns a position relative to dir, with slashes.
func relative(dir, posn string) string {
	if rel, ok := strings.CutPrefix(posn, dir+string(filepath.Separator)); ok {
		posn = rel
	}
	return filepath.ToSlash(posn)
}

// sorted sorts findings and drops those that a package and its test variant
// share.
func sorted(all []found) []found {
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.pos, b.pos), cmp.Compare(a.check, b.check), cmp.Compare(a.message, b.message))
	})
	return slices.Compact(all)
}
