package doubleclose

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/typestate"
)

//go:embed doc.go
var source string

// Analyzer is the check doubleclose.
var Analyzer = &analysis.Analyzer{
	Name:     "doubleclose",
	Doc:      checkdoc.Doc("doubleclose", source),
	URL:      checkdoc.URL("doubleclose"),
	Requires: []*analysis.Analyzer{typestate.Analyzer},
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[typestate.Analyzer].(*typestate.Result)
	found := res.Of(typestate.DoubleClose)
	if len(found) == 0 {
		return nil, nil
	}
	words := typestate.NewWords(pass, res)
	var out []report.Finding
	for _, f := range found {
		out = append(out, report.Finding{
			Pos:     words.Start(f.At),
			Message: fmt.Sprintf("close of closed channel: %s %s%s", words.Operand(f.At), words.ClosedBy(f), words.Through(f.At, "closes")),
			Related: words.Related(f, "the other close"),
		})
	}
	report.All(pass, out)
	return nil, nil
}
