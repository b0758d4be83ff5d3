package repair

import (
	"bytes"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/witness"
)

// mends reports whether the package has one defect less with the fix, and none
// that it did not have, and whether none is left in the function that makes the
// channel, nor in the one whose exploration showed the leak. A further condition
// may be given.
func (f *Fixer) mends(d *witness.Defect, mk *ssa.MakeChan, fix analysis.SuggestedFix, also func(*version) bool) bool {
	v := f.apply(fix)
	if v == nil || len(v.pkg.Funcs) != len(f.pkg.Funcs) {
		return false
	}
	v.from = f.pkg
	fixed := v.pkg
	maker, root := slices.Index(f.pkg.Funcs, mk.Parent()), slices.Index(f.pkg.Funcs, d.Root)
	if maker < 0 || root < 0 {
		return false
	}
	concerned := reaching(f.pkg, mk.Parent(), d.Root)
	now := map[*ssa.Function]bool{}
	for i, fn := range f.pkg.Funcs {
		now[fixed.Funcs[i]] = concerned[fn]
	}
	again := witness.Explore(fixed, func(fn *ssa.Function) bool { return now[fn] })
	before, after := census(f.pkg, f.res, concerned), census(fixed, again, nil)
	total := 0
	for k, n := range after {
		if n > before[k] || k.root == maker || k.root == root {
			return false
		}
		total -= n
	}
	for _, n := range before {
		total += n
	}
	if total < 1 {
		return false
	}
	// A model that has become too large proves nothing.
	return modelOf(fixed, fixed.Funcs[maker]) != nil && modelOf(fixed, fixed.Funcs[root]) != nil && (also == nil || also(v))
}

// A version is the package with a fix.
type version struct {
	from  *chanssa.Package // as it is
	pkg   *chanssa.Package // with the fix
	info  *types.Info
	files []*ast.File
}

// now returns what a function has become.
func (v *version) now(fn *ssa.Function) *ssa.Function {
	return v.pkg.Funcs[slices.Index(v.from.Funcs, fn)]
}

// A kind of defect: where it was shown, where it is, what happens.
type defectKey struct {
	root, fn int // in Funcs
	kind     witness.Kind
	panic    string
	op       build.SiteKind
}

// census counts the defects that were shown in the given functions; nil stands for
// all.
func census(pkg *chanssa.Package, res *witness.Result, roots map[*ssa.Function]bool) map[defectKey]int {
	out := map[defectKey]int{}
	for _, d := range res.Defects {
		if roots != nil && !roots[d.Root] {
			continue
		}
		k := defectKey{root: slices.Index(pkg.Funcs, d.Root), fn: slices.Index(pkg.Funcs, d.Op.Fn), kind: d.Kind, op: d.Op.Kind}
		if d.Kind == witness.Panics {
			k.panic = d.Panic.String()
		}
		out[k]++
	}
	return out
}

// apply returns the package as the fix, which is in one file, would make it; nil if it does not type-check then, or loses its formatting.
func (f *Fixer) apply(fix analysis.SuggestedFix) *version {
	file := f.fileOf(fix.TextEdits[0].Pos)
	if file == nil || f.pass.ReadFile == nil {
		return nil
	}
	name := f.pass.Fset.File(file.FileStart).Name()
	old, err := f.pass.ReadFile(name)
	if err != nil || len(old) != int(file.FileEnd-file.FileStart) {
		return nil
	}
	edited := edit(old, file.FileStart, fix.TextEdits)
	if was, err := format.Source(old); err == nil && bytes.Equal(was, old) {
		if is, err := format.Source(edited); err != nil || !bytes.Equal(is, edited) {
			return nil
		}
	}
	parsed, err := parser.ParseFile(f.pass.Fset, name, edited, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	files := slices.Clone(f.pass.Files)
	files[slices.Index(files, file)] = parsed
	return f.check(files)
}

// edit applies edits, which are in order, to the text of a file that starts at
// the given position.
func edit(text []byte, start token.Pos, edits []analysis.TextEdit) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, text[at:e.Pos-start]...)
		out = append(out, e.NewText...)
		at = int(e.End - start)
	}
	return append(out, text[at:]...)
}

// check type-checks the files against the imports of the package as it is.
func (f *Fixer) check(files []*ast.File) *version {
	info := &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
	config := &types.Config{
		Importer:    importer{f.pass.Pkg},
		Sizes:       f.pass.TypesSizes,
		GoVersion:   f.pass.Pkg.GoVersion(),
		FakeImportC: true,
	}
	pkg, err := config.Check(f.pass.Pkg.Path(), f.pass.Fset, files, info)
	if err != nil {
		return nil
	}
	return &version{pkg: chanssa.Build(f.pass.Fset, files, pkg, info), info: info, files: files}
}

// An importer serves the imports of a package that has been type-checked.
type importer struct{ pkg *types.Package }

var errNotImported = errors.New("not among the imports")

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	for _, imp := range i.pkg.Imports() {
		if imp.Path() == path || imp.Path() == "vendor/"+path {
			return imp, nil
		}
	}
	return nil, errNotImported
}
