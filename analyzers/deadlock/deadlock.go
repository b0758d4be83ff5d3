package deadlock

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

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
	known := map[token.Pos]bool{}
	for _, d := range res.Defects {
		out = append(out, w.finding(d))
		known[w.start(d.At.Pos())] = true
	}
	for _, x := range res.Inversions {
		out = append(out, w.inversion(x))
		known[w.start(x.First.At.Pos())] = true
		known[w.start(x.Second.At.Pos())] = true
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
	at := w.site(d.At, d.Via)
	line := func(pos token.Pos) string { return report.Line(w.pass, at, pos) }
	held := "is already locked"
	if d.Kind == locks.Reader {
		held = "is already locked for reading"
	}
	_, mu := w.call(d.At.Pos())
	why := fmt.Sprintf("%s %s at %s", mu, held, line(d.Held))
	if d.Via != nil {
		why = fmt.Sprintf("it locks %s at %s, which %s at %s", mu, line(d.At.Pos()), held, line(d.Held))
	}
	related := []analysis.RelatedInformation{
		{Pos: d.Held, Message: "the lock is taken here"},
		{Pos: d.At.Pos(), Message: "and here again"},
	}
	blocks := "blocks forever"
	if d.Kind == locks.Reader {
		blocks = fmt.Sprintf("blocks forever if the Lock at %s comes in between", line(d.Other))
		related = append(related, analysis.RelatedInformation{Pos: d.Other, Message: "a writer waits here for the first reader, and the second reader for the writer"})
	}
	return report.Finding{Pos: at, Message: fmt.Sprintf("%s %s: %s", w.subject(d.At, d.Via), blocks, why), Related: related}
}

// inversion words two locks that are taken in both orders.
func (w words) inversion(x *locks.Inversion) report.Finding {
	a, b := x.First, x.Second
	at := w.site(a.At, a.Via)
	line := func(pos token.Pos) string { return report.Line(w.pass, at, pos) }
	_, held := w.call(a.Held)
	_, mu := w.call(a.At.Pos())
	other, _ := w.call(b.At.Pos())
	_, otherHeld := w.call(b.Held)
	waits := ""
	if a.Via != nil {
		waits = fmt.Sprintf("it locks %s at %s, and ", mu, line(a.At.Pos()))
	}
	msg := fmt.Sprintf("%s blocks forever if %s waits in %s at %s with %s locked at %s: %s%s holds %s since %s",
		w.subject(a.At, a.Via), b.Fn.Name(), other, line(b.At.Pos()), otherHeld, line(b.Held), waits, a.Fn.Name(), held, line(a.Held))
	if b.Unlocks.IsValid() {
		msg = fmt.Sprintf("%s blocks forever if %s is locked already: %s waits in %s at %s before it can unlock it, while %s holds %s since %s",
			w.subject(a.At, a.Via), mu, b.Fn.Name(), other, line(b.At.Pos()), a.Fn.Name(), held, line(a.Held))
	}
	related := []analysis.RelatedInformation{
		{Pos: a.Held, Message: "one goroutine takes the first lock here"},
		{Pos: a.At.Pos(), Message: "and waits here for the second"},
		{Pos: b.Held, Message: "another one takes the second lock here"},
		{Pos: b.At.Pos(), Message: "and waits here for the first"},
	}
	f := report.Finding{Pos: at, Message: msg, Related: related}
	if !x.Concurrent {
		f.Confidence = report.Likely
	}
	return f
}

// site is where a report about the taking of a lock stands: at the call that leads
// to it.
func (w words) site(at ssa.CallInstruction, via *ssa.Call) token.Pos {
	if via != nil {
		return w.start(via.Pos())
	}
	return w.start(at.Pos())
}

// subject spells what blocks: the method, or the function that calls it.
func (w words) subject(at ssa.CallInstruction, via *ssa.Call) string {
	if via == nil {
		method, _ := w.call(at.Pos())
		return method
	}
	method, _ := w.call(via.Pos())
	return method
}

// left words a return that leaves a lock locked.
func (w words) left(l *locks.Left) report.Finding {
	_, mu := w.call(l.Held)
	next, _ := w.call(l.Blocked[0])
	line := func(pos token.Pos) string { return report.Line(w.pass, l.Return, pos) }
	return report.Finding{
		Pos:     l.Return,
		Message: fmt.Sprintf("%s at %s blocks forever after this return: %s is locked at %s and stays so", next, line(l.Blocked[0]), mu, line(l.Held)),
		Related: []analysis.RelatedInformation{
			{Pos: l.Held, Message: "the lock is taken here"},
			{Pos: l.Blocked[0], Message: "this takes it as well"},
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
