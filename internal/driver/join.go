package driver

import (
	"bufio"
	"cmp"
	"context"
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

// A Test is a test that has left goroutines behind.
type Test struct {
	Package string `json:"package,omitempty"`
	Name    string `json:"name,omitempty"` // missing if no test in particular is known
}

// A Line is a line of a source file.
type Line struct {
	File string `json:"file"` // as in Position, or as recorded if it is not of these packages
	Line int    `json:"line"`
}

// The verdicts about a leak.
const (
	predicted = "predicted"
	missed    = "missed"
	outside   = "outside"
)

func (t Test) String() string {
	switch {
	case t.Name != "":
		return t.Name
	case t.Package != "":
		return "some test of " + t.Package
	}
	return "some test"
}

func (l Line) String() string { return fmt.Sprintf("%s:%d", l.File, l.Line) }

func (p Position) line() Line { return Line{p.File, p.Line} }

// join has go list name the packages and joins the leaks with the findings of r.
func (g *goRun) join(ctx context.Context, r *Result, records []leakRecord) error {
	packages, err := g.list(ctx)
	if err != nil {
		return err
	}
	paths, err := newPaths(g.options.dir)
	if err != nil {
		return err
	}
	r.joinLeaks(records, packages, paths, g.options.tests)
	return nil
}

// joinLeaks joins what tests have left behind with the findings of r. Without
// tests, test files are not reported on and leaks in them count as outside.
func (r *Result) joinLeaks(records []leakRecord, packages []listedPackage, paths *paths, tests bool) {
	place := func(f frame) (Line, bool) {
		file, ok := locate(packages, f)
		if !ok {
			return Line{f.File, f.Line}, false
		}
		return Line{paths.short(file), f.Line}, true
	}
	r.Leaks = &Leaks{All: []Leak{}}
	for _, record := range records {
		at, checked := place(record.Blocked)
		l := Leak{State: record.State, Blocked: at, Verdict: missed}
		if !checked || !tests && strings.HasSuffix(at.File, "_test.go") {
			l.Verdict = outside
		}
		if record.Started != (frame{}) {
			at, own := place(record.Started)
			l.Started = &at
			if !own {
				l.Runs = record.Entry.Function
			}
		}
		r.Leaks.add(l, record)
	}
	r.Leaks.sort()
	for i := range r.Leaks.All {
		r.judge(&r.Leaks.All[i])
	}
	for i := range r.Findings {
		if len(r.Findings[i].ConfirmedBy) > 0 {
			r.Leaks.Confirmed++
		}
	}
}

// add adds a record to the leak at the place of l, which may be a new one.
func (ls *Leaks) add(l Leak, record leakRecord) {
	i := slices.IndexFunc(ls.All, func(m Leak) bool { return compareLeaks(l, m) == 0 })
	if i < 0 {
		i = len(ls.All)
		ls.All = append(ls.All, l)
	}
	m := &ls.All[i]
	m.Goroutines += record.Count
	m.Proved = m.Proved || record.Proved
	m.Tests = addTest(m.Tests, Test{record.Package, record.Test})
}

// addTest adds a test to a sorted list if it is not there.
func addTest(tests []Test, t Test) []Test {
	i, known := slices.BinarySearchFunc(tests, t, func(a, b Test) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name))
	})
	if known {
		return tests
	}
	return slices.Insert(tests, i, t)
}

func (ls *Leaks) sort() { slices.SortFunc(ls.All, compareLeaks) }

// compareLeaks orders leaks by place.
func compareLeaks(a, b Leak) int {
	compare := func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	}
	var startedA, startedB Line
	if a.Started != nil {
		startedA = *a.Started
	}
	if b.Started != nil {
		startedB = *b.Started
	}
	return cmp.Or(compare(a.Blocked, b.Blocked), compare(startedA, startedB), cmp.Compare(a.State, b.State), cmp.Compare(a.Runs, b.Runs))
}

// judge finds the findings that speak of a leak, and has it confirm them.
func (r *Result) judge(l *Leak) {
	if l.Verdict == missed {
		l.Findings = r.predicting(l)
		if len(l.Findings) > 0 {
			l.Verdict = predicted
		} else {
			l.SameGoroutine = r.find(func(f *Finding) bool { return l.Started != nil && f.mentions(*l.Started) })
		}
	}
	switch l.Verdict {
	case predicted:
		r.Leaks.Predicted++
	case missed:
		r.Leaks.Missed++
	default:
		r.Leaks.Outside++
	}
	for _, i := range l.Findings {
		for _, t := range l.Tests {
			r.Findings[i].ConfirmedBy = addTest(r.Findings[i].ConfirmedBy, t)
		}
	}
}

// predicting returns the findings that speak of the blocked operation: those
// about it rather than those that mention it, and of several those that name
// the go statement too.
func (r *Result) predicting(l *Leak) []int {
	at := r.find(func(f *Finding) bool { return f.Pos.line() == l.Blocked })
	if len(at) == 0 {
		at = r.find(func(f *Finding) bool { return f.mentions(l.Blocked) })
	}
	if l.Started == nil {
		return at
	}
	exact := slices.DeleteFunc(slices.Clone(at), func(i int) bool { return !r.Findings[i].mentions(*l.Started) })
	if len(exact) > 0 {
		return exact
	}
	return at
}

// find returns the indices of the findings about blocking that ok holds for.
func (r *Result) find(ok func(*Finding) bool) (at []int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; !f.panics() && ok(f) {
			at = append(at, i)
		}
	}
	return at
}

// panics reports whether the finding is about a panic, in the run time's words,
// which no blocked goroutine confirms.
func (f *Finding) panics() bool {
	for _, words := range []string{"send on closed channel", "close of closed channel", "close of nil channel", "close of receive-only channel"} {
		if strings.HasPrefix(f.Message, words) {
			return true
		}
	}
	return false
}

// mentions reports whether a related position of the finding is on the line.
func (f *Finding) mentions(at Line) bool {
	return slices.ContainsFunc(f.Related, func(rel Related) bool { return rel.Pos.line() == at })
}

// writeLeaks writes what the leaks have shown, for a reader of text.
func writeLeaks(b *bufio.Writer, r *Result) {
	ls := r.Leaks
	fmt.Fprintf(b, "\nfindings that a test has confirmed: %d of %d\n", ls.Confirmed, len(r.Findings))
	for _, f := range r.Findings {
		if len(f.ConfirmedBy) > 0 {
			fmt.Fprintf(b, "\t%v: %s: %s\n", f.Pos, f.Check, testNames(f.ConfirmedBy))
		}
	}
	ls.write(b, r, predicted, "leaks that a finding predicts", ls.Predicted)
	ls.write(b, r, missed, "leaks that no finding predicts (false negatives)", ls.Missed)
	if ls.Outside > 0 {
		ls.write(b, r, outside, "leaks outside of what was checked", ls.Outside)
	}
}

// write writes the leaks with one verdict.
func (ls *Leaks) write(b *bufio.Writer, r *Result, verdict, title string, n int) {
	fmt.Fprintf(b, "%s: %d of %d\n", title, n, len(ls.All))
	for _, l := range ls.All {
		if l.Verdict != verdict {
			continue
		}
		fmt.Fprintf(b, "\t%v: %s: %s", l.Blocked, l.State, count(l.Goroutines, "goroutine"))
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
			fmt.Fprintf(b, "; %v is about the same goroutine", r.Findings[i].Pos)
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
