package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
)

// A bug is one row of the table of real bugs: a buggy operation in the parent
// of a public commit that fixes it.
type bug struct {
	id, repo    string
	fix, parent string // commits
	dir, file   string // package and file in the parent
	line        int
	operation   string
	class       string
	storage     string
	visibility  string
	inTest      bool
}

// panics reports whether the bug ends in a panic; the others block, leak or
// spin.
func (b bug) panics() bool {
	return slices.Contains([]string{"double-close", "close-nil", "send-on-closed"}, b.class)
}

// local reports whether the bug is one that the goal of half is set for: a
// sender that leaks on a channel made in the function, visible there alone.
func (b bug) local() bool {
	return b.class == "sender-leak" && b.storage == "local" && b.visibility == "one-function"
}

// onField reports whether the channel lives in a field, or in a container that
// may do so.
func (b bug) onField() bool {
	return slices.Contains([]string{"field", "field-copied-to-local", "map-element", "slice-element"}, b.storage)
}

// readBugs reads the table, only the rows with the given ids if there are any.
func readBugs(file string, ids []string) ([]bug, error) {
	rows, err := tsv.ReadFile(file, "id", "repo", "fix_commit", "parent_commit", "package_dir", "file", "line",
		"operation", "class", "channel_storage", "visibility", "in_test_file")
	if err != nil {
		return nil, err
	}
	var bugs []bug
	for _, r := range rows {
		if len(ids) > 0 && !slices.Contains(ids, r.Get("id")) {
			continue
		}
		line, err := strconv.Atoi(r.Get("line"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, r.Line, err)
		}
		bugs = append(bugs, bug{
			id: r.Get("id"), repo: r.Get("repo"),
			fix: r.Get("fix_commit"), parent: r.Get("parent_commit"),
			dir: r.Get("package_dir"), file: r.Get("file"), line: line,
			operation: r.Get("operation"), class: r.Get("class"),
			storage: r.Get("channel_storage"), visibility: r.Get("visibility"),
			inTest: r.Get("in_test_file") == "yes",
		})
	}
	return bugs, nil
}

// A mode says how a tree is made to type-check.
type mode struct {
	kind       string   // module, gopath, synthetic, or none
	importPath string   // of the tree's root, for gopath and synthetic
	libraries  []string // folders of the tree that hold its dependencies, for gopath
	env        []string
	flags      []string
	note       string // why it cannot be done, for none
}

// readModes reads the table of trees, by the id of the bug. A bug without a
// row has a go.mod that is used as it stands.
func readModes(file string) (map[string]mode, error) {
	rows, err := tsv.ReadFile(file, "id", "kind", "import_path", "libraries", "env", "flags", "note")
	if err != nil {
		return nil, err
	}
	modes := make(map[string]mode)
	for _, r := range rows {
		m := mode{
			kind:       r.Get("kind"),
			importPath: r.Get("import_path"),
			libraries:  strings.Fields(r.Get("libraries")),
			env:        strings.Fields(r.Get("env")),
			flags:      strings.Fields(r.Get("flags")),
			note:       r.Get("note"),
		}
		if !slices.Contains([]string{"module", "gopath", "synthetic", "none"}, m.kind) {
			return nil, fmt.Errorf("%s:%d: unknown kind %q", file, r.Line, m.kind)
		}
		for _, id := range strings.Split(r.Get("id"), ",") {
			modes[id] = m
		}
	}
	return modes, nil
}
