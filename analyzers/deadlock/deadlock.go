package deadlock

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/locks"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check deadlock.
var Analyzer = &analysis.Analyzer{
	Name:     "deadlock",
	Doc:      checkdoc.Doc("deadlock", source),
	URL:      checkdoc.URL("deadlock"),
	Requires: []*analysis.Analyzer{locks.Analyzer, witness.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[locks.Analyzer].(*locks.Result)
	w := words{pass, res}
	var out []report.Finding
	for _, d := range res.Defects {
		out = append(out, w.finding(d))
	}
	for _, x := range res.Inversions {
		out = append(out, w.inversion(x))
	}
	known := map[token.Pos]bool{}
	for _, f := range out {
		known[f.Pos] = true
	}
	for _, l := range res.Left {
		out = append(out, w.left(l))
		for _, pos := range l.Blocked {
			known[w.start(pos)] = true
		}
	}
	report.All(pass, append(out, explored(pass, known)...))
	return nil, nil
}

// explored returns what the search through interleavings found, but for what
// blocks at positions that are known already.
func explored(pass *analysis.Pass, known map[token.Pos]bool) []report.Finding {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	var out []report.Finding
	for _, d := range res.AtLock() {
		pos := words.Start(d.Op)
		if known[pos] {
			continue
		}
		msg := words.Operation(d.Op) + " blocks forever: the lock is already held"
		if needs := words.Waiting(d, "need"); needs != "" && d.Locked {
			msg = words.Operation(d.Op) + " blocks forever: a lock is held that " + needs
		}
		out = append(out, report.Finding{Pos: pos, Message: msg + d.Leaks(), Related: words.Related(d)})
	}
	return out
}

// words turns defects into messages.
type words struct {
	pass *analysis.Pass
	res  *locks.Result
}

func (w words) finding(d *locks.Defect) report.Finding {
	at := w.start(d.At.Pos())
	line := func(pos token.Pos) string { return report.Line(w.pass, at, pos) }
	op, mu := w.call(d.At.Pos())
	related := []analysis.RelatedInformation{{Pos: d.Held, Message: "the lock is taken here"}}
	held := "is already locked"
	if d.Kind == locks.Reader {
		held = "is already locked for reading"
	}
	msg := fmt.Sprintf("%s %s at %s", mu, held, line(d.Held))
	if d.Via != nil {
		_, outer := w.call(d.Held)
		msg = fmt.Sprintf("%s calls this at %s with %s locked at %s", d.Fn.Name(), line(d.Via.Pos()), outer, line(d.Held))
		related = append(related, analysis.RelatedInformation{Pos: d.Via.Pos(), Message: "and this call takes it again"})
	}
	if d.Kind == locks.Reader {
		related = append(related, analysis.RelatedInformation{Pos: d.Other, Message: "a writer waits here for the first reader, and the second reader for the writer"})
		return report.Finding{
			Pos:     at,
			Message: fmt.Sprintf("%s blocks forever if the Lock at %s comes in between: %s", op, line(d.Other), msg),
			Related: related,
		}
	}
	return report.Finding{Pos: at, Message: fmt.Sprintf("%s blocks forever: %s", op, msg), Related: related}
}

// inversion words two locks that are taken in both orders.
func (w words) inversion(x *locks.Inversion) report.Finding {
	a, b := x.First, x.Second
	at := w.start(a.At.Pos())
	line := func(pos token.Pos) string { return report.Line(w.pass, at, pos) }
	op, _ := w.call(a.At.Pos())
	_, held := w.call(a.Held)
	other, _ := w.call(b.At.Pos())
	_, otherHeld := w.call(b.Held)
	msg := fmt.Sprintf("%s blocks forever if %s waits in %s at %s with %s locked at %s, while %s holds %s since %s",
		op, b.Fn.Name(), other, line(b.At.Pos()), otherHeld, line(b.Held), a.Fn.Name(), held, line(a.Held))
	if b.Unlocks.IsValid() {
		msg = fmt.Sprintf("%s blocks forever if it is locked already: %s waits in %s at %s before it can unlock it, while %s holds %s since %s",
			op, b.Fn.Name(), other, line(b.At.Pos()), a.Fn.Name(), held, line(a.Held))
	}
	related := []analysis.RelatedInformation{
		{Pos: a.Held, Message: "one goroutine takes the first lock here"},
		{Pos: b.Held, Message: "another one takes the second lock here"},
		{Pos: b.At.Pos(), Message: "and waits here for the first"},
	}
	return report.Finding{Pos: at, Message: msg, Related: related}
}

// left words a return that leaves a lock locked.
func (w words) left(l *locks.Left) report.Finding {
	_, mu := w.call(l.Held)
	next, _ := w.call(l.Blocked[0])
	line := func(pos token.Pos) string { return report.Line(w.pass, l.Return, pos) }
	return report.Finding{
		Pos:     l.Return,
		Message: fmt.Sprintf("%s stays locked after this return: it is locked at %s, and %s at %s blocks forever", mu, line(l.Held), next, line(l.Blocked[0])),
		Related: []analysis.RelatedInformation{
			{Pos: l.Held, Message: "the lock is taken here"},
			{Pos: l.Blocked[0], Message: "this blocks forever"},
		},
	}
}

// start is the position of the call whose parenthesis is at pos.
func (w words) start(pos token.Pos) token.Pos {
	if n := w.res.Source.Node(pos); n != nil {
		return n.Pos()
	}
	return pos
}

// call spells the method called at pos, "s.mu.Lock", and the lock, "s.mu".
func (w words) call(pos token.Pos) (method, mu string) {
	call, ok := w.res.Source.Node(pos).(*ast.CallExpr)
	if !ok {
		return "Lock", "the lock"
	}
	method = w.res.Source.Spell(call.Fun)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && (sel.Sel.Name == "Lock" || sel.Sel.Name == "RLock") {
		mu = w.res.Source.Spell(sel.X)
	}
	return cmp.Or(method, "Lock"), cmp.Or(mu, "the lock")
}
