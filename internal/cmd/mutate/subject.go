package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"
)

// library is the one subject that is no fixture: the reference pipelines. The
// cases that run them stand in testdata/pipeline.go and are added to the package
// in an overlay.
const library = "runtime/pipeline"

// A subject is a package to mutate.
type subject struct {
	pkg    *packages.Package
	source map[string][]byte // by file
	cases  string            // the file that is not mutated, or ""
	base   string            // the directory that positions are relative to
}

// loadSubjects loads the folders, which are relative to testdata, and library.
func loadSubjects(repository string, folders []string) ([]subject, error) {
	testdata := filepath.Join(repository, "testdata")
	var patterns []string
	for _, folder := range folders {
		if folder != library {
			patterns = append(patterns, "./"+folder)
		}
	}
	var all []subject
	if len(patterns) > 0 {
		fixtures, err := loadPackages(testdata, nil, patterns...)
		if err != nil {
			return nil, err
		}
		all = fixtures
	}
	if slices.Contains(folders, library) {
		cases, err := os.ReadFile(filepath.Join(repository, "internal", "cmd", "mutate", "testdata", "pipeline.go"))
		if err != nil {
			return nil, err
		}
		name := filepath.Join(repository, filepath.FromSlash(library), "mutate_cases.go")
		loaded, err := loadPackages(repository, map[string][]byte{name: cases}, "./"+library)
		if err != nil {
			return nil, err
		}
		for i := range loaded {
			loaded[i].cases = name
		}
		all = append(all, loaded...)
	}
	return all, nil
}

// loadPackages loads packages in a directory, with files that are not there.
func loadPackages(dir string, overlay map[string][]byte, patterns ...string) ([]subject, error) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax, Dir: dir, Overlay: overlay,
		Env: append(os.Environ(), "GO111MODULE=on", "GOWORK=off"),
	}, patterns...)
	if err != nil {
		return nil, err
	}
	var all []subject
	for _, pkg := range pkgs {
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("%s: %v", pkg.PkgPath, pkg.Errors[0])
		}
		s := subject{pkg: pkg, source: make(map[string][]byte), base: dir}
		for _, name := range pkg.CompiledGoFiles {
			data, ok := overlay[name]
			if !ok {
				if data, err = os.ReadFile(name); err != nil {
					return nil, err
				}
			}
			s.source[name] = data
		}
		all = append(all, s)
	}
	return all, nil
}

// mutations returns the mutations of the subject.
func (s subject) mutations() []mutation {
	return slices.DeleteFunc(mutations(s.pkg, s.source), func(m mutation) bool { return m.file == s.cases })
}
