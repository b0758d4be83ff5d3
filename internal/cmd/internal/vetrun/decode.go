package vetrun

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// A Position is a place in a source file, with the text that a diagnostic
// attaches to it, if any.
type Position struct {
	File    string
	Line    int
	Column  int
	Message string
}

// A Diagnostic is one report of one check.
type Diagnostic struct {
	Position
	// Package is the import path as the go command names it, test variants
	// included ("p [p.test]").
	Package string
	Check   string
	Likely  bool // not certain, and reported only at the confidence likely
	Related []Position
}

var (
	lineInText = regexp.MustCompile(`\blines? (\d+)`)
	fileInText = regexp.MustCompile(`([\w.-]+\.go):(\d+)`)
)

// Mentions returns the places that a diagnostic points to besides its own: its
// related positions, and every "line N" (of the same file) and "file.go:N" (of
// the same folder) in its message.
func (d Diagnostic) Mentions() []Position {
	places := slices.Clone(d.Related)
	for _, m := range lineInText.FindAllStringSubmatch(d.Message, -1) {
		line, _ := strconv.Atoi(m[1])
		places = append(places, Position{File: d.File, Line: line})
	}
	for _, m := range fileInText.FindAllStringSubmatch(d.Message, -1) {
		line, _ := strconv.Atoi(m[2])
		places = append(places, Position{File: filepath.Join(filepath.Dir(d.File), m[1]), Line: line})
	}
	return places
}

// panics are the checks that predict a panic.
var panics = []string{"doubleclose", "closenil", "sendclosed", "closerecv"}

// PredictsPanic reports whether the diagnostic is of a check that predicts a
// panic; the others find what blocks, leaks or spins.
func (d Diagnostic) PredictsPanic() bool { return slices.Contains(panics, d.Check) }

// The shapes below are the JSON that unitchecker prints with -json: package,
// then analyzer, then either a list of diagnostics or an error.
type (
	jsonTree       map[string]map[string]json.RawMessage
	jsonDiagnostic struct {
		Category string        `json:"category"`
		Posn     string        `json:"posn"`
		Message  string        `json:"message"`
		Related  []jsonRelated `json:"related"`
	}
	jsonRelated struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	}
	jsonError struct {
		Err string `json:"error"`
	}
)

// Decode reads what `go vet -json` prints: a sequence of JSON objects, between
// which older go commands print "# package" lines. It returns the diagnostics
// sorted by file, line, column, check and message, each once although a package
// and its test variant both report it, and the errors of analyzers as sentences.
func Decode(data []byte) (diags []Diagnostic, failures []string, err error) {
	dec := json.NewDecoder(bytes.NewReader(withoutRemarks(data)))
	for {
		var tree jsonTree
		err := dec.Decode(&tree)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("output of go vet -json: %w", err)
		}
		for pkg, checks := range tree {
			for check, raw := range checks {
				ds, failure, err := decodeCheck(pkg, check, raw)
				if err != nil {
					return nil, nil, err
				}
				diags = append(diags, ds...)
				if failure != "" {
					failures = append(failures, failure)
				}
			}
		}
	}
	sort.Strings(failures)
	return unique(diags), failures, nil
}

// decodeCheck decodes what one analyzer said of one package: diagnostics, or an
// error, which it returns as a sentence.
func decodeCheck(pkg, check string, raw json.RawMessage) ([]Diagnostic, string, error) {
	var list []jsonDiagnostic
	if err := json.Unmarshal(raw, &list); err != nil {
		var failed jsonError
		if json.Unmarshal(raw, &failed) != nil || failed.Err == "" {
			return nil, "", fmt.Errorf("diagnostics of %s in %s: %w", check, pkg, err)
		}
		return nil, fmt.Sprintf("%s: %s: %s", pkg, check, failed.Err), nil
	}
	var diags []Diagnostic
	for _, j := range list {
		d := Diagnostic{Package: pkg, Check: check, Likely: j.Category == "likely", Position: position(j.Posn, j.Message)}
		for _, r := range j.Related {
			d.Related = append(d.Related, position(r.Posn, r.Message))
		}
		diags = append(diags, d)
	}
	return diags, "", nil
}

// position takes "file:line:column" apart. The file may hold colons itself;
// the numbers stand at the end, and either may be missing.
func position(posn, message string) Position {
	p := Position{File: posn, Message: message}
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(p.File, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(p.File[i+1:])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		p.File = p.File[:i]
	}
	switch len(numbers) {
	case 2:
		p.Line, p.Column = numbers[1], numbers[0]
	case 1:
		p.Line = numbers[0]
	}
	return p
}

// unique sorts diags and drops repetitions at one place.
func unique(diags []Diagnostic) []Diagnostic {
	sort.SliceStable(diags, func(i, j int) bool {
		a, b := diags[i], diags[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Column != b.Column:
			return a.Column < b.Column
		case a.Check != b.Check:
			return a.Check < b.Check
		case a.Message != b.Message:
			return a.Message < b.Message
		}
		return a.Package < b.Package
	})
	out := diags[:0]
	for i, d := range diags {
		if i > 0 {
			last := out[len(out)-1]
			if d.Position == last.Position && d.Check == last.Check {
				continue
			}
		}
		out = append(out, d)
	}
	return out
}

// withoutRemarks returns data without the lines that begin with #.
func withoutRemarks(data []byte) []byte {
	var out []byte
	for line := range bytes.Lines(data) {
		if !bytes.HasPrefix(line, []byte("#")) {
			out = append(out, line...)
		}
	}
	return out
}
