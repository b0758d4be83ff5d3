package report_test

import (
	"testing"

	"github.com/chanlint/chanlint/internal/report"
)

// What a step says is read back as it was, whatever its parts hold.
func TestParseStep(t *testing.T) {
	for _, want := range []report.Step{
		{Goroutine: 1, Name: "Fetch", Text: "makes picture"},
		{Goroutine: 12, Name: "started at line 12", Text: "sends on errc to goroutine 1"},
		{Goroutine: 2, Text: "returns"},
		{Goroutine: 2, Name: "started at a(b).go:3", Text: "takes the case <-c: a (colon): b"},
	} {
		if got, ok := report.ParseStep(want.String()); !ok || got != want {
			t.Errorf("%q is read as %+v, %v", want, got, ok)
		}
	}
	for _, message := range []string{"", "the close", "the goroutine starts here", "goroutine x: returns", "goroutine 0: returns", "goroutine 1 returns"} {
		if got, ok := report.ParseStep(message); ok {
			t.Errorf("%q is taken for the step %+v", message, got)
		}
	}
}

// A step knows whom it has to do with, and whether it is the goroutine's last.
func TestStep(t *testing.T) {
	for _, test := range []struct {
		text  string
		other int
		final bool
	}{
		{"starts goroutine 3", 3, false},
		{"sends on c to goroutine 2", 2, false},
		{"receives from c, sent by goroutine 14", 14, false},
		{"closes goroutine", 0, false},
		{"send on c blocks forever", 0, true},
		{"panics: close of closed channel", 0, true},
		{"calls blocks", 0, false},
	} {
		s := report.Step{Goroutine: 1, Text: test.text}
		if s.Other() != test.other || s.Final() != test.final {
			t.Errorf("%q: other %d, final %v; want %d, %v", test.text, s.Other(), s.Final(), test.other, test.final)
		}
	}
}
