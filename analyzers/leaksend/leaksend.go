package leaksend

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/fields"
	"github.com/chanlint/chanlint/internal/repair"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check leaksend.
var Analyzer = &analysis.Analyzer{
	Name:     "leaksend",
	Doc:      checkdoc.Doc("leaksend", source),
	URL:      checkdoc.URL("leaksend"),
	Requires: []*analysis.Analyzer{chanssa.Analyzer, witness.Analyzer, fields.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	out := witness.BlockedFindings(pass, reason, repair.New(pass).Send, build.SiteSend)
	out = append(out, fields.Certain(pass, fields.BlockedSend)...)
	report.All(pass, append(out, fields.Likely(pass, fields.BlockedSend)...))
	return nil, nil
}

func reason(words *witness.Words, d *witness.Defect) string {
	waits := words.Waiting(d, "wait")
	switch {
	case !d.Peers:
		return ": nothing receives from " + words.Operand(d.Op)
	case waits != "" && (d.Left == nil || d.InRoot()):
		return ": " + waits + " for this goroutine"
	case d.Left != nil:
		return " if " + words.Departed(d) + " before receiving"
	}
	if d.Alone {
		return ": no other goroutine receives from " + words.Operand(d.Op)
	}
	return ": no goroutine is left to receive"
}
