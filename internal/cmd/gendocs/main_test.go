package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/checkdoc"
)

// TestUpToDate fails when the documentation does not say what the checks say.
func TestUpToDate(t *testing.T) {
	for _, path := range stale(t, "../../..", analyzers.All(), analyzers.OnRequest()) {
		t.Errorf("%s is stale; run go run ./internal/cmd/gendocs", path)
	}
}

// TestChecksDocumented holds every check to the form of its documentation.
func TestChecksDocumented(t *testing.T) {
	previous := ""
	for i, a := range slices.Concat(analyzers.All(), analyzers.OnRequest()) {
		for _, problem := range checkdoc.Parse(a.Doc).Problems() {
			t.Errorf("analyzers/%s/doc.go: %s", a.Name, problem)
		}
		if a.URL != checkdoc.URL(a.Name) {
			t.Errorf("check %s has the URL %q, want %q", a.Name, a.URL, checkdoc.URL(a.Name))
		}
		if a.Name <= previous && i < len(analyzers.All()) {
			t.Errorf("check %s stands behind %s, but the list is alphabetical", a.Name, previous)
		}
		previous = a.Name
	}
}

// stale returns the files below root that are not as they should be.
func stale(t *testing.T, root string, checks, onRequest []*analysis.Analyzer) []string {
	t.Helper()
	files, err := generate(root, checks, onRequest)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(root, f.path))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		// An error means that there is no file, which no text asks for.
		if string(text) != f.text || (err == nil) != (f.text != "") {
			out = append(out, f.path)
		}
	}
	return out
}

const docSource = `// Package a reports as | bs.
//
// # What it reports
//
// As.
//
// # Example
//
//	a
//
// # Corrected
//
//	b
//
// # What it stays silent about
//
// The rest.
//
// # Silencing
//
// As usual.
package a
`

func TestRun(t *testing.T) {
	root := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("README.md", "before\n"+tableFrom+"old\n"+tableTo+"after\n")
	write("docs/checks/gone.md", "of a check that is no more")
	checks := []*analysis.Analyzer{{Name: "a", Doc: checkdoc.Doc("a", docSource)}}

	if got := strings.Join(stale(t, root, checks, nil), " "); got != "docs/checks/a.md docs/checks/README.md docs/checks/gone.md README.md" {
		t.Errorf("stale before: %s", got)
	}
	if err := run(root, checks, nil); err != nil {
		t.Fatal(err)
	}
	if got := stale(t, root, checks, nil); got != nil {
		t.Errorf("stale after: %q", got)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := "before\n" + tableFrom + "| check | what it reports |\n|---|---|\n| [a](docs/checks/a.md) | as \\| bs |\n" + tableTo + "after\n"
	if string(text) != want {
		t.Errorf("README is %q, want %q", text, want)
	}
}

func TestRunFails(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "README.md"), []byte("no table\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(root, nil, nil); err == nil || !strings.Contains(err.Error(), "no place for the table") {
		t.Errorf("without a place for the table: %v", err)
	}
	undocumented := []*analysis.Analyzer{{Name: "a", Doc: "a: too short"}}
	if err := run(root, undocumented, nil); err == nil || !strings.Contains(err.Error(), "analyzers/a/doc.go") {
		t.Errorf("with an undocumented check: %v", err)
	}
}
