package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
)

// A verdict is a person's judgement of a report.
type verdict string

const (
	isTrue   verdict = "true"  // the defect exists
	isFalse  verdict = "false" // it does not
	unjudged verdict = "?"     // nobody has read it yet
)

// A state says whether a judged report is still expected.
type state string

const (
	reported state = "reported" // chanlint reports it
	gone     state = "gone"     // chanlint once did; the reason says why not now
)

// An entry is one row of the ledger.
type entry struct {
	report
	verdict verdict
	state   state
	reason  string
}

// columns is the header of the ledger.
var columns = []string{"corpus", "file", "line", "function", "check", "verdict", "state", "test", "message", "reason"}

// row returns the entry as a line of the ledger.
func (e entry) row() string {
	test := "no"
	if e.inTest() {
		test = "yes"
	}
	return tsv.Join(e.corpus, e.file, strconv.Itoa(e.line), e.function, e.check,
		string(e.verdict), string(e.state), test, e.message, e.reason)
}

// readLedger reads the ledger from a file. It fails on an unknown verdict or
// state, and on a judgement without a reason.
func readLedger(file string) ([]entry, error) {
	rows, err := tsv.ReadFile(file, columns...)
	if err != nil {
		return nil, err
	}
	return parseLedger(file, rows)
}

// parseLedger turns rows into entries.
func parseLedger(file string, rows []tsv.Row) ([]entry, error) {
	var entries []entry
	for _, r := range rows {
		e := entry{
			report: report{
				corpus:   r.Get("corpus"),
				file:     r.Get("file"),
				function: r.Get("function"),
				check:    r.Get("check"),
				message:  r.Get("message"),
			},
			verdict: verdict(r.Get("verdict")),
			state:   state(r.Get("state")),
			reason:  strings.TrimSpace(r.Get("reason")),
		}
		if err := e.complete(r.Get("line")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, r.Line, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// complete fills in the line and says what is wrong with the row.
func (e *entry) complete(line string) (err error) {
	if e.line, err = strconv.Atoi(line); err != nil {
		return fmt.Errorf("line %q is no number", line)
	}
	if !slices.Contains([]verdict{isTrue, isFalse, unjudged}, e.verdict) {
		return fmt.Errorf("verdict %q is none of true, false, ?", e.verdict)
	}
	if e.state != reported && e.state != gone {
		return fmt.Errorf("state %q is neither reported nor gone", e.state)
	}
	if e.reason == "" && e.verdict != unjudged {
		return fmt.Errorf("a judgement needs a reason")
	}
	return nil
}

// writeLedger writes the ledger to a file, sorted, below the remarks that the
// file begins with.
func writeLedger(file string, entries []entry) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(old)) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		b.WriteString(line)
	}
	printLedger(&b, entries)
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// printLedger prints the header and the entries in the ledger's order.
func printLedger(w io.Writer, entries []entry) {
	fmt.Fprintln(w, tsv.Join(columns...))
	for _, e := range sorted(entries) {
		fmt.Fprintln(w, e.row())
	}
}

// sorted returns entries by corpus, file, line, check and message.
func sorted(entries []entry) []entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(a.corpus, b.corpus),
			cmp.Compare(a.file, b.file),
			cmp.Compare(a.line, b.line),
			cmp.Compare(a.check, b.check),
			cmp.Compare(a.message, b.message),
		)
	})
	return entries
}
