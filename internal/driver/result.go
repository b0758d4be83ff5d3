package driver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/choice"
	"github.com/chanlint/chanlint/internal/output"
	"github.com/chanlint/chanlint/internal/report"
)

// A Result is what a run has found.
type Result struct {
	Findings []output.Finding
	Leaks    *output.Leaks // with -leaks

	sources  *output.Sources
	failures []string // checks that could not do their work, one line each
	messages string   // from the go command
	leftOut  int      // findings in test files
}

// vetTree is what unitchecker prints about a package: by package and check, a
// list of diagnostics or an error.
type vetTree map[string]map[string]json.RawMessage

// vetDiagnostic is a diagnostic as unitchecker encodes it; the go command
// documents the form in cmd/go/internal/vet.
type vetDiagnostic struct {
	Category       string // empty, or the confidence
	Posn           string
	End            string
	Message        string
	SuggestedFixes []struct {
		Message string
		Edits   []struct {
			Filename   string
			Start, End int
			New        string
		}
	} `json:"suggested_fixes"`
	Related []struct {
		Posn    string
		Message string
	}
}

// result makes a Result of what go vet has said: sorted, each finding once.
// The error is that the vet tool printed what is not its JSON.
func (c *Command) result(out *vetOutput, o *options) (*Result, error) {
	paths, err := newPaths(o.dir)
	if err != nil {
		return nil, err
	}
	r := &Result{sources: output.NewSources(nil)}
	for _, document := range out.documents {
		var tree vetTree
		if err := json.Unmarshal(document, &tree); err != nil {
			return nil, fmt.Errorf("cannot read what go vet printed: %w", err)
		}
		for pkg, checks := range tree {
			for check, message := range checks {
				if err := r.add(pkg, check, message, paths); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, block := range messageBlocks(out.messages) {
		r.addMessages(block, paths, o)
	}
	r.settle(o.tests)
	output.Identify(r.Findings, r.sources)
	for i := range r.Findings {
		r.Findings[i].URL = c.url(r.Findings[i].Check)
	}
	return r, nil
}

// add adds what check had to say about pkg.
func (r *Result) add(pkg, check string, message json.RawMessage, paths *paths) error {
	if !bytes.HasPrefix(message, []byte("[")) {
		var failure struct{ Error string }
		if err := json.Unmarshal(message, &failure); err != nil {
			return fmt.Errorf("cannot read what go vet printed: %w", err)
		}
		r.failures = append(r.failures, fmt.Sprintf("%s: check %s failed: %s", pkg, check, failure.Error))
		return nil
	}
	var diagnostics []vetDiagnostic
	if err := json.Unmarshal(message, &diagnostics); err != nil {
		return fmt.Errorf("cannot read what go vet printed: %w", err)
	}
	for _, d := range diagnostics {
		pos, _ := paths.position(d.Posn)
		f := output.Finding{Check: check, Confidence: output.Certain, Package: pkg, Message: d.Message, Pos: pos}
		if d.Category == output.Likely {
			f.Confidence = output.Likely
		}
		if end, ok := paths.position(d.End); ok && end != pos {
			f.End = &end
		}
		for _, rel := range d.Related {
			at, _ := paths.position(rel.Posn)
			relate(&f, rel.Message, at)
		}
		for _, fix := range d.SuggestedFixes {
			edits := []output.Edit{}
			for _, e := range fix.Edits {
				edits = append(edits, output.Edit{File: paths.short(e.Filename), Start: e.Start, End: e.End, New: e.New})
			}
			f.Fixes = append(f.Fixes, output.Fix{Message: fix.Message, Edits: edits})
		}
		r.Findings = append(r.Findings, f)
	}
	return nil
}

// relate adds a related position to f, as a step if it is one.
func relate(f *output.Finding, message string, at output.Position) {
	step, ok := report.ParseStep(message)
	if !ok {
		f.Related = append(f.Related, output.Related{Message: message, Pos: at})
		return
	}
	f.Steps = append(f.Steps, output.Step{
		Goroutine: step.Goroutine, Name: step.Name, Text: step.Text,
		Other: step.Other(), Final: step.Final(), Pos: at,
	})
}

// compilerMessage matches an error of the compiler or the type checker.
var compilerMessage = regexp.MustCompile(`^(?:vet: )?(\S.*\.go:\d+:\d+): (.*)$`)

// closeReceiveOnly matches what go/types says of a close of a receive-only
// channel: the operand, what it is, and its type.
var closeReceiveOnly = regexp.MustCompile(`^invalid operation: cannot close receive-only channel (.+) \([^()]*\bof (?:[a-z]+ )*type (.+)\)$`)

// addMessages adds messages of the go command about one package. To the
// compiler's error about a close of a receive-only channel it adds a finding
// that says what to do instead: no analyzer runs over such a package.
func (r *Result) addMessages(block string, paths *paths, o *options) {
	wanted := slices.Contains(choice.Names(o.selected), "closerecv")
	var pkg string
	for line := range strings.Lines(block) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			pkg = strings.Trim(name, "[]")
		}
		if m := compilerMessage.FindStringSubmatch(line); m != nil {
			if pos, ok := paths.position(m[1]); ok {
				line = pos.String() + ": " + m[2]
				if recv := closeReceiveOnly.FindStringSubmatch(m[2]); recv != nil && wanted {
					r.Findings = append(r.Findings, output.Finding{
						Check: "closerecv", Confidence: report.Certain.String(), Package: pkg, Pos: pos,
						Message: report.CloseOfReceiveOnly(recv[1], recv[2]),
					})
				}
			}
		}
		r.messages += line + "\n"
	}
}

// settle sorts the findings, drops those that a package and its test variant
// share, and without tests those in test files.
func (r *Result) settle(tests bool) {
	slices.SortFunc(r.Findings, func(a, b output.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Package, b.Package), // "p" before "p [p.test]"
		)
	})
	r.Findings = slices.CompactFunc(r.Findings, func(a, b output.Finding) bool {
		return a.Pos == b.Pos && a.Check == b.Check && a.Message == b.Message
	})
	if !tests {
		n := len(r.Findings)
		r.Findings = slices.DeleteFunc(r.Findings, func(f output.Finding) bool {
			return strings.HasSuffix(f.Pos.File, "_test.go")
		})
		r.leftOut = n - len(r.Findings)
	}
	slices.Sort(r.failures)
}

// url returns the address of the documentation of check.
func (c *Command) url(check string) string {
	for _, a := range c.all() {
		if a.Name == check {
			return a.URL
		}
	}
	return ""
}

// paths turns the file names of a go command that ran in one directory into
// names for a reader who is in another.
type paths struct {
	here  string // the current directory
	goDir string // where the go command ran
}

func newPaths(dir string) (*paths, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	p := &paths{here: here, goDir: here}
	if dir != "" {
		p.goDir, err = filepath.Abs(dir)
	}
	return p, err
}

// position reads a position as compilers print it: file:line:column.
func (p *paths) position(s string) (output.Position, bool) {
	rest, column, ok1 := cutLast(s)
	file, line, ok2 := cutLast(rest)
	if !ok1 || !ok2 || file == "" {
		return output.Position{File: s}, false
	}
	return output.Position{File: p.short(file), Line: line, Column: column}, true
}

// cutLast splits s before its last colon, behind which a number must stand.
func cutLast(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil
}

// short returns file relative to the current directory, with slashes, if that
// is shorter.
func (p *paths) short(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(p.goDir, file)
	}
	if rel, err := filepath.Rel(p.here, file); err == nil && len(rel) < len(file) {
		file = rel
	}
	return filepath.ToSlash(file)
}
