// Gendocs writes what the documentation repeats of the checks' own words: a page
// for each check under docs/checks, and the table of checks in README.md and
// docs/checks/README.md.
//
//	go run ./internal/cmd/gendocs
//
// It is run in the root of the repository. A test fails when a file is stale.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/checkdoc"
)

func main() {
	if err := run(".", analyzers.All(), analyzers.OnRequest()); err != nil {
		fmt.Fprintf(os.Stderr, "gendocs: %v\n", err)
		os.Exit(1)
	}
}

// run brings the documentation below root up to date.
func run(root string, checks, onRequest []*analysis.Analyzer) error {
	files, err := generate(root, checks, onRequest)
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(root, f.path)
		if f.text == "" {
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(f.text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// A file is what a file should hold; no text means that it should not exist.
type file struct {
	path string // relative to the root, with slashes
	text string
}

const (
	readme    = "README.md"
	checksDir = "docs/checks"
	tableFrom = "<!-- checks: written by internal/cmd/gendocs -->\n"
	tableTo   = "<!-- end of checks -->\n"
	pageNote  = "<!-- Written by internal/cmd/gendocs from the check's doc.go. -->\n\n"
)

// generate returns the files of the documentation as they should be. It reads
// README.md, of which it replaces the table only, and the list of pages.
func generate(root string, checks, onRequest []*analysis.Analyzer) ([]file, error) {
	var files []file
	var pages []checkdoc.Page
	for i, a := range slices.Concat(checks, onRequest) {
		page := checkdoc.Parse(a.Doc)
		if problems := page.Problems(); problems != nil {
			return nil, fmt.Errorf("analyzers/%s/doc.go: %s", a.Name, strings.Join(problems, "; "))
		}
		files = append(files, file{checksDir + "/" + page.Name + ".md", pageNote + page.Markdown()})
		if i >= len(checks) {
			page.Summary += " (on request)"
		}
		pages = append(pages, page)
	}
	index := pageNote + "# Checks\n\n" + table(pages, "")
	files = append(files, file{checksDir + "/README.md", index})

	// Pages of checks that are no more.
	present, err := os.ReadDir(filepath.Join(root, checksDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range present {
		path := checksDir + "/" + entry.Name()
		if !slices.ContainsFunc(files, func(f file) bool { return f.path == path }) {
			files = append(files, file{path: path})
		}
	}

	text, err := os.ReadFile(filepath.Join(root, readme))
	if err != nil {
		return nil, err
	}
	before, rest, ok1 := strings.Cut(string(text), tableFrom)
	_, after, ok2 := strings.Cut(rest, tableTo)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("%s has no place for the table of checks, between %q and %q", readme, tableFrom, tableTo)
	}
	return append(files, file{readme, before + tableFrom + table(pages, checksDir+"/") + tableTo + after}), nil
}

// table returns a Markdown table of the checks with links to their pages in dir.
func table(pages []checkdoc.Page, dir string) string {
	var b strings.Builder
	b.WriteString("| check | what it reports |\n|---|---|\n")
	for _, page := range pages {
		summary := strings.ReplaceAll(page.Summary, "|", `\|`)
		fmt.Fprintf(&b, "| [%s](%s%s.md) | %s |\n", page.Name, dir, page.Name, strings.TrimPrefix(summary, "reports "))
	}
	return b.String()
}
