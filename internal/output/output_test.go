package output_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/output"
)

// fetch is a program with a goroutine that is left behind, and hostile comments:
// what stands in a source file must not get out of the place where it is shown.
const fetch = `package p // </script><b>` + "`|`" + `

func Fetch(timeout <-chan int) int {
	c := make(chan int) // "%0A::error::" <img src=x onerror=alert(1)>
	go func() {
		c <- 1
	}()
	select {
	case v := <-c:
		return v
	case <-timeout:
		return 0
	}
}
`

// sample returns a report of two findings: a leak with its interleaving, and a
// likely finding in a file that cannot be read, with all that is hard to quote.
func sample() *output.Report {
	at := func(line, column int) output.Position {
		return output.Position{File: "p/fetch.go", Line: line, Column: column}
	}
	step := func(goroutine int, text string, pos output.Position) output.Step {
		name := "Fetch"
		if goroutine == 2 {
			name = "started at line 5"
		}
		return output.Step{Goroutine: goroutine, Name: name, Text: text, Final: strings.HasSuffix(text, "forever"), Pos: pos}
	}
	starts := step(1, "starts goroutine 2", at(5, 2))
	starts.Other = 2
	return &output.Report{
		Version: "chanlint v1.2.3 go1.26",
		Checks: []output.Check{
			{Name: "leaksend", Summary: "reports a send that blocks forever", URL: "https://example.org/leaksend", Text: "leaksend: reports a send\n"},
			{Name: "doubleclose", Summary: "reports a second close", URL: "https://example.org/doubleclose", Text: "doubleclose: <b>\n"},
		},
		Findings: []output.Finding{
			{
				Check: "leaksend", Package: "example.org/p", Function: "Fetch", Confidence: output.Certain,
				Message: "send on c blocks forever if Fetch returns at line 12 before receiving; goroutine leaks",
				URL:     "https://example.org/leaksend", Pos: at(6, 3), End: &output.Position{File: "p/fetch.go", Line: 6, Column: 9},
				Steps: []output.Step{
					step(1, "makes c", at(4, 11)), starts, step(1, "takes the case <-timeout", at(11, 7)),
					step(1, "returns", at(12, 3)), step(2, "send on c blocks forever", at(6, 3)),
				},
				Fixes:       []output.Fix{{Message: "Add a buffer", Edits: []output.Edit{{File: "p/fetch.go", Start: 99, End: 99, New: ", 1"}}}},
				Fingerprint: "0123456789abcdef",
			},
			{
				Check: "doubleclose", Package: "example.org/q [example.org/q.test]", Confidence: output.Likely,
				Message: "close of closed channel: m[\"100%, a:b|`c`\"] <b>\r\nmay already be closed",
				URL:     "https://example.org/doubleclose",
				Pos:     output.Position{File: "/elsewhere/q,1: x.go", Line: 3, Column: 1},
				Related: []output.Related{{Message: "the other <close>", Pos: output.Position{File: "/elsewhere/q,1: x.go", Line: 2, Column: 1}}},
			},
		},
		Sources: output.NewSources(func(name string) ([]byte, error) {
			if name != "p/fetch.go" {
				return nil, errors.New("there is no such file")
			}
			return []byte(fetch), nil
		}),
	}
}

