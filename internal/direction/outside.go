package direction

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Outside is what the files of a package's directory say that are not part of
// the pass: those of other platforms, tests where the pass has none, assembly.
// They compile with the package at other times, and a change must not break
// them either.
type Outside struct {
	declared map[string]bool // package-level names
	values   map[string]bool // names in any place but that of a called function
	other    [][]byte        // what is not Go, or not to be read
}

// Read reads the files around those of pass. What cannot be read is left out:
// the file may be one that only a build system has seen.
func Read(pass *analysis.Pass) *Outside {
	o := &Outside{declared: make(map[string]bool), values: make(map[string]bool)}
	for _, name := range around(pass) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			o.other = append(o.other, text)
			continue
		}
		o.add(file)
	}
	return o
}

// around returns the names of the source files in the directories of pass that
// are not its own.
func around(pass *analysis.Pass) []string {
	var own, dirs, names []string
	for _, file := range pass.Files {
		name := pass.Fset.File(file.FileStart).Name()
		own = append(own, name)
		if dir := filepath.Dir(name); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		entries, _ := os.ReadDir(dir) // none is as good as one that cannot be read
		for _, entry := range entries {
			name := filepath.Join(dir, entry.Name())
			if ext := filepath.Ext(name); (ext == ".go" || ext == ".s" || ext == ".S") && !slices.Contains(own, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (o *Outside) add(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			o.declared[decl.Name.Name] = true
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					o.declared[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						o.declared[name.Name] = true
					}
				}
			}
		}
	}
	ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !Called(id, stack) {
			if decl, ok := stack[len(stack)-1].(*ast.FuncDecl); !ok || decl.Name != id {
				o.values[id.Name] = true
			}
		}
		return true
	})
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:linkname ") || strings.HasPrefix(c.Text, "//export ") {
				o.other = append(o.other, []byte(c.Text))
			}
		}
	}
}

// Uses reports whether a file outside may use the function name as a value, or
// speaks of it in what is not Go.
func (o *Outside) Uses(name string) bool {
	return o.values[name] || slices.ContainsFunc(o.other, func(text []byte) bool { return bytes.Contains(text, []byte(name)) })
}

// Declares reports whether a file outside declares name, so that it may be
// another thing there.
func (o *Outside) Declares(name string) bool { return o.declared[name] }

// Called reports whether id, inside the nodes of stack, is a function that is
// called there and not used as a value.
func Called(id *ast.Ident, stack []ast.Node) bool {
	var e ast.Expr = id
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.ParenExpr:
			e = n
		case *ast.IndexExpr:
			if n.X != e {
				return false
			}
			e = n
		case *ast.IndexListExpr:
			if n.X != e {
				return false
			}
			e = n
		case *ast.CallExpr:
			return n.Fun == e
		default:
			return false
		}
	}
	return false
}
