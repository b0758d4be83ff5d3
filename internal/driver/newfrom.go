package driver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/baseline"
	"github.com/chanlint/chanlint/internal/output"
)

// A revision is a commit of the git repository in which the go command runs.
type revision struct {
	*Command
	run  *goRun
	name string // as the user gave it
	root string // of the repository's work tree
	dir  string // where the go command runs
}

// newRevision finds the repository. The error says that there is none, or no
// such revision.
func (c *Command) newRevision(ctx context.Context, run *goRun, name string) (*revision, error) {
	dir, err := filepath.Abs(run.options.dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	r := &revision{Command: c, run: run, name: name, dir: dir}
	root, err := r.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	r.root = filepath.FromSlash(strings.TrimSpace(string(root)))
	// A name may not be taken for a flag, and must be that of a commit.
	if _, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}"); err != nil {
		return nil, fmt.Errorf("-new-from %s: git knows no such commit", name)
	}
	return r, nil
}

// git runs git where the go command runs.
func (r *revision) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, fmt.Errorf("-new-from %s: git %s: %s", r.name, args[0], bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", r.name, err)
	}
	return out, nil
}

// newSince returns the findings that stand on a line which has changed since the
// revision, or that a run over the revision does not report.
func (r *revision) newSince(ctx context.Context, findings []output.Finding) ([]output.Finding, error) {
	changes, err := r.changes(ctx)
	if err != nil {
		return nil, err
	}
	var fresh, open []output.Finding
	for _, f := range findings {
		file, err := filepath.Abs(filepath.FromSlash(f.Pos.File))
		if err != nil {
			return nil, err
		}
		if resolved, err := filepath.EvalSymlinks(file); err == nil {
			file = resolved
		}
		if changes[file].contain(f.Pos.Line) {
			fresh = append(fresh, f)
		} else {
			open = append(open, f)
		}
	}
	if len(open) == 0 {
		return fresh, nil
	}
	known, err := r.known(ctx, open)
	if err != nil {
		return nil, err
	}
	fresh = append(fresh, known.New(open)...)
	order := map[string]int{}
	for i, f := range findings {
		order[f.Fingerprint] = i
	}
	slices.SortFunc(fresh, func(a, b output.Finding) int { return order[a.Fingerprint] - order[b.Fingerprint] })
	return fresh, nil
}

// lines are those of a file that have changed, as ranges; nil is none.
type lines [][2]int

func (l lines) contain(line int) bool {
	return slices.ContainsFunc(l, func(r [2]int) bool { return r[0] <= line && line <= r[1] })
}

// changes returns the lines of the work tree that differ from the revision, by
// absolute name. A file that git does not know is new as a whole.
func (r *revision) changes(ctx context.Context) (map[string]lines, error) {
	// Whatever the user's configuration says of prefixes, colours and drivers.
	diff, err := r.git(ctx, "-c", "core.quotepath=off", "diff", "--unified=0", "--ignore-all-space", "--no-color", "--no-ext-diff", "--find-renames",
		"--src-prefix=a/", "--dst-prefix=b/", "--end-of-options", r.name, "--", r.root)
	if err != nil {
		return nil, err
	}
	all := changedLines(diff, r.root)
	untracked, err := r.git(ctx, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", r.root)
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if name != "" {
			all[filepath.Join(r.root, filepath.FromSlash(name))] = lines{{1, maxLine}}
		}
	}
	return all, nil
}

const maxLine = 1<<31 - 1

// hunk matches the head of a hunk: where it stands in the new file.
var hunk = regexp.MustCompile(`^@@ -[0-9,]+ \+([0-9]+)(?:,([0-9]+))? @@`)

// changedLines reads a diff without context.
func changedLines(diff []byte, root string) map[string]lines {
	all := map[string]lines{}
	file := ""
	inHead := true // "+++" in a hunk is a line that begins with "++"
	for line := range strings.Lines(string(diff)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "diff --git "):
			file, inHead = "", true
		case inHead && strings.HasPrefix(line, "+++ "):
			name, ok := strings.CutPrefix(strings.TrimSuffix(line[len("+++ "):], "\t"), "b/")
			if quoted, err := strconv.Unquote(line[len("+++ "):]); err == nil {
				name, ok = strings.CutPrefix(quoted, "b/")
			}
			if ok {
				file = filepath.Join(root, filepath.FromSlash(name))
			}
		case strings.HasPrefix(line, "@@ "):
			inHead = false
			m := hunk.FindStringSubmatch(line)
			if m == nil || file == "" {
				continue
			}
			first, _ := strconv.Atoi(m[1]) // digits
			n := 1
			if m[2] != "" {
				n, _ = strconv.Atoi(m[2])
			}
			if n > 0 {
				all[file] = append(all[file], [2]int{first, first + n - 1})
			}
		}
	}
	return all
}

// known runs the checks over the revision, in the directories that findings
// stand in, and returns what they report. What cannot be checked there, such as a
// package that is new, reports nothing.
func (r *revision) known(ctx context.Context, findings []output.Finding) (baseline.Set, error) {
	tree, err := os.MkdirTemp("", "chanlint-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tree)
	if tree, err = filepath.EvalSymlinks(tree); err != nil {
		return nil, err
	}
	if err := r.extract(ctx, tree); err != nil {
		return nil, err
	}
	o := *r.run.options
	if o.dir, err = r.within(tree, r.dir); err != nil {
		return nil, err
	}
	o.patterns = nil
	for _, f := range findings {
		dir, err := filepath.Abs(filepath.Dir(filepath.FromSlash(f.Pos.File)))
		if err != nil {
			return nil, err
		}
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return nil, err
		}
		if dir, err = r.within(tree, dir); err != nil {
			continue // not of this repository
		}
		if info, err := os.Stat(dir); err == nil && info.IsDir() && !slices.Contains(o.patterns, dir) {
			o.patterns = append(o.patterns, dir)
		}
	}
	if info, err := os.Stat(o.dir); err != nil || !info.IsDir() || len(o.patterns) == 0 {
		return baseline.Set{}, nil // all of it is new
	}
	old := *r.run
	old.options = &o
	out, runErr := old.vet(ctx)
	result, err := r.result(out, &o)
	if err != nil {
		return nil, errors.Join(runErr, err)
	}
	if runErr != nil && ctx.Err() == nil {
		fmt.Fprintf(r.Stderr, "chanlint: -new-from %s: not all of it could be checked, and what is reported there now counts as new:\n%s", r.name, result.messages)
	}
	return baseline.Of(result.Findings), ctx.Err()
}

// within returns the name that a file of the work tree has in another tree.
func (r *revision) within(tree, name string) (string, error) {
	rel, err := filepath.Rel(r.root, name)
	if err != nil || !filepath.IsLocal(rel) && rel != "." {
		return "", fmt.Errorf("%s is not in %s", name, r.root)
	}
	return filepath.Join(tree, rel), nil
}

// extract writes the files of the revision to the directory tree. It goes through
// an index of its own, so that the repository stays as it is.
func (r *revision) extract(ctx context.Context, tree string) error {
	index := filepath.Join(tree, ".chanlint-index")
	for _, args := range [][]string{
		{"read-tree", r.name + "^{commit}"},
		{"checkout-index", "--all", "--force", "--prefix=" + filepath.ToSlash(tree) + "/"},
	} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = r.root
		cmd.Env = append(os.Environ(), "GIT_INDEX_FILE="+index, "GIT_WORK_TREE="+r.root)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("-new-from %s: git %s: %s", r.name, args[0], bytes.TrimSpace(out))
		}
	}
	return nil
}
