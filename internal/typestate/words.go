package typestate

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/place"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/source"
)

// Words speaks about the findings of one package in the terms of its source.
type Words struct {
	pass  *analysis.Pass
	index *source.Index
	world *place.World
}

// NewWords indexes the syntax of a package that has findings.
func NewWords(pass *analysis.Pass, res *Result) *Words {
	return &Words{pass, source.NewIndex(pass.Files), res.world}
}

// Operand returns the channel of an operation as the source spells it where
// the operation stands.
func (w *Words) Operand(s Site) string { return w.index.Chan(s.innermost()) }

// Line names the position of there for a reader at here.
func (w *Words) Line(here, there Site) string { return report.Line(w.pass, here.Pos, there.Pos) }

// Variable returns the variable or field that holds the channel of an
// operation, or nil if the operand is another expression.
func (w *Words) Variable(s Site) *types.Var {
	var id *ast.Ident
	switch e := ast.Unparen(w.index.Operand(s.innermost())).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	v, _ := w.pass.TypesInfo.Uses[id].(*types.Var)
	return v
}

// Through returns a phrase for the call that leads to the operation, which the
// verb names, or nothing if it stands there itself.
func (w *Words) Through(s Site, verb string) string {
	if s.Callee == nil || s.inLiteral() {
		if s.How == Deferred {
			return " when this deferred call runs"
		}
		return ""
	}
	name := s.Callee.Name()
	if s.Callee.Parent() != nil {
		name = "the function literal"
	}
	return fmt.Sprintf(" when %s %s it at %s", name, verb, report.Line(w.pass, s.Pos, s.Inner))
}

// ClosedBy returns a phrase that says why the channel of f is closed.
func (w *Words) ClosedBy(f Finding) string {
	already := "is already"
	if !f.Certain {
		already = "may already be"
	}
	switch {
	case f.Loop && f.By.How == Spawned:
		return "is closed by a goroutine of every iteration"
	case f.Loop && f.Defect == SendClosed:
		return fmt.Sprintf("is already closed at %s by the iteration before", w.Line(f.At, f.By))
	case f.Loop:
		return "is closed again by the next iteration of the loop"
	case f.By.How == Spawned:
		return fmt.Sprintf("may already be closed by the goroutine started at %s", w.Line(f.At, f.By))
	case f.By.How == Drained:
		return fmt.Sprintf("%s closed when the receive at %s ends", already, w.Line(f.At, f.By))
	case f.By.How == Deferred:
		return fmt.Sprintf("%s closed by the deferred call at %s", already, w.Line(f.At, f.By))
	}
	return fmt.Sprintf("%s closed at %s", already, w.Line(f.At, f.By))
}

// NilBecause returns a phrase that says why the channel of f is nil.
func (w *Words) NilBecause(f Finding, before string) string {
	v := w.Variable(f.At)
	switch {
	case f.At.Callee != nil && !f.At.inLiteral():
		return "is nil in this call of " + f.At.Callee.Name()
	case f.By.How == Compared && f.By.Valid():
		return fmt.Sprintf("is nil by the comparison at %s", w.Line(f.At, f.By))
	case w.neverAssigned(v):
		return fmt.Sprintf("is declared at %s and never assigned", report.Line(w.pass, f.At.Pos, v.Pos()))
	case v != nil && !f.Certain:
		return fmt.Sprintf("is declared at %s and may not be assigned before this %s", report.Line(w.pass, f.At.Pos, v.Pos()), before)
	}
	return "is nil on every path to this " + before
}

// neverAssigned reports whether v is a variable or field that nothing is ever
// assigned to.
func (w *Words) neverAssigned(v *types.Var) bool {
	return v != nil && v.Kind() != types.ParamVar && v.Kind() != types.RecvVar && !w.world.Assigned(v)
}

// Related returns the other positions of f: what closed the channel, and where
// the operation itself stands if a call leads to it. If the whole interleaving is
// asked for, it returns that instead.
func (w *Words) Related(f Finding, by string) []analysis.RelatedInformation {
	if report.Witness(w.pass) {
		return w.steps(f)
	}
	var out []analysis.RelatedInformation
	add := func(pos token.Pos, message string) {
		if pos.IsValid() {
			out = append(out, analysis.RelatedInformation{Pos: pos, Message: message})
		}
	}
	add(f.By.Pos, by)
	if f.By.Inner.IsValid() && f.By.Callee != nil {
		add(f.By.Inner, by+", in "+f.By.Callee.Name())
	}
	if f.At.Inner.IsValid() && f.At.Callee != nil && !f.At.inLiteral() {
		add(f.At.Inner, "the operation, in "+f.At.Callee.Name())
	}
	if v := w.Variable(f.At); v != nil && !f.By.Valid() {
		add(v.Pos(), v.Name()+" is declared here")
	}
	return out
}

// Start returns where a finding belongs: the beginning of the statement or
// expression that is the operation, or the call that leads to it. An operation
// in a function literal stands for itself.
func (w *Words) Start(s Site) token.Pos {
	pos := s.Pos
	if s.inLiteral() {
		pos = s.Inner
	}
	if n := w.index.Node(pos); n != nil {
		return n.Pos()
	}
	return pos
}

// inLiteral reports whether the operation stands in a function literal that is
// called directly.
func (s Site) inLiteral() bool {
	if s.Callee == nil || s.Callee.Parent() == nil || s.Callee.Syntax() == nil {
		return false
	}
	n := s.Callee.Syntax()
	return n.Pos() <= s.Inner && s.Inner < n.End()
}

// Receive names a receive by its syntax.
func (w *Words) Receive(s Site) string {
	if _, ok := w.index.Node(s.innermost()).(*ast.RangeStmt); ok {
		return "range over"
	}
	return "receive from"
}

// First drops all but the first of the findings on a variable or field that
// nothing is ever assigned to: however often it is used, the defect is one. It
// drops that one as well if a file that is not part of this build, for another
// operating system say, mentions the name.
func (w *Words) First(findings []Finding) []Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int { return cmp.Compare(w.Start(a.At), w.Start(b.At)) })
	seen := map[*types.Var]bool{}
	return slices.DeleteFunc(sorted, func(f Finding) bool {
		v := w.Variable(f.At)
		if !w.neverAssigned(v) {
			return false
		}
		again := seen[v] || v.Kind() != types.LocalVar && source.InIgnoredFiles(w.pass, v.Name())
		seen[v] = true
		return again
	})
}
