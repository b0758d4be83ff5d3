package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/chanlint/chanlint/internal/fixture"
)

// concurrent is the number of mutants that run at the same time. They mostly
// wait.
const concurrent = 8

// runAll builds all mutants into one program and runs each until it goes
// wrong.
func runAll(root string, mutants []*mutant, opts options) error {
	tmp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	pkgs := make([]*fixture.Package, len(mutants))
	for i, m := range mutants {
		pkgs[i] = m.pkg
	}
	prog, err := fixture.Build(root, tmp, pkgs, fixture.Options{Race: opts.race})
	if err != nil {
		return err
	}
	errs := make([]error, len(mutants))
	tokens := make(chan struct{}, concurrent)
	var wg sync.WaitGroup
	for i, m := range mutants {
		wg.Go(func() {
			tokens <- struct{}{}
			defer func() { <-tokens }()
			errs[i] = m.run(prog, opts.runs)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// patience is how many times as many runs a mutant gets that something is
// reported about: a report is called false only when many schedules were clean.
const patience = 20

// run runs the cases of a mutant in turn, so that a defect that shows in one
// of them is found early.
func (m *mutant) run(prog *fixture.Program, runs int) error {
	for i := range patience * runs {
		if i >= runs && (len(m.reports) == 0 || !m.reached) {
			return nil
		}
		for _, c := range m.pkg.Cases {
			trial, err := prog.Try(m.pkg, c)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", m.origin, m.kind, err)
			}
			m.reached = m.reached || strings.Contains(trial.Stderr, reachedText)
			if trial.Result == fixture.Clean && closeRaces(trial.Stderr) {
				trial.Result, trial.Where = fixture.Panicked, "in another order: a close races with a send"
			}
			if trial.Result != fixture.Clean {
				m.result, m.where, m.inCase = trial.Result, trial.Where, c.Func
				return nil
			}
		}
	}
	return nil
}

// closeRaces reports whether the race detector has seen a send and a close that
// nothing orders: in the other order the send panics. Other data races are no
// defects of channels.
func closeRaces(stderr string) bool {
	for report := range strings.SplitSeq(stderr, "WARNING: DATA RACE") {
		if strings.Contains(report, "runtime.closechan(") && strings.Contains(report, "runtime.chansend(") {
			return true
		}
	}
	return false
}

// A row counts the mutants of one kind.
type row struct {
	kind                 string
	mutants, reported    int
	leaks, panics, runOn int
	clean                int
	unreached            int // clean and reported, where no run came to
	falseReports         int // clean and reported, where a run came to
}

func (r *row) bad() int { return r.leaks + r.panics + r.runOn }

// falseReport reports whether something was reported about a mutant of which
// every run was clean, although a run came to the place.
func (m *mutant) falseReport() bool {
	return m.result == fixture.Clean && len(m.reports) > 0 && m.reached
}

func (r *row) count(m *mutant) {
	r.mutants++
	switch m.result {
	case fixture.Leaked:
		r.leaks++
	case fixture.Panicked:
		r.panics++
	case fixture.Stuck:
		r.runOn++
	default:
		r.clean++
		switch {
		case m.falseReport():
			r.falseReports++
		case len(m.reports) > 0:
			r.unreached++
		}
		return
	}
	if len(m.reports) > 0 {
		r.reported++
	}
}

// printTable prints the table, the false reports and, if verbose, the reports
// that no run came to and the bad mutants without a report. It returns the number of false reports.
func printTable(w io.Writer, mutants []*mutant, verbose bool) int {
	var rows []*row
	total := &row{kind: "all"}
	for _, m := range mutants {
		i := slices.IndexFunc(rows, func(r *row) bool { return r.kind == m.kind })
		if i < 0 {
			i = len(rows)
			rows = append(rows, &row{kind: m.kind})
		}
		rows[i].count(m)
		total.count(m)
	}
	slices.SortFunc(rows, func(a, b *row) int { return cmp.Compare(a.kind, b.kind) })
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "mutation\tmutants\tleaks\tpanics\truns on\treported\tclean\tunreached\tfalse")
	for _, r := range append(rows, total) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d of %d\t%d\t%d\t%d\n",
			r.kind, r.mutants, r.leaks, r.panics, r.runOn, r.reported, r.bad(), r.clean, r.unreached, r.falseReports)
	}
	tw.Flush()
	for _, m := range mutants {
		if m.falseReport() || verbose && m.result == fixture.Clean {
			m.printReports(w)
		} else if verbose && len(m.reports) == 0 {
			fmt.Fprintf(w, "\nno report: %s: %s: %q %s in %s: %s\n", m.origin, m.kind, m.text, m.result, m.inCase, m.where)
		}
	}
	return total.falseReports
}

// printReports lists what was reported about a clean mutant.
func (m *mutant) printReports(w io.Writer) {
	if len(m.reports) == 0 {
		return
	}
	verdict := "unreached"
	if m.falseReport() {
		verdict = "false report"
	}
	fmt.Fprintf(w, "\n%s: %s: %s: %q\n", verdict, m.origin, m.kind, m.text)
	for _, f := range m.reports {
		fmt.Fprintf(w, "\t%s:%d: %s: %s\n", f.File, f.Line, f.Check, f.Message)
	}
}
