package lockchan

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check lockchan.
var Analyzer = &analysis.Analyzer{
	Name:     "lockchan",
	Doc:      checkdoc.Doc("lockchan", source),
	URL:      checkdoc.URL("lockchan"),
	Requires: []*analysis.Analyzer{witness.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	var out []report.Finding
	for _, d := range res.UnderLock() {
		msg := fmt.Sprintf("%s blocks forever: a lock is held that %s", words.Operation(d.Op), words.Waiting(d, "need"))
		out = append(out, report.Finding{Pos: words.Start(d.Op), Message: msg + d.Leaks(), Related: words.Related(d)})
	}
	report.All(pass, out)
	return nil, nil
}
