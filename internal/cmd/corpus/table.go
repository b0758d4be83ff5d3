package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A corpus is one row of the table of corpora: packages of one pinned
// repository that are analysed in one run.
type corpus struct {
	name     string   // as in the ledger
	checkout string   // folder below -dir, or "GOROOT"
	url      string   // what to clone
	version  string   // release tag, for readers
	commit   string   // what the checkout must be at; "-" for the Go distribution
	dir      string   // module directory inside the checkout
	patterns []string // packages
	flags    []string // build flags
}

// inGo reports whether the corpus is part of the Go distribution itself.
func (c corpus) inGo() bool { return c.checkout == "GOROOT" }

// readCorpora reads the table of corpora.
func readCorpora(file string) ([]corpus, error) {
	rows, err := tsv.ReadFile(file, "name", "checkout", "url", "version", "commit", "dir", "patterns", "flags")
	if err != nil {
		return nil, err
	}
	var list []corpus
	for _, r := range rows {
		list = append(list, corpus{
			name:     r.Get("name"),
			checkout: r.Get("checkout"),
			url:      r.Get("url"),
			version:  r.Get("version"),
			commit:   r.Get("commit"),
			dir:      r.Get("dir"),
			patterns: strings.Fields(r.Get("patterns")),
			flags:    strings.Fields(r.Get("flags")),
		})
	}
	return list, nil
}

// choose returns the corpora that the flags ask for: those of the Go
// distribution if std is set, those in checkouts if dir is, and of these only
// the ones named, if any are. It fails on a name that the table does not have
// or that the other two flags exclude.
func choose(all []corpus, std bool, dir string, names []string) ([]corpus, error) {
	var list []corpus
	found := make(map[string]bool)
	for _, c := range all {
		wanted := c.inGo() && std || !c.inGo() && dir != ""
		if !wanted || len(names) > 0 && !slices.Contains(names, c.name) {
			continue
		}
		found[c.name] = true
		list = append(list, c)
	}
	for _, name := range names {
		if !found[name] {
			return nil, fmt.Errorf("no corpus %q among those asked for: see the names in the table of corpora, and give -std or -dir", name)
		}
	}
	return list, nil
}

// root returns the directory of the corpus's checkout below dir, or that of
// the Go distribution, after making sure that it is what the table says. The
// error of a checkout that is missing or at another commit holds the commands
// that get the right one. For the Go distribution a different version is only
// a remark, which root returns: whoever has another Go can still run the gate.
func (c corpus) root(ctx context.Context, dir string) (root, remark string, err error) {
	if c.inGo() {
		return c.goRoot(ctx)
	}
	root = filepath.Join(dir, c.checkout)
	if _, err := os.Stat(root); err != nil {
		return "", "", fmt.Errorf("%s: no checkout in %s; get it with\n%s", c.name, root, c.recipe(root))
	}
	out, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", "", fmt.Errorf("%s: %s is not a git checkout; get one with\n%s", c.name, root, c.recipe(root))
	}
	if head := strings.TrimSpace(string(out)); head != c.commit {
		return "", "", fmt.Errorf("%s: %s is at commit %s, the ledger was judged at %s (%s):\n\tgit -C %s checkout --detach %s",
			c.name, root, head, c.commit, c.version, root, c.commit)
	}
	return root, "", nil
}

// goRoot is root for a corpus of the Go distribution.
func (c corpus) goRoot(ctx context.Context) (root, remark string, err error) {
	if root, err = vetrun.GoEnv(ctx, "GOROOT"); err != nil {
		return "", "", err
	}
	version, err := vetrun.GoEnv(ctx, "GOVERSION")
	if err != nil {
		return "", "", err
	}
	if version != c.version {
		remark = fmt.Sprintf("%s: the ledger was judged on %s, this is %s; reports may differ", c.name, c.version, version)
	}
	return root, remark, nil
}

// recipe returns the commands that produce the checkout.
func (c corpus) recipe(root string) string {
	return fmt.Sprintf("\tgit clone %s %s\n\tgit -C %s checkout --detach %s   # %s", c.url, root, root, c.commit, c.version)
}
