package unclosedrange

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/checkdoc"
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
	Requires: []*analysis.Analyzer{witness.Analyzer},
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	var out []report.Finding
	for _, d := range res.Blocked(build.SiteRange) {
		out = append(out, report.Finding{
			Pos:     words.Start(d.Op),
			Message: fmt.Sprintf("%s blocks forever%s%s", words.Operation(d.Op), reason(words, d), d.Leaks()),
			Related: words.Related(d),
		})
	}
	report.All(pass, out)
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
