package analyzers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/report"
)

// mostSteps is how long an interleaving of the fixtures may be: they are to be read.
const mostSteps = 25

// TestWitness asks every check for interleavings of every fixture, and holds
// them to what an interleaving is: goroutines are started before they do
// anything and do nothing after their end, both sides of a rendezvous stand next
// to each other, and the last step is what the message says.
func TestWitness(t *testing.T) {
	for _, a := range analyzers.All() {
		for flag, value := range map[string]string{"witness": "true", "confidence": "likely"} {
			f := a.Flags.Lookup(flag)
			was := f.Value.String()
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := f.Value.Set(was); err != nil {
					t.Error(err)
				}
			})
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: "../testdata", Tests: true,
		Env: append(os.Environ(), "GO111MODULE=on", "GOWORK=off"),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze(analyzers.All(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			n++
			if err := holds(act, d); err != nil {
				var story strings.Builder
				for _, r := range d.Related {
					fmt.Fprintf(&story, "\n\t%v: %s", act.Package.Fset.Position(r.Pos), r.Message)
				}
				t.Errorf("%v: %s: %s\n%v%s", act.Package.Fset.Position(d.Pos), act.Analyzer.Name, d.Message, err, &story)
			}
		}
	}
	if n < 100 {
		t.Errorf("there are only %d findings", n)
	}
}

// holds says what is wrong with the interleaving of a diagnostic.
func holds(act *checker.Action, d analysis.Diagnostic) error {
	line := func(r analysis.RelatedInformation) string {
		p := act.Package.Fset.Position(r.Pos)
		return fmt.Sprintf("%s:%d", p.Filename, p.Line)
	}
	if n := len(d.Related); n == 0 || n > mostSteps {
		return fmt.Errorf("it has %d steps", n)
	}
	var steps []report.Step
	for _, r := range d.Related {
		s, ok := report.ParseStep(r.Message)
		if !ok {
			return fmt.Errorf("%q is no step", r.Message)
		}
		steps = append(steps, s)
	}
	if err := inOrder(steps); err != nil {
		return err
	}
	last := len(steps) - 1
	at := line(d.Related[last])
	if here := line(analysis.RelatedInformation{Pos: d.Pos}); at != here && !strings.Contains(d.Message, " when ") {
		return fmt.Errorf("it ends at %s", at)
	}
	blocks, panics := strings.Contains(d.Message, "blocks forever"), strings.Contains(d.Message, "closed channel") || strings.Contains(d.Message, "close of nil")
	if (blocks || panics) && !steps[last].Final() {
		return fmt.Errorf("it ends with %q", steps[last].Text)
	}
	return nil
}

// inOrder says what is wrong with the order of the steps.
func inOrder(steps []report.Step) error {
	begun, ended := map[int]bool{1: true}, map[int]bool{}
	names := map[int]string{}
	for i, s := range steps {
		switch {
		case !begun[s.Goroutine]:
			return fmt.Errorf("step %d is of a goroutine that nobody has started", i+1)
		case ended[s.Goroutine]:
			return fmt.Errorf("step %d is of a goroutine that has ended", i+1)
		case names[s.Goroutine] != "" && names[s.Goroutine] != s.Name:
			return fmt.Errorf("step %d calls goroutine %d %q, others call it %q", i+1, s.Goroutine, s.Name, names[s.Goroutine])
		}
		names[s.Goroutine] = s.Name
		other := s.Other()
		if strings.HasPrefix(s.Text, "starts ") {
			if begun[other] {
				return fmt.Errorf("step %d starts goroutine %d once more", i+1, other)
			}
			begun[other] = true
		}
		if strings.HasPrefix(s.Text, "sends ") && other != 0 {
			if i+1 == len(steps) || steps[i+1].Goroutine != other || steps[i+1].Other() != s.Goroutine {
				return fmt.Errorf("step %d meets nobody", i+1)
			}
		}
		if s.Text == "returns" || s.Final() {
			ended[s.Goroutine] = true
		}
	}
	return nil
}
