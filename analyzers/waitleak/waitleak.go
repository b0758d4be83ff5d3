package waitleak

import (
	_ "embed"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/locks"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check waitleak.
var Analyzer = &analysis.Analyzer{
	Name:     "waitleak",
	Doc:      checkdoc.Doc("waitleak", source),
	URL:      checkdoc.URL("waitleak"),
	Requires: []*analysis.Analyzer{witness.Analyzer, locks.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	found := witness.BlockedFindings(pass, reason, nil, build.SiteWait)
	report.All(pass, append(found, unsignalled(pass)...))
	return nil, nil
}

// unsignalled returns the calls of Wait on condition variables that no function
// signals.
func unsignalled(pass *analysis.Pass) []report.Finding {
	res := pass.ResultOf[locks.Analyzer].(*locks.Result)
	var out []report.Finding
	for _, call := range res.Unsignalled {
		n, ok := res.Source.Node(call.Pos()).(*ast.CallExpr)
		if !ok {
			continue
		}
		out = append(out, report.Finding{
			Pos:     n.Pos(),
			Message: types.ExprString(n.Fun) + " blocks forever: nothing signals it",
		})
	}
	return out
}

func reason(words *witness.Words, d *witness.Defect) string {
	waits := words.Waiting(d, "wait")
	switch {
	case d.Op.IsCond() && !d.Peers:
		return ": nothing signals it"
	case d.Op.IsCond():
		return ": no goroutine is left to signal it"
	case waits != "" && d.TooSoon:
		return ": " + waits + " for what comes after it"
	case waits != "":
		return ": " + words.Waiting(d, "block") + " too"
	case !d.Peers:
		return ": nothing calls Done"
	}
	return ": Done is called fewer times than Add counts"
}
