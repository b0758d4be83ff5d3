package fields

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/source"
)

// lostSignals returns the receives of goroutines that read a field anew in
// every round of a loop, although the function that closes the channel sets the
// field to nil afterwards: who comes too late waits for a nil channel.
func (w *world) lostSignals() []Finding {
	var out []Finding
	for _, c := range w.closes() {
		reset := w.resetAfter(c)
		if reset == nil {
			continue
		}
		for _, r := range w.sites {
			if r.Class != c.Class || r.Kind != op.Receive || r.Fn == c.Fn || w.inTest(r.Fn) || !w.rereads(r) || w.sameGoroutine(r.Fn, c.Fn) || w.awaited(r, reset) {
				continue
			}
			at := w.where(reset)
			out = append(out, Finding{BlockedReceive, report.Finding{
				Pos:        w.start(r),
				Message:    fmt.Sprintf("receive from %s may block forever: %s sets it to nil at %s after the close, and this loop reads it again", w.operand(r), name(c.Fn), w.line(r, at)),
				Related:    []analysis.RelatedInformation{note(w.start(c), "the close"), note(at, "nil is stored here")},
				Confidence: report.Likely,
			}})
		}
	}
	return out
}

// awaited reports whether the store waits for the end of the goroutines that run
// the receive.
func (w *world) awaited(r *Site, reset ssa.Instruction) bool {
	return slices.ContainsFunc(w.roots(r.Fn), func(o root) bool {
		return o.kind == goroutine && w.waits(o, reset, r.Class, maxCallers, map[*ssa.Function]bool{})
	})
}

// resetAfter returns the store of nil to the field that follows the close.
func (w *world) resetAfter(c *Site) ssa.Instruction {
	for _, s := range w.sites {
		if s.Class == c.Class && s.Store && s.Nil && s.Fn == c.Fn && w.reaches(c.Instr, s.Instr) {
			return s.Instr
		}
	}
	return nil
}

// rereads reports whether a receive stands in a loop of a goroutine, and loads
// the field there each time without looking whether it is nil.
func (w *world) rereads(r *Site) bool {
	ld, ok := r.Chan.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL || !inLoop(ld) || !inLoop(r.Instr) {
		return false
	}
	if refs := ld.Referrers(); refs == nil || slices.ContainsFunc(*refs, func(i ssa.Instruction) bool { _, ok := i.(*ssa.BinOp); return ok }) {
		return false
	}
	for _, g := range w.guards(r.Instr) {
		if g.keys[key{field: r.Class.Field}] {
			return false
		}
	}
	return slices.ContainsFunc(w.roots(r.Fn), func(o root) bool { return o.kind == goroutine })
}

// endlessRanges returns the ranges over fields that nothing closes, in types
// that have an end: a method closes another of their channels.
func (w *world) endlessRanges() []Finding {
	if w.opaque() {
		return nil
	}
	lives := w.lives()
	var out []Finding
	for field, l := range lives {
		if len(l.makes) == 0 || l.has(op.Close) || l.rights&(maySend|mayStore) != 0 || !l.has(op.Send) || source.InIgnoredFiles(w.pass, field.Name()) {
			continue
		}
		end := w.endOf(field, lives)
		if end == nil {
			continue
		}
		for _, o := range l.ops {
			if _, ok := w.source.Node(o.Pos).(*ast.RangeStmt); !ok || w.inTest(o.Instr.Parent()) {
				continue
			}
			s := &Site{Op: o, Class: Class{Field: field}, Fn: o.Instr.Parent()}
			if !slices.ContainsFunc(w.roots(s.Fn), func(r root) bool { return r.kind == goroutine }) {
				continue
			}
			at := w.where(end)
			out = append(out, Finding{BlockedRange, report.Finding{
				Pos:        w.start(s),
				Message:    fmt.Sprintf("range over %s never ends: nothing closes it, as %s closes %s at %s", w.operand(s), name(end.Parent()), w.source.Chan(end.(ssa.CallInstruction).Common().Pos()), w.line(s, at)),
				Related:    []analysis.RelatedInformation{note(at, "the other close"), note(field.Pos(), "the field is declared here")},
				Confidence: report.Likely,
			}})
		}
	}
	return out
}

// endOf returns the close of another field of the struct that field belongs to,
// by a method that others can call.
func (w *world) endOf(field *types.Var, lives map[*types.Var]*life) ssa.Instruction {
	var found ssa.Instruction
	for _, sibling := range siblings(w.pass.Pkg, field) {
		l := lives[sibling]
		if l == nil || sibling == field {
			continue
		}
		for _, o := range l.ops {
			fn := o.Instr.Parent()
			if o.Kind == op.Close && !w.inTest(fn) && slices.ContainsFunc(w.roots(fn), func(r root) bool { return r.kind == outside }) &&
				(found == nil || o.Instr.Pos() < found.Pos()) {
				found = o.Instr
			}
		}
	}
	return found
}

// siblings returns the fields of the struct type of pkg that field belongs to.
func siblings(pkg *types.Package, field *types.Var) []*types.Var {
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		st, ok := tn.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		if all := slices.Collect(st.Fields()); slices.Contains(all, field) {
			return all
		}
	}
	return nil
}
