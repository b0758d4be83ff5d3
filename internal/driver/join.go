package driver

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/chanlint/chanlint/internal/output"
)

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
	place := func(f frame) (output.Line, bool) {
		file, ok := locate(packages, f)
		if !ok {
			return output.Line{File: f.File, Line: f.Line}, false
		}
		return output.Line{File: paths.short(file), Line: f.Line}, true
	}
	r.Leaks = &output.Leaks{All: []output.Leak{}}
	for _, record := range records {
		at, checked := place(record.Blocked)
		l := output.Leak{State: record.State, Blocked: at, Verdict: output.Missed}
		if !checked || !tests && strings.HasSuffix(at.File, "_test.go") {
			l.Verdict = output.Outside
		}
		if record.Started != (frame{}) {
			at, own := place(record.Started)
			l.Started = &at
			if !own {
				l.Runs = record.Entry.Function
			}
		}
		addLeak(r.Leaks, l, record)
	}
	slices.SortFunc(r.Leaks.All, compareLeaks)
	for i := range r.Leaks.All {
		r.judge(&r.Leaks.All[i])
	}
	for i := range r.Findings {
		if len(r.Findings[i].ConfirmedBy) > 0 {
			r.Leaks.Confirmed++
		}
	}
}

// addLeak adds a record to the leak at the place of l, which may be a new one.
func addLeak(ls *output.Leaks, l output.Leak, record leakRecord) {
	i := slices.IndexFunc(ls.All, func(m output.Leak) bool { return compareLeaks(l, m) == 0 })
	if i < 0 {
		i = len(ls.All)
		ls.All = append(ls.All, l)
	}
	m := &ls.All[i]
	m.Goroutines += record.Count
	m.Proved = m.Proved || record.Proved
	m.Tests = addTest(m.Tests, output.Test{Package: record.Package, Name: record.Test})
}

// addTest adds a test to a sorted list if it is not there.
func addTest(tests []output.Test, t output.Test) []output.Test {
	i, known := slices.BinarySearchFunc(tests, t, func(a, b output.Test) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name))
	})
	if known {
		return tests
	}
	return slices.Insert(tests, i, t)
}

// compareLeaks orders leaks by place.
func compareLeaks(a, b output.Leak) int {
	compare := func(a, b output.Line) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	}
	var startedA, startedB output.Line
	if a.Started != nil {
		startedA = *a.Started
	}
	if b.Started != nil {
		startedB = *b.Started
	}
	return cmp.Or(compare(a.Blocked, b.Blocked), compare(startedA, startedB), cmp.Compare(a.State, b.State), cmp.Compare(a.Runs, b.Runs))
}

// judge finds the findings that speak of a leak, and has it confirm them.
func (r *Result) judge(l *output.Leak) {
	if l.Verdict == output.Missed {
		l.Findings = r.predicting(l)
		if len(l.Findings) > 0 {
			l.Verdict = output.Predicted
		} else {
			l.SameGoroutine = r.find(func(f *output.Finding) bool { return l.Started != nil && mentions(f, *l.Started) })
		}
	}
	switch l.Verdict {
	case output.Predicted:
		r.Leaks.Predicted++
	case output.Missed:
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
func (r *Result) predicting(l *output.Leak) []int {
	at := r.find(func(f *output.Finding) bool { return f.Pos.OnLine() == l.Blocked })
	if len(at) == 0 {
		at = r.find(func(f *output.Finding) bool { return mentions(f, l.Blocked) })
	}
	if l.Started == nil {
		return at
	}
	exact := slices.DeleteFunc(slices.Clone(at), func(i int) bool { return !mentions(&r.Findings[i], *l.Started) })
	if len(exact) > 0 {
		return exact
	}
	return at
}

// find returns the indices of the findings about blocking that ok holds for.
func (r *Result) find(ok func(*output.Finding) bool) (at []int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; !panics(f) && ok(f) {
			at = append(at, i)
		}
	}
	return at
}

// panics reports whether the finding is about a panic, in the run time's words,
// which no blocked goroutine confirms.
func panics(f *output.Finding) bool {
	for _, words := range []string{"send on closed channel", "close of closed channel", "close of nil channel", "close of receive-only channel"} {
		if strings.HasPrefix(f.Message, words) {
			return true
		}
	}
	return false
}

// mentions reports whether a related position of the finding is on the line.
func mentions(f *output.Finding, at output.Line) bool {
	return slices.ContainsFunc(f.Related, func(rel output.Related) bool { return rel.Pos.OnLine() == at }) ||
		slices.ContainsFunc(f.Steps, func(s output.Step) bool { return s.Pos.OnLine() == at })
}
