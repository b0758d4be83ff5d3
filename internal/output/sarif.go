package output

import (
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"
)

// SARIF writes a log of the Static Analysis Results Interchange Format 2.1.0
// (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/). An interleaving is a
// code flow with a thread flow for each goroutine, whose steps are numbered in
// the order of execution.
func SARIF(w io.Writer, r *Report) error {
	s := &sarifWriter{Report: r, rules: map[string]int{}}
	run := sarifRun{
		Tool:               sarifTool{s.driver()},
		OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {sarifText{"the directory that chanlint was run in"}}},
		ColumnKind:         "utf16CodeUnits",
		Results:            []sarifResult{},
	}
	for i := range r.Findings {
		run.Results = append(run.Results, s.result(&r.Findings[i]))
	}
	return encode(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// sourceRoot is the name that relative addresses of files are relative to.
const sourceRoot = "SRCROOT"

// A sarifWriter turns findings into results.
type sarifWriter struct {
	*Report
	rules map[string]int // index by name
}

// driver describes chanlint and its checks. Findings of a check that is not
// documented have a rule all the same.
func (s *sarifWriter) driver() sarifDriver {
	d := sarifDriver{Name: "chanlint", InformationURI: "https://github.com/chanlint/chanlint", Version: s.Version, Rules: []sarifRule{}}
	add := func(c Check) {
		s.rules[c.Name] = len(d.Rules)
		rule := sarifRule{ID: c.Name, HelpURI: c.URL, Default: sarifLevel{"error"}}
		rule.Short.Text = orElse(c.Summary, c.Name)
		rule.Help.Text = orElse(c.Text, c.Name)
		d.Rules = append(d.Rules, rule)
	}
	for _, c := range s.Checks {
		add(c)
	}
	for _, f := range s.Findings {
		if _, ok := s.rules[f.Check]; !ok {
			add(Check{Name: f.Check, URL: f.URL})
		}
	}
	return d
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (s *sarifWriter) result(f *Finding) sarifResult {
	at := s.location(f.Pos, f.End)
	if f.Function != "" {
		at.Logical = []sarifLogical{{f.Function, f.PackagePath() + "." + f.Function, "function"}}
	}
	out := sarifResult{
		RuleID: f.Check, RuleIndex: s.rules[f.Check], Level: level(f, "error", "warning"),
		Message: sarifText{f.Message}, Locations: []sarifLocation{at},
		CodeFlows: s.codeFlows(f),
	}
	out.Properties.Confidence, out.Properties.Package = f.Confidence, f.PackagePath()
	for _, t := range f.ConfirmedBy {
		out.Properties.ConfirmedBy = append(out.Properties.ConfirmedBy, t.String())
	}
	if f.Fingerprint != "" {
		out.Fingerprints = map[string]string{"chanlint/v1": f.Fingerprint}
	}
	for i, p := range f.places() {
		related := s.location(p.Pos, nil)
		id := i + 1
		related.ID, related.Message = &id, &sarifText{p.Message}
		out.Related = append(out.Related, related)
	}
	for _, fix := range f.Fixes {
		if changes, ok := s.changes(fix); ok {
			out.Fixes = append(out.Fixes, sarifFix{sarifText{fix.Message}, changes})
		}
	}
	return out
}

// level says how bad a finding is in the terms of a format.
func level(f *Finding, certain, likely string) string {
	if f.Confidence == Likely {
		return likely
	}
	return certain
}

// codeFlows returns the interleaving of f, if it has one.
func (s *sarifWriter) codeFlows(f *Finding) []sarifCodeFlow {
	if len(f.Steps) == 0 {
		return nil
	}
	var flow sarifCodeFlow
	for _, g := range Goroutines(f.Steps) {
		thread := sarifThreadFlow{ID: "goroutine " + strconv.Itoa(g.Number), Message: sarifText{g.String()}}
		for i, step := range f.Steps {
			if step.Goroutine == g.Number {
				at := s.location(step.Pos, nil)
				at.Message = &sarifText{step.Text}
				importance := "important"
				if step.Final {
					importance = "essential"
				}
				thread.Locations = append(thread.Locations, sarifThreadLocation{at, i + 1, importance})
			}
		}
		if len(thread.Locations) > 0 { // the standard wants one
			flow.ThreadFlows = append(flow.ThreadFlows, thread)
		}
	}
	return []sarifCodeFlow{flow}
}

// location returns a place; end may be nil.
func (s *sarifWriter) location(pos Position, end *Position) sarifLocation {
	region := &sarifRegion{StartLine: pos.Line, StartColumn: s.column(pos)}
	if end != nil && end.File == pos.File {
		region.EndLine, region.EndColumn = end.Line, s.column(*end)
	}
	if text := s.Sources.Text(pos.OnLine()); text != "" {
		region.Snippet = &sarifText{text}
	}
	if pos.Line < 1 {
		region = nil
	}
	return sarifLocation{Physical: sarifPhysical{artifact(pos.File), region}}
}

// column returns the column of a position in UTF-16 units. Ours count bytes.
func (s *sarifWriter) column(pos Position) int {
	text := s.Sources.Text(pos.OnLine())
	if pos.Column < 1 || pos.Column-1 > len(text) {
		return max(1, pos.Column)
	}
	return 1 + len(utf16.Encode([]rune(text[:pos.Column-1])))
}

// artifact returns the address of a file.
func artifact(file string) sarifArtifact {
	if path.IsAbs(file) {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	}
	if drive, _, ok := strings.Cut(file, ":/"); ok && len(drive) == 1 {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), BaseID: sourceRoot}
}

// changes returns the edits of a fix by file; ok is false if one of the files
// cannot be read.
func (s *sarifWriter) changes(fix Fix) (all []sarifChange, ok bool) {
	for _, e := range fix.Edits {
		start, ok1 := s.Sources.at(e.File, e.Start)
		end, ok2 := s.Sources.at(e.File, e.End)
		if !ok1 || !ok2 {
			return nil, false
		}
		change := sarifReplacement{Deleted: sarifRegion{
			StartLine: start.Line, StartColumn: s.column(start), EndLine: end.Line, EndColumn: s.column(end),
		}}
		if e.New != "" {
			change.Inserted = &sarifText{e.New}
		}
		if n := len(all); n > 0 && all[n-1].file == e.File {
			all[n-1].Replacements = append(all[n-1].Replacements, change)
			continue
		}
		all = append(all, sarifChange{e.File, artifact(e.File), []sarifReplacement{change}})
	}
	return all, len(all) > 0
}
