package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
)

// printResults prints how each program fared and, if verbose, what it was
// found by. Programs in which nothing leaks have no line: a report on one of
// them is an extra report.
func printResults(w io.Writer, results []result, verbose bool) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range results {
		if r.program.control {
			continue
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.hit, r.program.name, r.program.class, r.program.subtype)
		if !verbose {
			continue
		}
		for _, f := range r.met {
			fmt.Fprintf(tw, "\t  %s:%d\t%s\t%s\n", f.at.file, f.at.line, f.check, f.message)
		}
	}
	tw.Flush()
}

// printGroups prints the sums.
func printGroups(w io.Writer, results []result) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\n\tfound\tof\top\tcause\tlate\tabsent")
	for _, g := range groups {
		count := make(map[hit]int)
		found, all := 0, 0
		for _, r := range results {
			if !g.has(r.program) {
				continue
			}
			all++
			count[r.hit]++
			if r.hit.found() {
				found++
			}
		}
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", g.name, found, all,
			count[atOp], count[atCause], count[late], count[absent])
	}
	tw.Flush()
}

// readExtra reads the judgements of reports that meet no row of the truth
// table: what kind of report at which place, and why it is right or wrong.
func readExtra(file string) (map[place]tsv.Row, error) {
	rows, err := tsv.ReadFile(file, "file", "line", "verdict", "reason")
	if err != nil {
		return nil, err
	}
	judged := make(map[place]tsv.Row)
	for _, r := range rows {
		line, err := strconv.Atoi(r.Get("line"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, r.Line, err)
		}
		judged[place{r.Get("file"), line}] = r
	}
	return judged, nil
}

// printExtra prints the reports that meet no row of the truth table.
func printExtra(w io.Writer, extra []*finding, judged map[place]tsv.Row) {
	right := 0
	for _, f := range extra {
		if judged[f.at].Get("verdict") == "true" {
			right++
		}
	}
	fmt.Fprintf(w, "\n%d extra reports, %d of them judged right\n", len(extra), right)
	for _, f := range extra {
		verdict, reason := "false?", "not judged"
		if r, ok := judged[f.at]; ok {
			verdict, reason = r.Get("verdict"), r.Get("reason")
		}
		fmt.Fprintf(w, "%s:%d: %s: %s [%s: %s]\n", f.at.file, f.at.line, f.check, f.message, verdict, reason)
	}
}
