// Package output writes findings in the forms that people and programs read:
// text, JSON, SARIF, GitHub annotations, Markdown and HTML.
//
// Every form is a function of a [Report] alone: the same findings give the same
// bytes.
package output

import (
	"fmt"
	"slices"
	"strings"
)

// A Report is what is written.
type Report struct {
	Findings []Finding // sorted by position
	Leaks    *Leaks    // what tests have left behind; nil unless that was asked for
	Checks   []Check   // those that have run
	Version  string    // of chanlint, as -version prints it
	Sources  *Sources  // the files that the findings stand in
	Colour   bool      // whether the reader is a terminal that shows colours
	Prefix   string    // of the current directory in the repository, slash-separated; may be empty
}

// A Check documents one check.
type Check struct {
	Name    string
	Summary string
	URL     string
	Text    string // all of its documentation
}

// A Finding is one defect.
type Finding struct {
	Check      string    `json:"check"`
	Confidence string    `json:"confidence"` // Certain or Likely
	Package    string    `json:"package"`
	Function   string    `json:"function,omitempty"` // the declared one that it stands in: F, or T.F for a method
	Message    string    `json:"message"`
	URL        string    `json:"url,omitempty"` // explains the check
	Pos        Position  `json:"pos"`
	End        *Position `json:"end,omitempty"`
	Related    []Related `json:"related,omitempty"`
	Steps      []Step    `json:"steps,omitempty"` // the interleaving that ends in the defect, if it was asked for
	Fixes      []Fix     `json:"fixes,omitempty"`
	// Fingerprint is the same as long as the check, the package, the function and
	// the text of the line are, wherever they move.
	Fingerprint string `json:"fingerprint,omitempty"`

	ConfirmedBy []Test `json:"confirmedBy,omitempty"` // tests that have left goroutines there, with -leaks
}

// The levels of confidence.
const (
	Certain = "certain"
	Likely  = "likely"
)

// A Position is a place in a source file; lines and columns begin at 1 and
// columns count bytes.
type Position struct {
	File   string `json:"file"` // relative to the current directory if it lies below it
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// String returns p as compilers print it.
func (p Position) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// OnLine returns the line of p.
func (p Position) OnLine() Line { return Line{p.File, p.Line} }

// A Line is a line of a source file.
type Line struct {
	File string `json:"file"` // as in Position, or as recorded if it is not of these packages
	Line int    `json:"line"`
}

func (l Line) String() string { return fmt.Sprintf("%s:%d", l.File, l.Line) }

// A Related is a position that a finding speaks of.
type Related struct {
	Message string   `json:"message"`
	Pos     Position `json:"pos"`
}

// A Step is one step of an interleaving.
type Step struct {
	Goroutine int      `json:"goroutine"`       // from 1
	Name      string   `json:"name,omitempty"`  // what the goroutine is: a function, or "started at line 12"
	Text      string   `json:"text"`            // what it does, in the third person
	Other     int      `json:"other,omitempty"` // the goroutine that it starts or meets
	Final     bool     `json:"final,omitempty"` // it blocks forever or panics
	Pos       Position `json:"pos"`
}

// A Fix is a change that repairs a finding.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A Test is a test that has left goroutines behind.
type Test struct {
	Package string `json:"package,omitempty"`
	Name    string `json:"name,omitempty"` // missing if no test in particular is known
}

func (t Test) String() string {
	switch {
	case t.Name != "":
		return t.Name
	case t.Package != "":
		return "some test of " + t.Package
	}
	return "some test"
}

// A Goroutine is one column of an interleaving.
type Goroutine struct {
	Number int
	Name   string
}

// String names the goroutine as a step does.
func (g Goroutine) String() string {
	if g.Name == "" {
		return fmt.Sprintf("goroutine %d", g.Number)
	}
	return fmt.Sprintf("goroutine %d (%s)", g.Number, g.Name)
}

// Goroutines returns the goroutines of the steps, by number: those that take one,
// and those that are only started.
func Goroutines(steps []Step) []Goroutine {
	var all []Goroutine
	add := func(number int, name string) {
		if !slices.ContainsFunc(all, func(g Goroutine) bool { return g.Number == number }) {
			all = append(all, Goroutine{number, name})
		}
	}
	for _, s := range steps {
		add(s.Goroutine, s.Name)
	}
	for _, s := range steps {
		if strings.HasPrefix(s.Text, "starts ") && s.Other > 0 {
			add(s.Other, fmt.Sprintf("started at line %d", s.Pos.Line))
		}
	}
	slices.SortFunc(all, func(a, b Goroutine) int { return a.Number - b.Number })
	return all
}

// check returns the documentation of the check name; ok is false if it has none.
func (r *Report) check(name string) (c Check, ok bool) {
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Name == name })
	if i < 0 {
		return Check{Name: name}, false
	}
	return r.Checks[i], true
}

// label names the check of f, and its confidence if that is not the usual one.
func (f *Finding) label() string {
	if f.Confidence == Likely {
		return f.Check + ", " + Likely
	}
	return f.Check
}

// places returns the related positions of f: the steps of the interleaving, if
// it has one.
func (f *Finding) places() []Related {
	if len(f.Steps) == 0 {
		return f.Related
	}
	var out []Related
	for _, s := range f.Steps {
		out = append(out, Related{fmt.Sprintf("goroutine %d: %s", s.Goroutine, s.Text), s.Pos})
	}
	return append(out, f.Related...)
}

// PackagePath returns the import path of the package of f, without what the go
// command says of a test variant: "p [p.test]" is p.
func (f *Finding) PackagePath() string {
	path, _, _ := strings.Cut(f.Package, " [")
	return path
}
