package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// A tally counts judged and unjudged reports.
type tally struct{ right, wrong, open int }

// add counts an entry that the run reported.
func (t *tally) add(e entry) {
	switch e.verdict {
	case isTrue:
		t.right++
	case isFalse:
		t.wrong++
	default:
		t.open++
	}
}

// precision returns the share of true reports among the judged ones, as text;
// "-" if none is judged.
func (t tally) precision() string {
	if t.right+t.wrong == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(t.right)/float64(t.right+t.wrong))
}

// A figure is a line of the table: the reports of one check, or of one corpus,
// in code and in tests.
type figure struct{ code, test tally }

// add counts an entry on the side that its file belongs to.
func (f *figure) add(e entry) {
	if e.inTest() {
		f.test.add(e)
	} else {
		f.code.add(e)
	}
}

// count sorts entries into figures by a name.
func count(entries []entry, by func(entry) string) map[string]*figure {
	figures := make(map[string]*figure)
	for _, e := range entries {
		name := by(e)
		if figures[name] == nil {
			figures[name] = new(figure)
		}
		figures[name].add(e)
	}
	return figures
}

// printFigures prints what chanlint reported in this run: by check, by corpus
// with the CPU time of each, and the sum.
func printFigures(w io.Writer, c comparison, runs []run) {
	entries := slices.Concat(c.matched, c.fresh, c.back)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\tcode\ttrue\tfalse\tunjudged\tprecision\ttests\ttrue\tfalse\tunjudged\tprecision\tCPU\t")
	byCheck := count(entries, func(e entry) string { return e.check })
	for _, check := range slices.Sorted(maps.Keys(byCheck)) {
		printFigure(tw, check, byCheck[check], "")
	}
	fmt.Fprintln(tw, "\t\t\t\t\t\t\t\t\t\t\t\t")
	byCorpus := count(entries, func(e entry) string { return e.corpus })
	var cpu time.Duration
	for _, r := range runs {
		f := byCorpus[r.corpus.name]
		if f == nil {
			f = new(figure)
		}
		cpu += r.cpu
		printFigure(tw, r.corpus.name, f, seconds(r.cpu))
	}
	fmt.Fprintln(tw, "\t\t\t\t\t\t\t\t\t\t\t\t")
	all := new(figure)
	for _, e := range entries {
		all.add(e)
	}
	printFigure(tw, "all", all, seconds(cpu))
	tw.Flush()
}

// printFigure prints one line of the table.
func printFigure(w io.Writer, name string, f *figure, cpu string) {
	fmt.Fprintf(w, "%s\t", name)
	for _, t := range []tally{f.code, f.test} {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%s\t", t.right+t.wrong+t.open, t.right, t.wrong, t.open, t.precision())
	}
	fmt.Fprintf(w, "%s\t\n", cpu)
}

// seconds prints a duration in seconds.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }
