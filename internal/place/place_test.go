package place_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/chanlint/chanlint/internal/place"
)

// load builds a package of one file and its world.
func load(t *testing.T, source string) (*ssa.Package, *place.World) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+source, 0)
	if err != nil {
		t.Fatal(err)
	}
	files := []*ast.File{file}
	conf := &types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, info, err := ssautil.BuildPackage(conf, fset, types.NewPackage("p", "p"), files, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	var funcs []*ssa.Function
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		funcs = append(funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, m := range pkg.Members {
		if fn, ok := m.(*ssa.Function); ok {
			add(fn)
		}
	}
	return pkg, place.NewWorld(pkg.Pkg, files, info, funcs)
}

// fieldOf returns the place of field c of the struct type T, reached from a
// register.
func fieldOf(t *testing.T, pkg *ssa.Package) place.Place {
	t.Helper()
	s := pkg.Pkg.Scope().Lookup("T").Type().Underlying().(*types.Struct)
	for f := range s.Fields() {
		if f.Name() == "c" {
			var paths place.Paths
			return place.Place{Root: new(ssa.Parameter), Path: paths.Append(nil, f), Mem: true}
		}
	}
	t.Fatal("T has no field c")
	return place.Place{}
}

func TestFieldsOfAPackage(t *testing.T) {
	for _, tt := range []struct {
		name, source             string
		never, restored, tracked bool
	}{
		{"nothing", `type T struct { c chan int }`, true, false, true},
		{"keyed literal", `type T struct { c chan int }; func f() { _ = T{c: make(chan int)} }`, false, false, true},
		{"unkeyed literal", `type T struct { c chan int }; func f() { _ = &T{make(chan int)} }`, false, false, true},
		{"elided literal", `type T struct { c chan int }; func f(d chan int) { _ = []*T{{c: d}} }`, false, false, true},
		{"other field", `type T struct { n int; c chan int }; func f() { _ = T{n: 1} }`, true, false, true},
		{"nil", `type T struct { c chan int }; func f(t *T) { t.c = nil }`, true, true, true},
		{"constructor", `type T struct { c chan int }; func f() *T { t := new(T); t.c = make(chan int); return t }`, false, false, true},
		{"setter", `type T struct { c chan int }; func f(t *T) { t.c = make(chan int) }`, false, true, true},
		{"whole struct", `type T struct { c chan int }; func f(t *T, u T) { *t = u }`, true, true, true},
		{"address", `type T struct { c chan int }; func g(*chan int); func f(t *T) { g(&t.c) }`, false, false, false},
		{"conversion", `type T struct { c chan int }; type U struct { c chan int }; func f(u U) { _ = T(u) }`, false, true, true},
		{"assignment of an unnamed type", `type T struct { c chan int }; func f(u struct { c chan int }) { var t T = u; _ = t }`, false, true, true},
		{"embedded", `type T struct { c chan int }; type U struct { T }; func f(u *U) { u.c = make(chan int) }`, false, true, true},
		{"range", `type T struct { c chan int }; func f(t *T, l []chan int) { for _, t.c = range l { } }`, false, true, true},
		{"received", `type T struct { c chan int }; func f(t *T, l chan chan int) { t.c = <-l }`, false, true, true},
		{"generic", `type G[X any] struct { c chan X }; type T struct { c chan int }; func f[X any](g *G[X]) { g.c = nil }`, true, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pkg, w := load(t, tt.source)
			p := fieldOf(t, pkg)
			if got := w.NeverAssigned(p); got != (tt.never && tt.tracked) {
				t.Errorf("NeverAssigned is %v", got)
			}
			if got := w.Restorable(p, nil); got != tt.restored {
				t.Errorf("Restorable is %v", got)
			}
			if got := w.Tracked(p); got != tt.tracked {
				t.Errorf("Tracked is %v", got)
			}
		})
	}
}

// Exported fields are open to other packages, whatever this one does.
func TestExportedField(t *testing.T) {
	pkg, w := load(t, `type T struct { C chan int; c chan int }`)
	f := pkg.Pkg.Scope().Lookup("T").Type().Underlying().(*types.Struct).Field(0)
	var paths place.Paths
	p := place.Place{Root: new(ssa.Parameter), Path: paths.Append(nil, f), Mem: true}
	if w.NeverAssigned(p) {
		t.Error("NeverAssigned is true")
	}
	if !w.Restorable(p, nil) {
		t.Error("Restorable is false")
	}
}

// A variable that two closures share is one cell, whichever closure looks.
func TestCell(t *testing.T) {
	pkg, w := load(t, `
func f() {
	c := make(chan int)
	func() {
		func() { close(c) }()
	}()
	close(c)
}`)
	f := pkg.Func("f")
	inner := f.AnonFuncs[0].AnonFuncs[0]
	cell := place.Cell(inner.FreeVars[0])
	if cell == nil || cell.Parent() != f {
		t.Fatalf("the cell of the inner literal's variable is %v, want the variable of f", cell)
	}
	if place.Cell(f.AnonFuncs[0].FreeVars[0]) != cell {
		t.Error("the two literals see different cells")
	}
	if w.OnlyStore(cell) == nil {
		t.Error("the variable is stored to once, and OnlyStore is nil")
	}
	if w.Restorable(place.Place{Root: cell, Mem: true}, f) {
		t.Error("nobody but f stores to the variable, and Restorable is true")
	}
}

func TestPathsAreInterned(t *testing.T) {
	f := types.NewField(token.NoPos, nil, "f", types.Typ[types.Int], false)
	g := types.NewField(token.NoPos, nil, "g", types.Typ[types.Int], false)
	var paths place.Paths
	fg := paths.Append(paths.Append(nil, f), g)
	if fg != paths.Join(paths.Append(nil, f), paths.Append(nil, g)) {
		t.Error("one path has two pointers")
	}
	if fg == paths.Append(paths.Append(paths.Append(nil, f), nil), g) {
		t.Error("a path through a pointer is the same as one without")
	}
	if got := fg.String(); got != ".f.g" {
		t.Errorf("the path is %q, want .f.g", got)
	}
}
