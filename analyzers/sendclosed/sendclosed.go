package sendclosed

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/fields"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/typestate"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check sendclosed.
var Analyzer = &analysis.Analyzer{
	Name:     "sendclosed",
	Doc:      checkdoc.Doc("sendclosed", source),
	URL:      checkdoc.URL("sendclosed"),
	Requires: []*analysis.Analyzer{typestate.Analyzer, witness.Analyzer, fields.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	out := append(sequential(pass), concurrent(pass)...)
	report.All(pass, append(out, fields.Likely(pass, fields.SendClosed)...))
	return nil, nil
}

// sequential returns the sends that follow a close in the same goroutine.
func sequential(pass *analysis.Pass) []report.Finding {
	res := pass.ResultOf[typestate.Analyzer].(*typestate.Result)
	found := res.Of(typestate.SendClosed)
	if len(found) == 0 {
		return nil
	}
	words := typestate.NewWords(pass, res)
	var out []report.Finding
	for _, f := range found {
		out = append(out, report.Finding{
			Pos:     words.Start(f.At),
			Message: fmt.Sprintf("send on closed channel: %s %s%s", words.Operand(f.At), words.ClosedBy(f), words.Through(f.At, "sends on")),
			Related: words.Related(f, "the close"),
		})
	}
	return out
}

// concurrent returns the sends for which the closing goroutine does not wait.
// What a receiver closes is closerecv's.
func concurrent(pass *analysis.Pass) []report.Finding {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	var out []report.Finding
	for _, d := range res.Panicking(explore.SendClosed) {
		if d.ByReceiver {
			continue
		}
		out = append(out, report.Finding{
			Pos:     words.Start(d.Op),
			Message: fmt.Sprintf("send on closed channel: %s may be closed at %s before this send", words.Operand(d.Op), words.Line(d, words.Start(d.By))),
			Related: words.Related(d),
		})
	}
	return out
}
