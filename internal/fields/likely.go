package fields

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/report"
)

const opClose = op.Close

// A Kind is what goes wrong.
type Kind uint8

const (
	DoubleClose    Kind = iota // a channel is closed a second time
	SendClosed                 // a send meets a close
	BlockedReceive             // a receive waits for ever
	BlockedRange               // a range waits for ever
	BlockedSend                // a send waits for ever
)

// A Finding is one defect in words.
type Finding struct {
	Kind Kind
	report.Finding
}

// findLikely returns the likely findings, sorted by position.
func (w *world) findLikely() []Finding {
	out := slices.Concat(w.doubleCloses(), w.sendsOnClosed(), w.lostSignals(), w.endlessRanges(), w.abandonedSends())
	if w.overBudget() {
		return nil
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// Likely reports the likely findings of one kind.
func Likely(pass *analysis.Pass, kind Kind) []report.Finding {
	if report.Wants(pass) < report.Likely {
		return nil
	}
	return of(pass.ResultOf[Analyzer].(*Result).Likely(), kind)
}

// Certain reports the certain findings of one kind.
func Certain(pass *analysis.Pass, kind Kind) []report.Finding {
	return of(pass.ResultOf[Analyzer].(*Result).Certain(), kind)
}

func of(findings []Finding, kind Kind) []report.Finding {
	var out []report.Finding
	for _, f := range findings {
		if f.Kind == kind {
			out = append(out, f.Finding)
		}
	}
	return out
}

// operand spells the channel of a site.
func (w *world) operand(s *Site) string { return w.source.Chan(s.Pos) }

// start is where a report on the site stands.
func (w *world) start(s *Site) token.Pos { return w.startOf(s.Pos) }

func (w *world) startOf(pos token.Pos) token.Pos {
	if n := w.source.Node(pos); n != nil {
		return n.Pos()
	}
	return pos
}

// where is the position of an instruction that has one.
func (w *world) where(instr ssa.Instruction) token.Pos {
	if call, ok := instr.(ssa.CallInstruction); ok {
		if pos := w.startOf(call.Common().Pos()); pos.IsValid() {
			return pos
		}
	}
	if instr.Pos().IsValid() {
		return instr.Pos()
	}
	if br, ok := instr.(*ssa.If); ok {
		return br.Cond.Pos()
	}
	return token.NoPos
}

// line names a position for a reader of the site.
func (w *world) line(s *Site, pos token.Pos) string { return report.Line(w.pass, w.start(s), pos) }

// name names a function as its author would.
func name(fn *ssa.Function) string {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn.Name()
}

// finding makes a likely finding at a site.
func (w *world) finding(kind Kind, s *Site, related []analysis.RelatedInformation, format string, args ...any) Finding {
	what := "close of closed channel"
	if kind == SendClosed {
		what = "send on closed channel"
	}
	return Finding{kind, report.Finding{
		Pos:        w.start(s),
		Message:    fmt.Sprintf("%s: %s %s", what, w.operand(s), fmt.Sprintf(format, args...)),
		Related:    related,
		Confidence: report.Likely,
	}}
}

func note(pos token.Pos, text string) analysis.RelatedInformation {
	return analysis.RelatedInformation{Pos: pos, Message: text}
}
