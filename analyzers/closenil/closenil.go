package closenil

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

// Analyzer is the check closenil.
var Analyzer = &analysis.Analyzer{
	Name:     "closenil",
	Doc:      checkdoc.Doc("closenil", source),
	URL:      checkdoc.URL("closenil"),
	Requires: []*analysis.Analyzer{typestate.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[typestate.Analyzer].(*typestate.Result)
	found := res.Of(typestate.CloseNil)
	if len(found) == 0 {
		return nil, nil
	}
	words := typestate.NewWords(pass, res)
	var out []report.Finding
	for _, f := range words.First(found) {
		out = append(out, report.Finding{
			Pos:     words.Start(f.At),
			Message: fmt.Sprintf("close of nil channel: %s %s%s", words.Operand(f.At), words.NilBecause(f, "close"), words.Through(f.At, "closes")),
			Related: words.Related(f, "nil is stored here"),
		})
	}
	report.All(pass, out)
	return nil, nil
}
