package doubleclose

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"

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

// Analyzer is the check doubleclose.
var Analyzer = &analysis.Analyzer{
	Name:     "doubleclose",
	Doc:      checkdoc.Doc("doubleclose", source),
	URL:      checkdoc.URL("doubleclose"),
	Requires: []*analysis.Analyzer{typestate.Analyzer, witness.Analyzer, fields.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	out := sequential(pass)
	out = append(out, concurrent(pass, out)...)
	report.All(pass, append(out, fields.Likely(pass, fields.DoubleClose)...))
	return nil, nil
}

// sequential returns the closes that one goroutine makes one after the other.
func sequential(pass *analysis.Pass) []report.Finding {
	res := pass.ResultOf[typestate.Analyzer].(*typestate.Result)
	found := res.Of(typestate.DoubleClose)
	if len(found) == 0 {
		return nil
	}
	words := typestate.NewWords(pass, res)
	var out []report.Finding
	for _, f := range found {
		out = append(out, report.Finding{
			Pos:     words.Start(f.At),
			Message: fmt.Sprintf("close of closed channel: %s %s%s", words.Operand(f.At), words.ClosedBy(f), words.Through(f.At, "closes")),
			Related: words.Related(f, "the other close"),
			Fixes:   words.Delete(f, "Remove this close, which always panics"),
		})
	}
	return out
}

// concurrent returns the closes that two goroutines make of one channel, but
// for those that are known by one of their sites.
func concurrent(pass *analysis.Pass, known []report.Finding) []report.Finding {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	isKnown := func(pos token.Pos) bool {
		return slices.ContainsFunc(known, func(f report.Finding) bool { return f.Pos == pos })
	}
	var out []report.Finding
	for _, d := range res.Panicking(explore.CloseClosed) {
		at, by := words.Start(d.Op), words.Start(d.By)
		if isKnown(at) || isKnown(by) {
			continue
		}
		out = append(out, report.Finding{
			Pos:     at,
			Message: fmt.Sprintf("close of closed channel: %s may already be closed at %s by another goroutine", words.Operand(d.Op), words.Line(d, by)),
			Related: words.Related(d),
		})
	}
	return out
}