// written returns what a format makes of a report.
func written(t *testing.T, format string, r *output.Report) string {
	t.Helper()
	f, ok := output.Named(format)
	if !ok {
		t.Fatalf("there is no format %s", format)
	}
	var b, again strings.Builder
	if err := f.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&again, r); err != nil || b.String() != again.String() {
		t.Errorf("%s is not the same twice (%v)", format, err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	want := strings.Join([]string{
		"p/fetch.go:6:3: send on c blocks forever if Fetch returns at line 12 before receiving; goroutine leaks (leaksend)",
		"	c <- 1",
		"	^~~~~~",
		"",
		"	             goroutine 1               goroutine 2",
		"	             Fetch                     started at line 5",
		`	fetch.go:4   makes c                                               c := make(chan int) // "%0A::error::" <img src=x onerror=alert(1)>`,
		"	fetch.go:5   starts goroutine 2                                    go func() {",
		"	fetch.go:11  takes the case <-timeout                              case <-timeout:",
		"	fetch.go:12  returns                                               return 0",
		"	fetch.go:6                             ✗ send on c blocks forever  c <- 1",
		"",
		"/elsewhere/q,1: x.go:3:1: close of closed channel: m[\"100%, a:b|`c`\"] <b>��may already be closed (doubleclose, likely)",
		"	/elsewhere/q,1: x.go:2:1: the other <close>",
		"",
	}, "\n")
	if got := written(t, "text", sample()); got != want {
		t.Errorf("text is\n%s\nwant\n%s", got, want)
	}
}

// Colour changes nothing but colours.
func TestTextColour(t *testing.T) {
	plain := written(t, "text", sample())
	r := sample()
	r.Colour = true
	colour := written(t, "text", r)
	stripped := strings.NewReplacer("\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[0m", "").Replace(colour)
	if stripped != plain || colour == plain {
		t.Errorf("coloured text is %q", colour)
	}
	if strings.Contains(plain, "\x1b") {
		t.Error("plain text has escape sequences")
	}
}

// The mark stands below what it marks, whatever precedes it, and nothing in the
// source reaches the terminal that could command it.
func TestCaret(t *testing.T) {
	source := "\tlängst, c := f(), 1; close(c)\x1b[2J\n\n"
	r := &output.Report{Sources: output.NewSources(func(string) ([]byte, error) { return []byte(source), nil })}
	column := strings.Index(source, "close") + 1
	add := func(line, column, end int) {
		f := output.Finding{Check: "a", Message: "m", Pos: output.Position{File: "f.go", Line: line, Column: column}}
		if end > 0 {
			f.End = &output.Position{File: "f.go", Line: line, Column: end}
		}
		r.Findings = append(r.Findings, f)
	}
	add(1, column, column+len("close(c)"))
	add(1, column, 0)
	add(1, 1, 0) // before the text of the line
	add(2, 1, 0) // an empty line
	add(7, 1, 0) // no line
	add(1, 1000, 0)
	got := strings.ReplaceAll(written(t, "text", r), "\uFFFD[2J", "")
	line, spaces := "längst, c := f(), 1; close(c)", strings.Repeat(" ", len("laengst, c := f(), 1;"))
	want := "f.go:1:24: m (a)\n\t" + line + "\n\t" + spaces + "^~~~~~~~\n" +
		"f.go:1:24: m (a)\n\t" + line + "\n\t" + spaces + "^\n" +
		"f.go:1:1: m (a)\n\t " + line + "\n\t^\n" +
		"f.go:2:1: m (a)\nf.go:7:1: m (a)\nf.go:1:1000: m (a)\n"
	if got != want {
		t.Errorf("text is\n%q\nwant\n%q", got, want)
	}
}

// Many goroutines share the width of the page: long texts are broken between
// words, and longer words anywhere.
func TestManyColumns(t *testing.T) {
	var steps []output.Step
	for i := range 8 {
		steps = append(steps, output.Step{Goroutine: i + 1, Text: "receives from someLongName.channel what is sent", Pos: output.Position{File: "f.go", Line: i + 1}})
	}
	got := written(t, "text", &output.Report{
		Findings: []output.Finding{{Check: "a", Message: "m", Steps: steps}},
		Sources:  output.NewSources(func(string) ([]byte, error) { return nil, errors.New("none") }),
	})
	for _, want := range []string{"someLongName.cha\n", "nnel what is\n", "goroutine 8\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for line := range strings.Lines(got) {
		if len(line) > 8*18+8 {
			t.Errorf("a line has %d characters: %s", len(line), line)
		}
	}
}
