package witness

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/report"
)

// Words turns defects into the words of a message.
type Words struct {
	pass *analysis.Pass
	res  *Result
}

// NewWords returns the wording for the defects of one pass.
func NewWords(pass *analysis.Pass, res *Result) *Words { return &Words{pass, res} }

// Operation says what blocks, in the words of the spec: "send on errc",
// "receive from done", "range over jobs", "select", "wg.Wait", "mu.Lock".
func (w *Words) Operation(site build.Site) string {
	switch site.Kind {
	case build.SiteSend:
		return "send on " + w.Operand(site)
	case build.SiteReceive:
		return "receive from " + w.Operand(site)
	case build.SiteRange:
		return "range over " + w.Operand(site)
	case build.SiteSelect:
		return "select"
	}
	return w.call(site)
}

// Operand spells the channel of the operation as the source does.
func (w *Words) Operand(site build.Site) string { return w.res.Source.Chan(site.Pos) }

// call spells the called method: "wg.Wait".
func (w *Words) call(site build.Site) string {
	if call, ok := site.Instr.(ssa.CallInstruction); ok {
		if n, ok := w.res.Source.Node(call.Common().Pos()).(*ast.CallExpr); ok {
			if s := w.res.Source.Spell(n.Fun); s != "" {
				return s
			}
		}
	}
	return "Wait"
}

// Start is where a report on the operation stands: the statement's first
// character, or the operation itself.
func (w *Words) Start(site build.Site) token.Pos {
	if n := w.res.Source.Node(site.Pos); n != nil {
		return n.Pos()
	}
	if call, ok := site.Instr.(ssa.CallInstruction); ok {
		if n := w.res.Source.Node(call.Common().Pos()); n != nil {
			return n.Pos()
		}
	}
	return site.Pos
}

// Line names a position for a reader of the operation.
func (w *Words) Line(d *Defect, pos token.Pos) string {
	return report.Line(w.pass, w.Start(d.Op), pos)
}

// Departed says how the other side left: "run returns at line 27", or "the
// goroutine started at line 9 returns at line 12".
func (w *Words) Departed(d *Defect) string {
	who := "the goroutine started at " + w.Line(d, d.Left.Spawn)
	if d.Left.Root || !d.Left.Spawn.IsValid() {
		who = funcName(d.Left.Fn)
	}
	if d.failed() {
		return fmt.Sprintf("%s stops at %s (%s)", who, w.Line(d, d.Left.At), w.call(d.Left.Failed))
	}
	return fmt.Sprintf("%s returns at %s", who, w.Line(d, d.Left.At))
}

// funcName names a function as its author would: methods without their
// receiver, literals as what they are.
func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal"
	}
	return fn.Name()
}

// Waiting says which other operations are blocked then, followed by a verb:
// "send on c at line 12 waits". The result is empty if there are none.
func (w *Words) Waiting(d *Defect, verb string) string {
	var ops []string
	for _, a := range d.Also {
		op := fmt.Sprintf("%s at %s", w.Operation(a), w.Line(d, w.Start(a)))
		if a.Pos != d.Op.Pos && !slices.Contains(ops, op) {
			ops = append(ops, op)
		}
	}
	switch len(ops) {
	case 0:
		return ""
	case 1:
		return ops[0] + " " + verb + "s"
	}
	last := len(ops) - 1
	return strings.Join(ops[:last], ", ") + " and " + ops[last] + " " + verb
}

// Leaks is the last part of a message about a goroutine that is started
// somewhere and never ends.
func (d *Defect) Leaks() string {
	if d.InRoot() {
		return ""
	}
	return "; goroutine leaks"
}

// Related returns the positions that tell the story: where the primitive is
// made, where the goroutine starts, how the other side leaves, who waits as
// well. If the whole interleaving is asked for, it returns that instead.
func (w *Words) Related(d *Defect) []analysis.RelatedInformation {
	if report.Witness(w.pass) {
		return w.Steps(d)
	}
	var out []analysis.RelatedInformation
	add := func(pos token.Pos, format string, args ...any) {
		if pos.IsValid() {
			out = append(out, analysis.RelatedInformation{Pos: pos, Message: fmt.Sprintf(format, args...)})
		}
	}
	if d.Made.IsValid() {
		switch d.Op.Kind {
		case build.SiteSend, build.SiteReceive, build.SiteRange, build.SiteClose:
			add(d.Made, "%s is made here", w.Operand(d.Op))
		}
	}
	add(d.Spawn, "the goroutine starts here")
	if d.Kind == Panics && d.By.Instr != nil {
		add(w.Start(d.By), "the channel is closed here")
	}
	if d.Left != nil && d.Kind == Blocked {
		if e, ok := d.branch(); ok {
			add(e.Pos, "%s", map[How]string{TakesCase: "the select takes this case", TakesDefault: "the select takes the default"}[e.How])
		}
		add(d.failedAt, "the test fails here")
		if d.failed() {
			add(w.Start(d.Left.Failed), "the test fails and stops here")
		} else {
			add(d.Left.At, "%s returns here", funcName(d.Left.Fn))
		}
	}
	for _, a := range d.Also {
		add(w.Start(a), "%s is blocked here", w.Operation(a))
	}
	return slices.Compact(out)
}

// ReportBlocked reports the operations of the given kinds that block forever,
// each with the reason in the words of the check.
func ReportBlocked(pass *analysis.Pass, reason func(*Words, *Defect) string, kinds ...build.SiteKind) {
	report.All(pass, BlockedFindings(pass, reason, nil, kinds...))
}

// BlockedFindings returns what [ReportBlocked] reports, with the fixes for each
// if fixes is not nil.
func BlockedFindings(pass *analysis.Pass, reason func(*Words, *Defect) string, fixes func(*Defect) []analysis.SuggestedFix, kinds ...build.SiteKind) []report.Finding {
	res := pass.ResultOf[Analyzer].(*Result)
	words := NewWords(pass, res)
	var out []report.Finding
	defects := res.Blocked(kinds...)
	if report.Wants(pass) >= report.Likely {
		defects = append(defects, res.likelyBlocked(kinds...)...)
	}
	for _, d := range defects {
		f := report.Finding{
			Pos:        words.Start(d.Op),
			Message:    words.Operation(d.Op) + " blocks forever" + reason(words, d) + d.Leaks(),
			Related:    words.Related(d),
			Confidence: d.Confidence,
		}
		if fixes != nil {
			f.Fixes = fixes(d)
		}
		out = append(out, f)
	}
	return out
}
