package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A hit is the report of a bug at one confidence.
type hit struct {
	found *vetrun.Diagnostic // the report at the parent
	after *vetrun.Diagnostic // a report at the same operation after the fix
}

// An outcome is what chanlint does with one bug.
type outcome struct {
	bug     bug
	broken  error // why the parent, or the fix, could not be analysed
	certain hit   // by default
	likely  hit   // with -confidence=likely: certain reports and likely ones
	noFix   error // why nothing is known of the fix
}

// solved reports whether the bug is found with h and the fix is accepted.
func (o outcome) solved(h hit) bool { return h.found != nil && h.after == nil && o.noFix == nil }

// judge analyses the parent and, if the bug is found there, the fix.
func (w workshop) judge(ctx context.Context, b bug, m mode) outcome {
	o := outcome{bug: b}
	if m.kind == "none" {
		o.broken = fmt.Errorf("%s", m.note)
		return o
	}
	root, env, err := w.tree(ctx, b.repo, b.parent, m)
	if err != nil {
		o.broken = err
		return o
	}
	diags, err := w.analyse(ctx, root, b.dir, env, m)
	if err != nil {
		o.broken = err
		return o
	}
	file := filepath.Join(root, filepath.FromSlash(b.file))
	at := lines{b.line, b.line}
	o.likely.found = pick(diags, b.panics(), file, at)
	o.certain.found = pick(certain(diags), b.panics(), file, at)
	if o.likely.found == nil {
		return o
	}
	o.noFix = w.afterFix(ctx, b, m, &o)
	return o
}

// certain returns the diagnostics that are reported by default.
func certain(diags []vetrun.Diagnostic) []vetrun.Diagnostic {
	return slices.DeleteFunc(slices.Clone(diags), func(d vetrun.Diagnostic) bool { return d.Likely })
}

// afterFix finds the reports that still stand at the operation after the fix.
func (w workshop) afterFix(ctx context.Context, b bug, m mode, o *outcome) error {
	clone, err := w.clone(b.repo)
	if err != nil {
		return err
	}
	diff, err := exec.CommandContext(ctx, "git", "-C", clone, "diff", "-U0", "--no-color", b.parent, b.fix, "--", b.file).Output()
	if err != nil {
		return fmt.Errorf("git diff: %w", err)
	}
	name := newName(string(diff), b.file)
	where := follow(string(diff), b.line)
	if name == "" || where.last < where.first {
		return nil // the operation is gone
	}
	root, env, err := w.tree(ctx, b.repo, b.fix, m)
	if err != nil {
		return err
	}
	diags, err := w.analyse(ctx, root, b.dir, env, m)
	if err != nil {
		return err
	}
	file := filepath.Join(root, filepath.FromSlash(name))
	o.likely.after = pick(diags, b.panics(), file, where)
	o.certain.after = pick(certain(diags), b.panics(), file, where)
	return nil
}

// pick returns the first diagnostic of the right kind that stands at one of the
// lines of a file or points there: a bug that panics is found by a check that
// predicts panics, any other bug by one of the others.
func pick(diags []vetrun.Diagnostic, panics bool, file string, where lines) *vetrun.Diagnostic {
	for i, d := range diags {
		if d.PredictsPanic() != panics {
			continue
		}
		for _, p := range append([]vetrun.Position{d.Position}, d.Mentions()...) {
			if filepath.Clean(p.File) == file && where.has(p.Line) {
				return &diags[i]
			}
		}
	}
	return nil
}
