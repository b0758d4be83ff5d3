package report

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/output"
)

// root is the repository.
const root = "../.."

// hostile is a line of source with whatever a format could take for its own.
const hostile = "c <- `%0A::error::` + \"</script><img src=x onerror=document.title='owned'>|@someone #1\" // end; loop"

// large returns a report of n findings over several checks and packages, each
// with an interleaving.
func large(n int) *output.Report {
	r := &output.Report{
		Version: "chanlint (devel) go1.26",
		Sources: output.NewSources(func(string) ([]byte, error) { return []byte(strings.Repeat("\t"+hostile+"\n", 200)), nil }),
	}
	checks := []string{"leaksend", "leakrecv", "doubleclose", "waitleak"}
	for _, c := range checks {
		r.Checks = append(r.Checks, output.Check{Name: c, Summary: "reports <b>something</b>", URL: "https://example.org/" + c, Text: "text\n"})
	}
	for i := range n {
		file := fmt.Sprintf("pkg%d/file.go", i%40)
		f := output.Finding{
			Check: checks[i%len(checks)], Confidence: output.Certain, Package: fmt.Sprintf("example.org/m/pkg%d", i%40),
			Message: fmt.Sprintf("send on c blocks forever if F returns at line %d before receiving; <b>goroutine</b> leaks", i%150+10),
			URL:     "https://example.org/" + checks[i%len(checks)],
			Pos:     output.Position{File: file, Line: i%150 + 1, Column: 2},
			Fixes:   []output.Fix{{Message: "Add a buffer", Edits: []output.Edit{{File: file, Start: 1, End: 2, New: "x"}}}},
		}
		if i%5 == 0 {
			f.Confidence = output.Likely
		}
		f.Steps = steps(file, i%150+1)
		r.Findings = append(r.Findings, f)
	}
	output.Identify(r.Findings, r.Sources)
	return r
}

// steps returns an interleaving of three goroutines that ends at a line.
func steps(file string, line int) []output.Step {
	step := func(goroutine, other, line int, text string) output.Step {
		name := "F"
		if goroutine > 1 {
			name = "started at line 6"
		}
		return output.Step{
			Goroutine: goroutine, Other: other, Name: name, Text: text,
			Final: strings.HasSuffix(text, "forever"), Pos: output.Position{File: file, Line: line, Column: 2},
		}
	}
	return []output.Step{
		step(1, 0, 4, "makes c"), step(1, 0, 5, "makes m[\"a;b#c%%\"]"), step(1, 2, 6, "starts goroutine 2"), step(1, 3, 6, "starts goroutine 3"),
		step(2, 1, 7, "sends on c to goroutine 1"), step(1, 2, 9, "receives from c, sent by goroutine 2"), step(2, 0, 8, "returns"),
		step(1, 0, 11, "takes the case <-time.After(time.Second)"), step(1, 0, 12, "returns"), step(3, 0, line, "send on c blocks forever"),
	}
}

// example returns what chanlint writes about the shipped example.
func example(t *testing.T, format string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "out")
	cmd := exec.Command("go", "run", "./cmd/chanlint", "-C", "testdata/example", "-format", format, "-o", file, "./...")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 { // there are findings
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// write writes a report to a file of the given name and returns its path.
func write(t *testing.T, r *output.Report, format, name string) string {
	t.Helper()
	f, ok := output.Named(format)
	if !ok {
		t.Fatalf("there is no format %s", format)
	}
	var b strings.Builder
	if err := f.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}
