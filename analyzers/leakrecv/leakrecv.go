package leakrecv

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

// Analyzer is the check leakrecv.
var Analyzer = &analysis.Analyzer{
	Name:     "leakrecv",
	Doc:      checkdoc.Doc("leakrecv", source),
	URL:      checkdoc.URL("leakrecv"),
	Requires: []*analysis.Analyzer{witness.Analyzer, fields.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	out := witness.BlockedFindings(pass, reason, nil, build.SiteReceive, build.SiteSelect)
	out = append(out, fields.Certain(pass, fields.BlockedReceive)...)
	report.All(pass, append(out, fields.Likely(pass, fields.BlockedReceive)...))
	return nil, nil
}

func reason(words *witness.Words, d *witness.Defect) string {
	waits := words.Waiting(d, "wait")
	isSelect := d.Op.Kind == build.SiteSelect
	switch {
	case !d.Peers && isSelect:
		return ": nothing serves any of its cases"
	case !d.Peers:
		return ": nothing sends on or closes " + words.Operand(d.Op)
	case waits != "" && (d.Left == nil || d.InRoot()):
		return ": " + waits + " for this goroutine"
	case d.Left != nil && isSelect:
		return " if " + words.Departed(d) + " without serving a case"
	case d.Left != nil:
		return " if " + words.Departed(d) + " without sending or closing"
	}
	if d.Alone && !isSelect {
		return ": no other goroutine sends on or closes " + words.Operand(d.Op)
	}
	return ": no goroutine is left to send or close"
}
