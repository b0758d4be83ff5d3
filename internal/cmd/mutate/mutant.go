package main

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/internal/fixture"
)

// A mutant is a copy of a package with one mutation.
type mutant struct {
	mutation
	folder  string // of the copy
	origin  string // where the mutation stands
	pkg     *fixture.Package
	reports []fixture.Finding
	result  fixture.Result
	where   string // what went wrong, and where
	inCase  string // the case in which it did
	reached bool   // whether a run came to a reported place
}

// makeMutants writes a module of mutants to root, one folder each, beside the
// packages of testdata that fixtures import.
func makeMutants(repository, root string, subjects []subject) ([]*mutant, error) {
	for _, name := range []string{"go.mod", "go.sum", "gate/gate.go"} {
		data, err := os.ReadFile(filepath.Join(repository, "testdata", name))
		if err != nil {
			return nil, err
		}
		if err := write(filepath.Join(root, name), data); err != nil {
			return nil, err
		}
	}
	var all []*mutant
	for _, s := range subjects {
		reach := reachable(s.pkg.Syntax)
		for _, mutation := range s.mutations() {
			m, err := makeMutant(root, fmt.Sprintf("m%04d", len(all)), s, mutation, reach)
			if err != nil {
				return nil, err
			}
			all = append(all, m)
		}
	}
	return all, nil
}

// makeMutant writes one mutant and scans it for the cases to run: those that
// can reach the mutation.
func makeMutant(root, folder string, s subject, mu mutation, reach map[string][]string) (*mutant, error) {
	for name, data := range s.source {
		if name == mu.file {
			data = slices.Concat(data[:mu.start], []byte(mu.text), data[mu.end:])
		}
		if err := write(filepath.Join(root, folder, filepath.Base(name)), data); err != nil {
			return nil, err
		}
	}
	extra := fmt.Sprintf("package %s\n\nvar %s = true\n\nfunc %s() { println(%q) }\n", s.pkg.Name, leaveEarly, reachedFunc, reachedText)
	if err := write(filepath.Join(root, folder, "mutant_extra.go"), []byte(extra)); err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(s.base, mu.file)
	if err != nil {
		return nil, err
	}
	m := &mutant{mutation: mu, folder: folder, origin: fmt.Sprintf("%s:%d", filepath.ToSlash(rel), mu.line)}
	scanned, err := fixture.Scan(root, folder)
	if err != nil || len(scanned) != 1 {
		// It does not parse, so it is no mutant; discardBroken drops it.
		m.pkg = &fixture.Package{Folder: folder, Name: s.pkg.Name}
		return m, nil
	}
	m.pkg = scanned[0]
	m.pkg.Cases = slices.DeleteFunc(m.pkg.Cases, func(c *fixture.Case) bool {
		return c.Bad() || c.NoRun != "" || !slices.Contains(reach[c.Func], mu.function)
	})
	return m, nil
}

func write(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o666)
}

// reachable returns, for each declared function, the names of the functions
// and methods that it may call, itself among them. Methods are known by name
// alone, which is as coarse as it is safe: a case more is run.
func reachable(files []*ast.File) map[string][]string {
	uses := make(map[string][]string)
	for _, file := range files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				ast.Inspect(fn, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						uses[fn.Name.Name] = append(uses[fn.Name.Name], id.Name)
					}
					return true
				})
			}
		}
	}
	reach := make(map[string][]string)
	for name := range uses {
		work, seen := []string{name}, map[string]bool{name: true}
		for len(work) > 0 {
			last := work[len(work)-1]
			work = work[:len(work)-1]
			reach[name] = append(reach[name], last)
			for _, used := range uses[last] {
				if uses[used] != nil && !seen[used] {
					seen[used] = true
					work = append(work, used)
				}
			}
		}
	}
	return reach
}

// discardBroken removes the mutants that do not type-check, from the module
// too, and says how many there were.
func discardBroken(root string, mutants []*mutant) (good []*mutant, discarded int, err error) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax, Dir: root,
		Env: append(os.Environ(), "GO111MODULE=on", "GOWORK=off"),
	}, "./...")
	if err != nil {
		return nil, 0, err
	}
	sound := make(map[string]bool)
	for _, pkg := range pkgs {
		if len(pkg.Errors) == 0 {
			sound[pkg.PkgPath[strings.LastIndex(pkg.PkgPath, "/")+1:]] = true
		}
	}
	for _, m := range mutants {
		if sound[m.folder] && len(m.pkg.Cases) > 0 {
			good = append(good, m)
			continue
		}
		if err := os.RemoveAll(filepath.Join(root, m.folder)); err != nil {
			return nil, 0, err
		}
	}
	return good, len(mutants) - len(good), nil
}

// assign gives each mutant its reports.
func assign(mutants []*mutant, findings []fixture.Finding) {
	byFolder := make(map[string]*mutant)
	for _, m := range mutants {
		byFolder[m.folder] = m
	}
	for _, f := range findings {
		folder, _, _ := strings.Cut(f.File, "/")
		if m := byFolder[folder]; m != nil {
			m.reports = append(m.reports, f)
		}
	}
}
