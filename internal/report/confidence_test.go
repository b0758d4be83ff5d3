package report_test

import (
	"testing"

	"github.com/chanlint/chanlint/internal/report"
)

// TestConfidence reports a likely and a certain finding at one position and a
// likely one at another.
func TestConfidence(t *testing.T) {
	tests := []struct {
		level string
		want  []string // category and message
	}{
		{"certain", []string{":sure"}},
		{"likely", []string{":sure", "likely:elsewhere"}},
	}
	for _, tt := range tests {
		pass, diags := newPass(t, "f.go", "package p\nfunc f() { close(c); close(c) }")
		pass.Analyzer.Flags = report.Flags()
		if err := report.SetConfidence(pass.Analyzer, tt.level); err != nil {
			t.Fatal(err)
		}
		at := calls(pass, "close")
		report.All(pass, []report.Finding{
			{Pos: at[0], Message: "perhaps", Confidence: report.Likely},
			{Pos: at[1], Message: "elsewhere", Confidence: report.Likely},
			{Pos: at[0], Message: "sure"},
		})
		var got []string
		for _, d := range *diags {
			got = append(got, d.Category+":"+d.Message)
		}
		if len(got) != len(tt.want) {
			t.Fatalf("%s: reported %q, want %q", tt.level, got, tt.want)
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: reported %q, want %q", tt.level, got, tt.want)
			}
		}
	}
}

// TestConfidenceWithoutFlag holds that an analyzer that knows no levels reports
// only what is certain, and that a wrong level is an error all the same.
func TestConfidenceWithoutFlag(t *testing.T) {
	pass, diags := newPass(t, "f.go", "package p\nfunc f() { close(c) }")
	if err := report.SetConfidence(pass.Analyzer, "likely"); err != nil {
		t.Error(err)
	}
	if err := report.SetConfidence(pass.Analyzer, "sure"); err == nil {
		t.Error("the level sure is accepted")
	}
	report.Report(pass, report.Finding{Pos: calls(pass, "close")[0], Message: "m", Confidence: report.Likely})
	if len(*diags) != 0 {
		t.Errorf("reported %v", *diags)
	}
}
