package report_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/report"
)

// TestWitness asks for interleavings. What a check tells step by step is left as
// it is, even a step that repeats; what else it relates becomes a goroutine's
// way to its end, which is worded after the message.
func TestWitness(t *testing.T) {
	pass, diags := newPass(t, "a.go", "package p\nfunc f() {\n\tclose(c)\n\tclose(c)\n}\nvar _ = func() { close(c) }")
	pass.Analyzer.Flags = report.Flags()
	at := calls(pass, "close")
	related := func(messages ...string) (all []analysis.RelatedInformation) {
		for _, m := range messages {
			all = append(all, analysis.RelatedInformation{Pos: at[0], Message: m})
		}
		return all
	}
	told := []string{"goroutine 1 (g): sends on c", "goroutine 1 (g): sends on c", "goroutine 1 (g): send on c blocks forever"}
	tests := []struct {
		finding report.Finding
		want    []string
	}{
		{report.Finding{Pos: at[1], Message: "send on c blocks forever: nobody", Related: related(told...)}, told},
		{
			report.Finding{Pos: at[1], Message: "close of closed channel: c is closed", Related: related("the other close", "the other close")},
			[]string{"goroutine 1 (f): the other close", "goroutine 1 (f): panics: close of closed channel"},
		},
		{
			report.Finding{Pos: at[2], Message: "receive from t.C blocks forever if t has fired"},
			[]string{"goroutine 1: receive from t.C blocks forever"},
		},
		{
			report.Finding{Pos: at[1], Message: "receive from c spins: the loop goes on"},
			[]string{"goroutine 1 (f): receive from c spins"},
		},
	}
	for _, on := range []bool{true, false} {
		if on {
			if err := pass.Analyzer.Flags.Set("witness", "true"); err != nil {
				t.Fatal(err)
			}
		} else if err := pass.Analyzer.Flags.Set("witness", "false"); err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			*diags = nil
			report.Report(pass, tt.finding)
			var got []string
			for _, r := range (*diags)[0].Related {
				got = append(got, r.Message)
			}
			if on && !slices.Equal(got, tt.want) {
				t.Errorf("%s: the steps are %q, want %q", tt.finding.Message, got, tt.want)
			}
			if !on && len(got) != len(slices.Compact(slices.Clone(tt.finding.Related))) {
				t.Errorf("%s: without the flag, related positions are %q", tt.finding.Message, got)
			}
		}
	}
}
