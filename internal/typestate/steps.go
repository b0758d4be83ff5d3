package typestate

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/report"
)

// steps tells the short way to f as an interleaving of one goroutine or two.
func (w *Words) steps(f Finding) []analysis.RelatedInformation {
	var out []analysis.RelatedInformation
	fn := outermost(f.Instr.Parent()).Name()
	add := func(pos token.Pos, step report.Step) {
		if pos.IsValid() {
			out = append(out, analysis.RelatedInformation{Pos: pos, Message: step.String()})
		}
	}
	here := func(pos token.Pos, format string, args ...any) {
		add(pos, report.Step{Goroutine: 1, Name: fn, Text: fmt.Sprintf(format, args...)})
	}
	before := w.before(f)
	switch {
	case !f.By.Valid():
		if v := w.Variable(f.At); v != nil {
			here(v.Pos(), declares(v)+" %s, which is nil", v.Name())
		}
	case f.By.How == Spawned:
		here(f.By.Pos, "starts goroutine 2")
		at := f.By.Inner
		if !at.IsValid() {
			at = f.By.Pos
		}
		add(at, report.Step{Goroutine: 2, Name: "started at " + w.Line(f.At, f.By), Text: before})
	case f.By.Callee != nil && f.By.Inner.IsValid() && !f.By.inLiteral():
		here(f.By.Pos, "calls %s", f.By.Callee.Name())
		here(f.By.Inner, "%s", before)
	default:
		here(w.Start(f.By), "%s", before)
	}
	if f.At.How == Spawned && f.At.Inner.IsValid() {
		here(f.At.Pos, "starts goroutine 3")
		add(f.At.Inner, report.Step{Goroutine: 3, Name: "started at " + report.Line(w.pass, f.By.Pos, f.At.Pos), Text: w.outcome(f)})
		return out
	}
	if f.At.Callee != nil && f.At.Inner.IsValid() && !f.At.inLiteral() {
		here(f.At.Pos, "calls %s", f.At.Callee.Name())
		here(f.At.Inner, "%s", w.outcome(f))
		return out
	}
	here(w.Start(f.At), "%s", w.outcome(f))
	return out
}

// declares returns the verb for a position at which v is declared.
func declares(v *types.Var) string {
	if v.Kind() == types.LocalVar {
		return "declares"
	}
	return "uses"
}

// before says what has made the operation fail.
func (w *Words) before(f Finding) string {
	if f.Defect == DoubleClose || f.Defect == SendClosed {
		if f.By.How == Deferred {
			return "closes " + w.Operand(f.By) + " in a deferred call"
		}
		if f.By.How == Drained {
			return "finds " + w.Operand(f.By) + " closed"
		}
		return "closes " + w.Operand(f.By)
	}
	if f.By.How == Compared {
		return "finds " + w.Operand(f.At) + " to be nil"
	}
	return "stores nil in " + w.Operand(f.At)
}

// outcome says how the operation fails.
func (w *Words) outcome(f Finding) string {
	switch f.Defect {
	case DoubleClose:
		return "panics: close of closed channel"
	case SendClosed:
		return "panics: send on closed channel"
	case CloseNil:
		return "panics: close of nil channel"
	case NilSend:
		return "send on " + w.Operand(f.At) + " blocks forever"
	}
	return w.Receive(f.At) + " " + w.Operand(f.At) + " blocks forever"
}

// outermost returns the declared function that fn stands in.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}
