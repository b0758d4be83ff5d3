package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A workshop makes trees of commits and analyses packages in them.
type workshop struct {
	clones string   // folder with the clones, OWNER/NAME or NAME
	work   string   // folder for the trees
	tool   string   // vet tool
	flags  []string // for the tool
}

// clone returns the directory of a repository's clone. Without one, the error
// says how to get it.
func (w workshop) clone(repo string) (string, error) {
	for _, name := range []string{repo, filepath.Base(repo)} {
		dir := filepath.Join(w.clones, filepath.FromSlash(name))
		if _, err := os.Stat(dir); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("no clone: git clone https://github.com/%s %s", repo, filepath.Join(w.clones, filepath.FromSlash(repo)))
}

// tree returns the root of the tree of a commit, which it makes if it is not
// there from an earlier run, and the environment that its packages need.
func (w workshop) tree(ctx context.Context, repo, commit string, m mode) (root string, env []string, err error) {
	clone, err := w.clone(repo)
	if err != nil {
		return "", nil, err
	}
	home := filepath.Join(w.work, strings.ReplaceAll(repo, "/", "+")+"@"+commit[:12]+"+"+m.kind)
	root = home
	if m.kind == "gopath" {
		root = filepath.Join(home, "src", filepath.FromSlash(m.importPath))
	}
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
			return "", nil, err
		}
		if err := export(ctx, clone, commit, root); err != nil {
			return "", nil, err
		}
	}
	env = append([]string{"GOFLAGS=-buildvcs=false", "GOTOOLCHAIN=local", "GOWORK=off"}, m.env...)
	switch m.kind {
	case "gopath":
		path, err := m.gopath(home, root)
		if err != nil {
			return "", nil, err
		}
		env = append(env, "GO111MODULE=off", "GOPATH="+path)
	case "synthetic":
		if err := synthesise(root, m.importPath); err != nil {
			return "", nil, err
		}
	}
	return root, env, nil
}

// gopath returns the GOPATH of a tree below home: the tree itself, then each of
// the folders with its dependencies. Such a folder either is a workspace with a
// src of its own, as godep leaves it, or holds import paths directly, as a
// vendor folder does; the latter is moved out of the tree and becomes the src
// of a workspace, for the go command follows no links there.
func (m mode) gopath(home, root string) (string, error) {
	path := []string{home}
	for i, lib := range m.libraries {
		dir := filepath.Join(root, filepath.FromSlash(lib))
		if _, err := os.Stat(filepath.Join(dir, "src")); err == nil {
			path = append(path, dir)
			continue
		}
		workspace := fmt.Sprintf("%s.lib%d", home, i)
		src := filepath.Join(workspace, "src")
		if _, err := os.Stat(src); errors.Is(err, fs.ErrNotExist) {
			if err := os.MkdirAll(workspace, 0o755); err != nil {
				return "", err
			}
			if err := os.Rename(dir, src); err != nil {
				return "", err
			}
		}
		path = append(path, workspace)
	}
	return strings.Join(path, string(os.PathListSeparator)), nil
}

// synthesise gives a tree from before modules a go.mod, with which the go
// command takes the latest version of each dependency.
func synthesise(root, importPath string) error {
	file := filepath.Join(root, "go.mod")
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	return os.WriteFile(file, []byte("module "+importPath+"\n\ngo 1.16\n"), 0o644)
}

// analyse runs the tool over one package of a tree. It runs in the directory of
// the package, so that a nested module is found as a user finds it.
func (w workshop) analyse(ctx context.Context, root, dir string, env []string, m mode) ([]vetrun.Diagnostic, error) {
	flags := append([]string{"-trimpath"}, m.flags...)
	flags = append(flags, w.flags...)
	if m.kind == "synthetic" {
		flags = append(flags, "-mod=mod")
	}
	res, err := vetrun.Command{
		Tool:     w.tool,
		Dir:      filepath.Join(root, filepath.FromSlash(dir)),
		Env:      env,
		Flags:    flags,
		Patterns: []string{"."},
	}.Run(ctx)
	if err != nil {
		return nil, err
	}
	if len(res.Broken) > 0 {
		return nil, errors.New(strings.Join(res.Broken, "\n"))
	}
	return res.Diagnostics, nil
}
