package output

import (
	"bufio"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Leaks says what the goroutines that tests have left behind tell about the
// findings, and the findings about them.
type Leaks struct {
	Confirmed int    `json:"confirmed"` // findings that a test has confirmed
	Predicted int    `json:"predicted"` // leaks that a finding speaks of
	Missed    int    `json:"missed"`    // leaks that none speaks of: false negatives
	Outside   int    `json:"outside"`   // leaks where nothing was checked
	All       []Leak `json:"all"`
}

// A Leak is a blocked operation and a go statement, with all that tests have
// left behind there.
type Leak struct {
	Verdict    string `json:"verdict"` // predicted, missed or outside
	State      string `json:"state"`   // the runtime's wait reason
	Goroutines int    `json:"goroutines"`
	Proved     bool   `json:"proved"` // whether it was proved of some of them that they can never proceed
	Tests      []Test `json:"tests"`
	Blocked    Line   `json:"blocked"`
	Started    *Line  `json:"started,omitempty"`
	Runs       string `json:"runs,omitempty"`     // the function started, if the go statement is a library's, as after sync.WaitGroup.Go
	Findings   []int  `json:"findings,omitempty"` // those that predict it, as indices
	// SameGoroutine holds the findings that name its go statement, but another
	// operation, if none predicts it.
	SameGoroutine []int `json:"sameGoroutine,omitempty"`
}

// The verdicts about a leak.
const (
	Predicted = "predicted"
	Missed    = "missed"
	Outside   = "outside"
)

// text writes what the leaks have shown, for a reader of text.
func (ls *Leaks) text(b *bufio.Writer, findings []Finding) {
	fmt.Fprintf(b, "\nfindings that a test has confirmed: %d of %d\n", ls.Confirmed, len(findings))
	for _, f := range findings {
		if len(f.ConfirmedBy) > 0 {
			fmt.Fprintf(b, "\t%v: %s: %s\n", f.Pos, f.Check, testNames(f.ConfirmedBy))
		}
	}
	ls.verdict(b, findings, Predicted, "leaks that a finding predicts", ls.Predicted)
	ls.verdict(b, findings, Missed, "leaks that no finding predicts (false negatives)", ls.Missed)
	if ls.Outside > 0 {
		ls.verdict(b, findings, Outside, "leaks outside of what was checked", ls.Outside)
	}
}

// verdict writes the leaks with one verdict.
func (ls *Leaks) verdict(b *bufio.Writer, findings []Finding, verdict, title string, n int) {
	fmt.Fprintf(b, "%s: %d of %d\n", title, n, len(ls.All))
	for _, l := range ls.All {
		if l.Verdict != verdict {
			continue
		}
		fmt.Fprintf(b, "\t%v: %s: %s", l.Blocked, l.State, Count(l.Goroutines, "goroutine"))
		if l.Started != nil {
			fmt.Fprintf(b, " started at %s:%d", path.Base(l.Started.File), l.Started.Line)
		}
		if l.Runs != "" {
			fmt.Fprintf(b, " to run %s", l.Runs)
		}
		fmt.Fprintf(b, " by %s", testNames(l.Tests))
		if l.Proved {
			b.WriteString(" (proved)")
		}
		for _, i := range l.SameGoroutine {
			fmt.Fprintf(b, "; %v is about the same goroutine", findings[i].Pos)
		}
		b.WriteString("\n")
	}
}

func testNames(tests []Test) string {
	var all []string
	for _, t := range tests {
		all = append(all, t.String())
	}
	return strings.Join(slices.Compact(all), ", ")
}

// Count says how many of a thing there are.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
