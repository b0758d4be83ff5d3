package unclosedrange

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/fields"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check unclosedrange.
var Analyzer = &analysis.Analyzer{
	Name:     "unclosedrange",
	Doc:      checkdoc.Doc("unclosedrange", source),
	URL:      checkdoc.URL("unclosedrange"),
	Requires: []*analysis.Analyzer{witness.Analyzer, fields.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	out := witness.BlockedFindings(pass, reason, nil, build.SiteRange)
	out = append(out, fields.Certain(pass, fields.BlockedRange)...)
	report.All(pass, append(out, fields.Likely(pass, fields.BlockedRange)...))
	return nil, nil
}

func reason(words *witness.Words, d *witness.Defect) string {
	waits := words.Waiting(d, "wait")
	switch {
	case !d.Closed && !d.Peers:
		return ": nothing sends on or closes " + words.Operand(d.Op)
	case !d.Closed:
		return ": no sender closes " + words.Operand(d.Op)
	case waits != "" && (d.Left == nil || d.InRoot()):
		return ": " + waits + " for this goroutine"
	case d.Left != nil:
		return " if " + words.Departed(d) + " without closing " + words.Operand(d.Op)
	}
	return ": no goroutine is left to close " + words.Operand(d.Op)
}
