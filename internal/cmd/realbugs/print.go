package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// verdict words in a word or two what h says of the bug.
func (o outcome) verdict(h hit) string {
	switch {
	case o.broken != nil:
		return "not analysed"
	case h.found == nil:
		return "-"
	case o.noFix != nil:
		return "found, fix not analysed"
	case h.after != nil:
		return "found, not silent"
	}
	return "found"
}

// rowFormat aligns the rows, which are printed as they become known.
const rowFormat = "%-5s %-24s %-24s %-15s %-13s %-42s %s\n"

// printHead prints what the columns are.
func printHead(w io.Writer) {
	fmt.Fprintf(w, rowFormat, "id", "default", "likely", "class", "storage", "repository", "operation")
}

// printOutcome prints the line of a bug and, if verbose, the report that found
// it or the reason why it could not be analysed.
func printOutcome(w io.Writer, o outcome, verbose bool) {
	b := o.bug
	fmt.Fprintf(w, rowFormat, b.id, o.verdict(o.certain), o.verdict(o.likely), b.class, b.storage, b.repo, fmt.Sprintf("%s:%d", b.file, b.line))
	if !verbose {
		return
	}
	for _, err := range []error{o.broken, o.noFix} {
		if err != nil {
			fmt.Fprintf(w, "      %s\n", firstLines(err))
		}
	}
	if d := o.likely.found; d != nil {
		fmt.Fprintf(w, "      %s:%d: %s: %s\n", d.File, d.Line, d.Check, d.Message)
	}
	if d := o.likely.after; d != nil {
		fmt.Fprintf(w, "      after the fix: %s:%d: %s: %s\n", d.File, d.Line, d.Check, d.Message)
	}
}

// A sum counts outcomes: bugs that are found and whose fix is accepted, by
// default and with likely reports, and those that could be analysed.
type sum struct{ certain, likely, analysed, all int }

// add counts an outcome.
func (s *sum) add(o outcome) {
	s.all++
	if o.broken == nil {
		s.analysed++
	}
	if o.solved(o.certain) {
		s.certain++
	}
	if o.solved(o.likely) {
		s.likely++
	}
}

// printSums prints the sums by class, over all, over the operations on fields
// and their elements, and over the sender leaks that are local and visible in
// one function.
func printSums(w io.Writer, outcomes []outcome) {
	sums := make(map[string]*sum)
	var all, fields, local sum
	for _, o := range outcomes {
		name := o.bug.class
		if sums[name] == nil {
			sums[name] = new(sum)
		}
		sums[name].add(o)
		all.add(o)
		if o.bug.onField() {
			fields.add(o)
		}
		if o.bug.local() {
			local.add(o)
		}
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nfound and silent after the fix\tby default\twith likely\tanalysed\tall")
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		printSum(tw, name, *sums[name])
	}
	printSum(tw, "of these, sender leaks local to one function", local)
	printSum(tw, "of these, on a field or its elements", fields)
	printSum(tw, "all", all)
	tw.Flush()
}

// printSum prints one line of the sums.
func printSum(w io.Writer, name string, s sum) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", name, s.certain, s.likely, s.analysed, s.all)
}
