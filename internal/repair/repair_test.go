package repair_test

import (
	"bytes"
	"cmp"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/internal/fixture"
)

// folders hold the fixtures of leaksend.
var folders = []string{"leaksend", "pipelines/leaksend", "shapes"}

// A line of the fixtures.
type line struct {
	file string
	line int
}

// TestMended applies every fix that leaksend offers for its fixtures and runs
// the mended programs: each compiles, is formatted as gofmt does, returns, and
// leaves no goroutine.
func TestMended(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs")
	}
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "..", "testdata"))); err != nil {
		t.Fatal(err)
	}
	fixed := mend(t, root)
	pkgs, err := fixture.Scan(root, folders...)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := fixture.Build(root, t.TempDir(), pkgs, fixture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The marks of the copy are lines of the mended source: the cases come from
	// the original.
	original, err := fixture.Scan(filepath.Join("..", "..", "testdata"), folders...)
	if err != nil {
		t.Fatal(err)
	}
	mended, reported := 0, 0
	for _, pkg := range original {
		for _, c := range pkg.Cases {
			known, all := cured(c, fixed)
			if !known {
				continue
			}
			reported++
			if !all {
				t.Logf("%s has no fix", c.Func)
				continue
			}
			mended++
			trial, err := prog.Try(pkg, c)
			if err != nil {
				t.Fatal(err)
			}
			if trial.Result != fixture.Clean {
				t.Errorf("%s/%s, mended, %s: %s", pkg.Folder, c.Func, trial.Result, trial.Where)
			}
		}
	}
	t.Logf("%d of %d reported leaks have a fix", mended, reported)
	if mended < reported/2 {
		t.Errorf("only %d of %d reported leaks have a fix", mended, reported)
	}
}

// cured reports whether leaksend reports something of the case, and whether it
// offers a fix for all that it reports.
func cured(c *fixture.Case, fixed map[line]bool) (reported, all bool) {
	all = true
	for _, m := range c.Marks {
		if fix, ok := fixed[line{m.File, m.Line}]; ok {
			reported = true
			all = all && fix
		}
	}
	return reported && c.Bad() && c.NoRun == "", all
}

// mend runs leaksend over the module at root and applies its fixes. It returns
// the lines reported and whether they had one.
func mend(t *testing.T, root string) map[line]bool {
	t.Helper()
	var patterns []string
	for _, folder := range folders {
		patterns = append(patterns, "./"+folder+"/...")
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule,
		Dir:  root,
		Env:  append(os.Environ(), "GO111MODULE=on", "GOWORK=off"),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{leaksend.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[line]bool{}
	edits := map[string][]analysis.TextEdit{}
	offsets := map[string]int{} // of the first position of each file
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			posn := act.Package.Fset.Position(d.Pos)
			rel, err := filepath.Rel(root, posn.Filename)
			if err != nil {
				t.Fatal(err)
			}
			lines[line{filepath.ToSlash(rel), posn.Line}] = len(d.SuggestedFixes) > 0
			for _, fix := range d.SuggestedFixes {
				offsets[posn.Filename] = act.Package.Fset.File(d.Pos).Base()
				edits[posn.Filename] = append(edits[posn.Filename], fix.TextEdits...)
			}
		}
	}
	for name, list := range edits {
		rewrite(t, name, offsets[name], list)
	}
	return lines
}

// rewrite applies edits to a file that starts at base; two fixes may share one.
func rewrite(t *testing.T, name string, base int, list []analysis.TextEdit) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(list, func(a, b analysis.TextEdit) int { return cmp.Compare(a.Pos, b.Pos) })
	list = slices.CompactFunc(list, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && bytes.Equal(a.NewText, b.NewText)
	})
	var out []byte
	at := 0
	for _, e := range list {
		out = append(append(out, text[at:int(e.Pos)-base]...), e.NewText...)
		at = int(e.End) - base
	}
	out = append(out, text[at:]...)
	formatted, err := format.Source(out)
	if err != nil {
		t.Fatalf("%s does not parse: %v", name, err)
	}
	if !bytes.Equal(formatted, out) {
		t.Errorf("%s is not formatted after its fixes", name)
	}
	if err := os.WriteFile(name, out, 0o666); err != nil {
		t.Fatal(err)
	}
}
