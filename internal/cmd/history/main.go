// Command history walks through the history of a real repository and holds
// -baseline and -new-from to it:
//
//	go run ./internal/cmd/history -clone DIR [-commits N] PACKAGE...
//
// For each of the last commits that touch the packages, beginning with the
// oldest, it writes a baseline of the commit before and asks what is new, both
// ways. What is new to the baseline must be new to -new-from as well, and what
// only -new-from calls new must stand on a line that the commit has changed. Both
// must leave out what has only moved. DIR is left as it is.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

func main() {
	log.SetFlags(0)
	clone := flag.String("clone", "", "`directory` of a git repository")
	commits := flag.Int("commits", 20, "how many commits to walk through")
	confidence := flag.String("confidence", "certain", "level of findings")
	flag.Parse()
	if *clone == "" || flag.NArg() == 0 {
		log.Fatal("usage: history -clone DIR [-commits N] PACKAGE...")
	}
	if err := run(context.Background(), *clone, *commits, *confidence, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

// A walker is at one commit of a clone of its own.
type walker struct {
	ctx      context.Context
	tool     string
	dir      string
	flags    []string
	patterns []string
	wrong    int
}

func run(ctx context.Context, clone string, commits int, confidence string, patterns []string) error {
	root, err := vetrun.Root(ctx)
	if err != nil {
		return err
	}
	tool, err := vetrun.BuildChanlint(ctx, root)
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(tool))
	temp, err := os.MkdirTemp("", "history-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	w := &walker{ctx: ctx, tool: tool, dir: filepath.Join(temp, "repo"), flags: []string{"-confidence", confidence}, patterns: patterns}
	if _, err := command(ctx, "", "git", "clone", "--quiet", "--shared", "--no-checkout", clone, w.dir); err != nil {
		return err
	}
	// Only the directories themselves: what lies below is another package.
	args := []string{"log", "--first-parent", "--format=%h", fmt.Sprintf("--max-count=%d", commits+1), "HEAD", "--"}
	for _, p := range patterns {
		args = append(args, ":(glob)"+strings.TrimPrefix(p, "./")+"/*.go")
	}
	out, err := command(ctx, w.dir, "git", args...)
	if err != nil {
		return err
	}
	list := strings.Fields(string(out))
	slices.Reverse(list)
	if len(list) < 2 {
		return errors.New("there are not two commits that touch these packages")
	}
	return w.walk(list, filepath.Join(temp, "baseline.json"))
}

// walk goes from commit to commit.
func (w *walker) walk(commits []string, baseline string) error {
	var before []finding
	moved, fresh, gone, asked := 0, 0, 0, 0
	fmt.Println("commit      findings  known  moved  new  changed  gone")
	for i, commit := range commits {
		if _, err := command(w.ctx, w.dir, "git", "checkout", "--quiet", "--force", commit); err != nil {
			return err
		}
		all, err := w.chanlint()
		if err != nil {
			fmt.Printf("%-10s  does not compile: %v\n", commit, err)
			before = nil
			continue
		}
		if before != nil {
			toBaseline, err := w.chanlint("-baseline", baseline)
			if err != nil {
				return err
			}
			toRevision, err := w.chanlint("-new-from", commits[i-1])
			if err != nil {
				return err
			}
			s := w.compare(commit, before, all, toBaseline, toRevision)
			moved, fresh, gone, asked = moved+s.moved, fresh+s.fresh, gone+s.gone, asked+len(all)
		}
		if _, err := w.chanlint("-write-baseline", baseline); err != nil {
			return err
		}
		before = append([]finding{}, all...)
	}
	fmt.Printf("%d commits, %d findings: %d moved and still known, %d new, %d gone, %d mistakes\n", len(commits), asked, moved, fresh, gone, w.wrong)
	if w.wrong > 0 {
		return errors.New("there are mistakes")
	}
	return nil
}

// counts are those of one commit.
type counts struct{ moved, fresh, gone int }

// compare prints one commit and holds what is new to what has been there.
func (w *walker) compare(commit string, before, all, toBaseline, toRevision []finding) counts {
	has := func(list []finding, f finding) bool {
		return slices.ContainsFunc(list, func(g finding) bool { return g.Fingerprint == f.Fingerprint })
	}
	stood := func(f finding) bool {
		return slices.ContainsFunc(before, func(g finding) bool { return g.Pos == f.Pos })
	}
	mistake := func(format string, args ...any) {
		w.wrong++
		fmt.Printf("\tMISTAKE: "+format+"\n", args...)
	}
	var c counts
	changed := 0
	for _, f := range all {
		switch {
		case has(toBaseline, f):
			c.fresh++
			fmt.Printf("\tnew: %s:%d: %s\n", f.Pos.File, f.Pos.Line, f.Message)
			if has(before, f) {
				mistake("it was there before")
			}
			if !has(toRevision, f) {
				mistake("it is not new to -new-from")
			}
		case has(toRevision, f):
			changed++
			if blame, err := command(w.ctx, w.dir, "git", "blame", "-s", "-L", fmt.Sprintf("%d,%d", f.Pos.Line, f.Pos.Line), commit, "--", f.Pos.File); err != nil || !bytes.HasPrefix(bytes.TrimLeft(blame, "^"), []byte(commit[:7])) {
				mistake("%s:%d is new to -new-from and has not changed: %s", f.Pos.File, f.Pos.Line, blame)
			}
		case !stood(f):
			c.moved++
		}
	}
	for _, f := range before {
		if !has(all, f) {
			c.gone++
			fmt.Printf("\tgone: %s:%d: %s\n", f.Pos.File, f.Pos.Line, f.Message)
		}
	}
	fmt.Printf("%-10s  %8d  %5d  %5d  %3d  %7d  %4d\n", commit, len(all), len(all)-c.fresh, c.moved, c.fresh, changed, c.gone)
	return c
}

// A finding is what chanlint prints about one, as far as this command asks.
type finding struct {
	Fingerprint, Message string
	Pos                  struct {
		File         string
		Line, Column int
	}
}

// chanlint runs the checks with more flags. The error is that packages could not
// be checked.
func (w *walker) chanlint(flags ...string) ([]finding, error) {
	args := slices.Concat(w.flags, []string{"-json"}, flags, w.patterns)
	cmd := exec.CommandContext(w.ctx, w.tool, args...)
	cmd.Dir = w.dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		first, _, _ := strings.Cut(stderr.String(), "\n")
		return nil, fmt.Errorf("%w: %s", err, first)
	}
	if len(out) == 0 {
		return nil, nil // a baseline was written
	}
	var result struct{ Findings []finding }
	return result.Findings, json.Unmarshal(out, &result)
}

// command runs a command in a directory and returns what it prints.
func command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", name, args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
