// Command realbugs asks whether chanlint would have found real bugs: it runs
// over the packages of testdata/ledger/realbugs.tsv as they were before a public
// commit fixed a channel bug in them, and again as that commit left them.
//
// Usage, anywhere inside this repository:
//
//	go run ./internal/cmd/realbugs -clones DIR [-work DIR] [-only R007,R088] [-prepare] [-v] [-tool PROGRAM]
//
// DIR holds a full clone of each of the 19 repositories, as OWNER/NAME or NAME:
//
//	cut -f2 testdata/ledger/realbugs.tsv | sed 1d | sort -u |
//	while read repo; do git clone --bare https://github.com/$repo DIR/$repo; done
//
// A missing clone costs only its own rows, and the output says which command
// gets it. The trees of the commits are written to the work folder once and used
// again by later runs; dependencies come from the tree (vendor folders) or from
// the module proxy, on the first run only. How a tree from before modules is
// made to type-check stands in testdata/ledger/realbugs_trees.tsv; rows for
// which no way is known are printed with the reason and count as not analysed.
// -prepare runs a tool that does nothing, which makes the trees and builds all
// export data; that takes long, and later runs are quick.
//
// A bug is found if, at the parent commit, a report of the right kind stands at
// the line of the buggy operation, or its message or a related position names
// that line. The right kind for a bug that panics is a check that predicts
// panics; for every other bug it is any other check. After the fix, the same
// line is followed through the diff, and a report of that kind still there makes
// the row "found, not silent": it does not count. Both is judged twice: for the
// certain reports of the default, and with the likely ones.
//
// A row is printed as soon as it is known, the sums at the end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// options are the flags of the command.
type options struct {
	clones  string
	work    string
	only    string
	prepare bool
	verbose bool
	tool    string
}

func main() {
	var o options
	flag.StringVar(&o.clones, "clones", "", "`folder` with the clones of the repositories")
	flag.StringVar(&o.work, "work", filepath.Join(os.TempDir(), "realbugs"), "`folder` for the trees of the commits")
	flag.StringVar(&o.only, "only", "", "only the rows with these `ids`, separated by commas")
	flag.BoolVar(&o.prepare, "prepare", false, "only make the trees of parents and fixes, and build what they need")
	flag.BoolVar(&o.verbose, "v", false, "print the reports")
	flag.StringVar(&o.tool, "tool", "", "use this vet tool instead of building chanlint")
	flag.Parse()
	if o.clones == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: realbugs -clones DIR [-work DIR] [-only ids] [-prepare] [-v] [-tool PROGRAM]")
		flag.PrintDefaults()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := realbugs(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "realbugs:", err)
		os.Exit(2)
	}
}

// realbugs does what the options ask for.
func realbugs(ctx context.Context, o options) (err error) {
	root, err := vetrun.Root(ctx)
	if err != nil {
		return err
	}
	var ids []string
	if o.only != "" {
		ids = strings.Split(o.only, ",")
	}
	bugs, err := readBugs(filepath.Join(root, "testdata/ledger/realbugs.tsv"), ids)
	if err != nil {
		return err
	}
	modes, err := readModes(filepath.Join(root, "testdata/ledger/realbugs_trees.tsv"))
	if err != nil {
		return err
	}
	w := workshop{clones: o.clones, work: o.work, tool: o.tool}
	if !o.prepare {
		w.flags = []string{"-confidence=likely"}
		printHead(os.Stdout)
	}
	if w.tool == "" {
		if w.tool, err = buildTool(ctx, root, o.prepare); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(w.tool))) }()
	}
	// Paths are compared with those that the go command prints.
	for _, p := range []*string{&w.tool, &w.work, &w.clones} {
		if *p, err = filepath.Abs(*p); err != nil {
			return err
		}
	}
	var outcomes []outcome
	for _, b := range bugs {
		m, ok := modes[b.id]
		if !ok {
			m = mode{kind: "module"}
		}
		if o.prepare {
			w.prepare(ctx, b, m)
		} else {
			done := w.judge(ctx, b, m)
			printOutcome(os.Stdout, done, o.verbose)
			outcomes = append(outcomes, done)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if !o.prepare {
		printSums(os.Stdout, outcomes)
	}
	return nil
}

// buildTool builds chanlint, or to prepare trees the tool that does nothing,
// and returns the program, which is alone in its folder.
func buildTool(ctx context.Context, root string, prepare bool) (string, error) {
	if !prepare {
		return vetrun.BuildChanlint(ctx, root)
	}
	dir, err := os.MkdirTemp("", "realbugs-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "emptyvet")
	if err := vetrun.Build(ctx, root, "./internal/cmd/cost/emptyvet", program, ""); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return program, nil
}

// prepare analyses both commits of a bug with a tool that does nothing, and
// prints whether that works.
func (w workshop) prepare(ctx context.Context, b bug, m mode) {
	if m.kind == "none" {
		fmt.Printf("%s\tnot analysed: %s\n", b.id, m.note)
		return
	}
	for _, side := range []struct{ name, commit string }{{"parent", b.parent}, {"fix", b.fix}} {
		root, env, err := w.tree(ctx, b.repo, side.commit, m)
		if err == nil {
			_, err = w.analyse(ctx, root, b.dir, env, m)
		}
		if err != nil {
			fmt.Printf("%s\t%s\t%s\t%v\n", b.id, side.name, b.repo, firstLines(err))
			continue
		}
		fmt.Printf("%s\t%s\t%s\tok\n", b.id, side.name, b.repo)
	}
}

// firstLines returns the beginning of a long error.
func firstLines(err error) string {
	const most = 400
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > most {
		text = text[:most] + " …"
	}
	return text
}
