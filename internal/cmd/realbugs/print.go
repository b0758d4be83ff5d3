package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// verdict words the outcome in a word or two.
func (o outcome) verdict() string {
	switch {
	case o.broken != nil:
		return "not analysed"
	case o.found == nil:
		return "-"
	case o.noFix != nil:
		return "found, fix not analysed"
	case o.after != nil:
		return "found, not silent"
	}
	return "found"
}

// printOutcomes prints a line for each bug and, if verbose, the report that
// found it or the reason why it could not be analysed.
func printOutcomes(w io.Writer, outcomes []outcome, verbose bool) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, o := range outcomes {
		b := o.bug
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s:%d\n", b.id, o.verdict(), b.class, b.visibility, b.repo, b.file, b.line)
		if !verbose {
			continue
		}
		for _, err := range []error{o.broken, o.noFix} {
			if err != nil {
				fmt.Fprintf(tw, "\t%s\n", firstLines(err))
			}
		}
		if o.found != nil {
			fmt.Fprintf(tw, "\t%s:%d: %s: %s\n", o.found.File, o.found.Line, o.found.Check, o.found.Message)
		}
		if o.after != nil {
			fmt.Fprintf(tw, "\tafter the fix: %s:%d: %s: %s\n", o.after.File, o.after.Line, o.after.Check, o.after.Message)
		}
	}
	tw.Flush()
}

// A sum counts outcomes.
type sum struct{ solved, found, analysed, all int }

// add counts an outcome.
func (s *sum) add(o outcome) {
	s.all++
	if o.broken == nil {
		s.analysed++
	}
	if o.found != nil {
		s.found++
	}
	if o.solved() {
		s.solved++
	}
}

// printSums prints the sums by class and visibility, over all, and over the
// sender leaks that are local and visible in one function.
func printSums(w io.Writer, outcomes []outcome) {
	sums := make(map[string]*sum)
	var all, local sum
	for _, o := range outcomes {
		name := o.bug.class + "\t" + o.bug.visibility
		if sums[name] == nil {
			sums[name] = new(sum)
		}
		sums[name].add(o)
		all.add(o)
		if o.bug.local() {
			local.add(o)
		}
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nclass\tvisible in\tfound and silent after\tfound\tanalysed\tall")
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		printSum(tw, name, *sums[name])
	}
	printSum(tw, "local sender leaks\tone-function", local)
	printSum(tw, "all\t", all)
	tw.Flush()
}

// printSum prints one line of the sums.
func printSum(w io.Writer, name string, s sum) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", name, s.solved, s.found, s.analysed, s.all)
}
