package nilchan

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

// Analyzer is the check nilchan.
var Analyzer = &analysis.Analyzer{
	Name:     "nilchan",
	Doc:      checkdoc.Doc("nilchan", source),
	URL:      checkdoc.URL("nilchan"),
	Requires: []*analysis.Analyzer{typestate.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[typestate.Analyzer].(*typestate.Result)
	found := append(res.Of(typestate.NilSend), res.Of(typestate.NilReceive)...)
	if len(found) == 0 {
		return nil, nil
	}
	words := typestate.NewWords(pass, res)
	var out []report.Finding
	for _, f := range words.First(found) {
		what := "send on"
		if f.Defect == typestate.NilReceive {
			what = words.Receive(f.At)
		}
		name := words.Operand(f.At)
		out = append(out, report.Finding{
			Pos:     words.Start(f.At),
			Message: fmt.Sprintf("%s nil channel blocks forever: %s %s%s", what, name, words.NilBecause(f, "operation"), words.Through(f.At, "uses")),
			Related: words.Related(f, "nil is stored here"),
		})
	}
	report.All(pass, out)
	return nil, nil
}
