package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestConduct holds the checks and the engine to what golangci-lint asks of
// linters, and more: they run inside other programs, so they end none of those,
// print nothing and do nothing when they are imported.
func TestConduct(t *testing.T) {
	checked := 0
	for _, top := range []string{"analyzers", "internal"} {
		err := filepath.WalkDir(filepath.Join("..", "..", top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if name := entry.Name(); name == "testdata" || isTool(filepath.ToSlash(path)) {
					return filepath.SkipDir
				}
				return nil
			}
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				checked++
				for _, fault := range faults(t, path, nil) {
					t.Error(fault)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if checked < 50 {
		t.Errorf("only %d files have been read: the test holds little", checked)
	}
}

// isTool reports whether the folder is not part of what runs inside other
// programs: the standalone command, what developers run, what tests use.
func isTool(path string) bool {
	for _, tool := range []string{"/internal/cmd", "/internal/driver", "/internal/fixture"} {
		if strings.HasSuffix(path, tool) {
			return true
		}
	}
	return false
}

// faults returns what is wrong with a file, one line a fault. src is as for
// [parser.ParseFile].
func faults(t *testing.T, path string, src any) []string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				found = append(found, fset.Position(n.Pos()).String()+": has an init function")
			}
		case *ast.CallExpr:
			if name := types.ExprString(n.Fun); isForbidden(name) {
				found = append(found, fset.Position(n.Pos()).String()+": calls "+name)
			}
		}
		return true
	})
	return found
}

func isForbidden(function string) bool {
	switch function {
	case "panic", "print", "println", "os.Exit", "runtime.Goexit", "fmt.Print", "fmt.Println", "fmt.Printf":
		return true
	}
	return strings.HasPrefix(function, "log.")
}

// TestFaults holds that each fault is noticed.
func TestFaults(t *testing.T) {
	tests := map[string]bool{
		`func init() {}`:                 true,
		`func f() { panic("no") }`:       true,
		`func f() { log.Fatal("no") }`:   true,
		`func f() { os.Exit(1) }`:        true,
		`func f() { fmt.Println("hi") }`: true,
		`func (t T) init() {}`:           false,
		`func f() { fmt.Sprintln(1) }`:   false,
	}
	for source, wrong := range tests {
		if got := faults(t, "f.go", "package p\n"+source); (len(got) > 0) != wrong {
			t.Errorf("%s: found %q, want something: %v", source, got, wrong)
		}
	}
}
