package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// A function is a declared function or a function literal and the lines that
// it occupies, under the name that the compiler gives it and a goroutine dump
// shows: F, T.M, (*T).M, F.func1 for the first literal in F, F.func1.1 for the
// first literal in that.
type function struct {
	name        string
	file        string
	first, last int
}

// parseFolder lists the functions of every Go file in a folder.
func parseFolder(dir string) ([]function, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []function
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		fs, err := parseFunctions(filepath.Join(dir, e.Name()), nil)
		if err != nil {
			return nil, err
		}
		all = append(all, fs...)
	}
	return all, nil
}

// parseFunctions lists the functions of one file; src is as in
// parser.ParseFile.
func parseFunctions(file string, src any) ([]function, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	c := collector{fset: fset, file: filepath.Base(file)}
	for _, decl := range f.Decls {
		if d, ok := decl.(*ast.FuncDecl); ok && d.Body != nil {
			name := d.Name.Name
			if d.Recv != nil && len(d.Recv.List) == 1 {
				name = receiver(d.Recv.List[0].Type) + "." + name
			}
			c.add(name, d)
			c.literals(name+".func", d.Body)
		}
	}
	return c.functions, nil
}

// A collector gathers the functions of one file.
type collector struct {
	fset      *token.FileSet
	file      string
	functions []function
}

// add appends the function that a declaration or literal is.
func (c *collector) add(name string, n ast.Node) {
	c.functions = append(c.functions, function{
		name:  name,
		file:  c.file,
		first: c.fset.Position(n.Pos()).Line,
		last:  c.fset.Position(n.End()).Line,
	})
}

// literals adds the function literals directly in body, numbered after prefix
// in the order of the source, and those inside them.
func (c *collector) literals(prefix string, body ast.Node) {
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		lit, ok := node.(*ast.FuncLit)
		if !ok {
			return true
		}
		n++
		name := fmt.Sprintf("%s%d", prefix, n)
		c.add(name, lit)
		c.literals(name+".", lit.Body)
		return false
	})
}

// receiver returns the receiver's type as the compiler writes it.
func receiver(t ast.Expr) string {
	switch x := t.(type) {
	case *ast.StarExpr:
		return "(*" + receiver(x.X) + ")"
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return "_"
}

// innermost returns the name of the innermost function around a place, or "".
func innermost(functions []function, p place) string {
	name, size := "", 0
	for _, f := range functions {
		if f.file != p.file || p.line < f.first || f.last < p.line {
			continue
		}
		if lines := f.last - f.first; name == "" || lines <= size {
			name, size = f.name, lines
		}
	}
	return name
}
