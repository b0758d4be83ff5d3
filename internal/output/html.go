package output

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
)

// The parts of the page.
var (
	//go:embed page/page.html
	pageText string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/page.js
	pageScript string
)

// HTML writes one page that needs nothing besides itself: a card for each
// finding, with its interleaving drawn when the card is opened, and filters.
// Whatever comes from source files is escaped by html/template, or is a JSON
// string that the page's script turns into text.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return fmt.Errorf("the page of -format html: %w", err)
	}
	p := page{
		Title:   "chanlint: no findings",
		Version: r.Version,
		Style:   template.CSS(pageStyle),
		Script:  template.JS(pageScript),
		Policy:  policy(),
	}
	if n := len(r.Findings); n > 0 {
		p.Title = "chanlint: " + Count(n, "finding")
	}
	checks, levels, packages := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		checks[f.Check]++
		levels[cmp.Or(f.Confidence, Certain)]++
		packages[f.PackagePath()]++
		p.Findings = append(p.Findings, r.card(i, f))
		p.Data = append(p.Data, r.details(f))
	}
	p.Checks, p.Levels = counted(checks), counted(levels)
	for _, c := range counted(packages) {
		p.Packages = append(p.Packages, c.Name)
	}
	return t.Execute(w, &p)
}

// policy forbids the page to load anything, and to run any script but its own.
func policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(pageStyle) + "; script-src " + hash(pageScript) + "; base-uri 'none'; form-action 'none'"
}

// A page is what the template is filled with.
type page struct {
	Title, Version, Policy string
	Style                  template.CSS
	Script                 template.JS
	Checks, Levels         []countedName
	Packages               []string
	Findings               []card
	Data                   []details
}

// A countedName is a value to filter by and how many findings have it.
type countedName struct {
	Name  string
	Count int
}

func counted(counts map[string]int) []countedName {
	var all []countedName
	for name, n := range counts {
		all = append(all, countedName{name, n})
	}
	slices.SortFunc(all, func(a, b countedName) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// A card is what is shown of every finding.
type card struct {
	ID, Check, Confidence, Package, Function, Place, Message, Source string
	Likely                                                           bool
}

func (r *Report) card(i int, f *Finding) card {
	return card{
		ID: cmp.Or(f.Fingerprint, fmt.Sprintf("finding-%d", i+1)), Check: f.Check, Confidence: cmp.Or(f.Confidence, Certain),
		Package: f.PackagePath(), Function: f.Function, Place: f.Pos.OnLine().String(), Message: f.Message,
		Source: r.Sources.Trimmed(f.Pos.OnLine()), Likely: f.Confidence == Likely,
	}
}

// details are what a card shows when it is opened, for the page's script.
type details struct {
	Package    string             `json:"package"`
	URL        string             `json:"url,omitempty"`
	Goroutines []detailsGoroutine `json:"goroutines"`
	Rows       []detailsRow       `json:"rows"`
	Related    []detailsStep      `json:"related"`
	Fixes      []string           `json:"fixes"`
	Tests      []string           `json:"tests"`
}

type detailsGoroutine struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
}

type detailsRow struct {
	Steps []detailsStep `json:"steps"`
}

type detailsStep struct {
	Goroutine int    `json:"goroutine,omitempty"`
	Text      string `json:"text"`
	Other     int    `json:"other,omitempty"`
	Final     bool   `json:"final,omitempty"`
	Place     string `json:"place"`
	Source    string `json:"source"`
}

func (r *Report) details(f *Finding) details {
	d := details{
		Package: f.PackagePath(), URL: f.URL,
		Goroutines: []detailsGoroutine{}, Rows: []detailsRow{}, Related: []detailsStep{}, Fixes: []string{}, Tests: []string{},
	}
	for _, g := range Goroutines(f.Steps) {
		d.Goroutines = append(d.Goroutines, detailsGoroutine(g))
	}
	for _, row := range Rows(f.Steps) {
		var steps []detailsStep
		for _, s := range row.Steps {
			steps = append(steps, detailsStep{s.Goroutine, s.Text, s.Other, s.Final, place(s.Pos), shorten(r.Sources.Trimmed(s.Pos.OnLine()), sourceMost)})
		}
		d.Rows = append(d.Rows, detailsRow{steps})
	}
	for _, rel := range f.Related {
		d.Related = append(d.Related, detailsStep{Text: rel.Message, Place: rel.Pos.OnLine().String(), Source: shorten(r.Sources.Trimmed(rel.Pos.OnLine()), sourceMost)})
	}
	for _, fix := range f.Fixes {
		d.Fixes = append(d.Fixes, fix.Message)
	}
	for _, t := range f.ConfirmedBy {
		d.Tests = append(d.Tests, t.String())
	}
	return d
}
