package ctxleak

import (
	_ "embed"
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/ctxflow"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var doc string

// Analyzer is the check ctxleak.
var Analyzer = &analysis.Analyzer{
	Name:     "ctxleak",
	Doc:      checkdoc.Doc("ctxleak", doc),
	URL:      checkdoc.URL("ctxleak"),
	Requires: []*analysis.Analyzer{chanssa.Analyzer, witness.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	if pkg.SSA == nil {
		return nil, nil
	}
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	var out []report.Finding
	for _, l := range ctxflow.New(pkg).Lost() {
		if reported(res, l) || discarded(pass, l) {
			continue
		}
		out = append(out, finding(pass, l))
	}
	report.All(pass, out)
	return nil, nil
}

// reported reports whether another check says of the same goroutine that it
// blocks forever.
func reported(res *witness.Result, l ctxflow.Lost) bool {
	for _, d := range res.Defects {
		for _, w := range l.Waits {
			if d.Kind == witness.Blocked && d.Op.Fn == w.Fn {
				return true
			}
		}
	}
	return false
}

// discarded reports whether the cancel function is not even kept, which vet's
// lostcancel reports.
func discarded(pass *analysis.Pass, l ctxflow.Lost) bool {
	blank := false
	for _, file := range pass.Files {
		if l.Call.Pos() < file.FileStart || file.FileEnd <= l.Call.Pos() {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			assign, ok := n.(*ast.AssignStmt)
			if ok && len(assign.Lhs) == 2 && len(assign.Rhs) == 1 && assign.Rhs[0].Pos() <= l.Call.Pos() && l.Call.Pos() < assign.Rhs[0].End() {
				id, ok := assign.Lhs[1].(*ast.Ident)
				blank = blank || ok && id.Name == "_"
			}
			return n == nil || n.Pos() <= l.Call.Pos() && l.Call.Pos() < n.End()
		})
	}
	return blank
}

func finding(pass *analysis.Pass, l ctxflow.Lost) report.Finding {
	what := "its cancel function"
	if l.Holder != nil {
		what = l.Holder.Name()
	}
	first := l.Waits[0]
	f := report.Finding{Pos: l.Call.Pos()}
	if l.Overwritten != nil {
		f.Pos = l.Overwritten.Pos()
		f.Message = fmt.Sprintf("receive from Done blocks forever: %s cancels another context from here on than the one that the goroutine started at %s waits for; goroutine leaks",
			what, report.Line(pass, f.Pos, first.Go.Pos()))
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: l.Call.Pos(), Message: "the context is made here"})
	} else {
		f.Message = fmt.Sprintf("context never ends: nothing calls %s, and the goroutine started at %s waits for it; goroutine leaks",
			what, report.Line(pass, f.Pos, first.Go.Pos()))
	}
	for _, w := range l.Waits {
		f.Related = append(f.Related,
			analysis.RelatedInformation{Pos: w.Go.Pos(), Message: "the goroutine starts here"},
			analysis.RelatedInformation{Pos: w.Done, Message: "it waits here"})
	}
	return f
}
