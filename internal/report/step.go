package report

import (
	"fmt"
	"go/ast"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Step is one step of an interleaving, the way a related position tells it:
//
//	goroutine 2 (started at line 12): sends on errc to goroutine 1
//
// A person reads that in every driver, and [ParseStep] in chanlint's own.
type Step struct {
	Goroutine int    // from 1
	Name      string // what the goroutine is: a function, or "started at line 12"; may be empty
	Text      string // what it does, in the third person
}

// String returns the step as a related position tells it.
func (s Step) String() string {
	if s.Name == "" {
		return fmt.Sprintf("goroutine %d: %s", s.Goroutine, s.Text)
	}
	return fmt.Sprintf("goroutine %d (%s): %s", s.Goroutine, s.Name, s.Text)
}

var (
	stepForm  = regexp.MustCompile(`^goroutine ([0-9]+)(?: \(([^()]*(?:\([^()]*\)[^()]*)*)\))?: (.*)$`)
	otherForm = regexp.MustCompile(`(?:^starts| to| from|^finds| by) goroutine ([0-9]+)`)
)

// ParseStep reads what [Step.String] has written; ok is false if message is
// something else.
func ParseStep(message string) (s Step, ok bool) {
	m := stepForm.FindStringSubmatch(message)
	if m == nil {
		return Step{}, false
	}
	n, err := strconv.Atoi(m[1])
	return Step{n, m[2], m[3]}, err == nil && n > 0
}

// Other returns the goroutine that the step has to do with: the one it starts,
// or the one it meets; 0 if there is none.
func (s Step) Other() int {
	m := otherForm.FindStringSubmatch(s.Text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // the form has digits only
	return n
}

// Final reports whether the goroutine does nothing after the step: it blocks
// forever or panics.
func (s Step) Final() bool {
	return strings.HasSuffix(s.Text, blocksForever) || strings.HasPrefix(s.Text, "panics: ") || strings.HasSuffix(s.Text, " never ends")
}

const blocksForever = " blocks forever"

// steps returns the related positions of f as an interleaving that ends in f
// itself, for the checks that follow one goroutine and do not tell one.
func steps(pass *analysis.Pass, f Finding) []analysis.RelatedInformation {
	for _, r := range f.Related {
		if _, ok := ParseStep(r.Message); ok {
			return f.Related // the check has told it
		}
	}
	var out []analysis.RelatedInformation
	name := enclosing(pass, f)
	for _, r := range located(f.Related) {
		r.Message = Step{1, name, r.Message}.String()
		out = append(out, r)
	}
	return append(out, analysis.RelatedInformation{Pos: f.Pos, End: f.End, Message: Step{1, name, outcome(f.Message)}.String()})
}

// outcome returns the last step of a goroutine, in the words of a message.
func outcome(message string) string {
	what, _, _ := strings.Cut(message, ": ")
	if before, _, ok := strings.Cut(what, blocksForever); ok {
		return before + blocksForever
	}
	for _, panics := range []string{"send on closed channel", "close of closed channel", "close of nil channel"} {
		if what == panics {
			return "panics: " + what
		}
	}
	return what
}

// enclosing names the function that a finding stands in.
func enclosing(pass *analysis.Pass, f Finding) string {
	file := fileOf(pass, f.Pos)
	if file == nil {
		return ""
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= f.Pos && f.Pos < fn.End() {
			return fn.Name.Name
		}
	}
	return ""
}
