package fields

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/source"
)

// abandonedSends returns the sends on fields with no buffer, or one of one, that
// have no other way out, although all who receive have one: each receive stands in a select of
// a loop, beside a case that leaves the loop for good. Whoever sends after that
// waits for ever.
func (w *world) abandonedSends() []Finding {
	if w.opaque() {
		return nil
	}
	var out []Finding
	for field, l := range w.lives() {
		if len(l.makes) == 0 || !fewSlots(l.makes) || l.rights&(mayReceive|mayStore) != 0 || source.InIgnoredFiles(w.pass, field.Name()) {
			continue
		}
		receivers := w.leavers(l)
		if len(receivers) == 0 {
			continue
		}
		for _, s := range w.sites {
			if s.Class != (Class{Field: field}) || s.Kind != op.Send || s.InSelect() || s.Fresh || w.inTest(s.Fn) {
				continue
			}
			if r := receivers[0]; w.mayOutlive(s, r) {
				out = append(out, w.abandoned(s, r))
			}
		}
	}
	return out
}

// fewSlots reports whether all channels have room for at most one message.
func fewSlots(makes []*ssa.MakeChan) bool {
	return !slices.ContainsFunc(makes, func(m *ssa.MakeChan) bool {
		k, ok := m.Size.(*ssa.Const)
		return !ok || k.Int64() > 1
	})
}

// A leaver is a receive in a loop that another case of its select leaves.
type leaver struct {
	op.Op
	exit op.Op // the other case
}

// leavers returns the receives of a life outside of tests if all of them may
// leave; nil otherwise.
func (w *world) leavers(l *life) []leaver {
	var out []leaver
	for _, o := range l.ops {
		if o.Kind != op.Receive || w.inTest(o.Instr.Parent()) {
			continue
		}
		sel, ok := o.Instr.(*ssa.Select)
		if !ok || !inLoop(sel) {
			return nil
		}
		exit, ok := w.exitOf(sel, o)
		if !ok {
			return nil
		}
		out = append(out, leaver{o, exit})
	}
	return out
}

// exitOf returns the receive of a select, other than o, after which control does
// not come back to it. What comes from a timer is no exit: it is not the end.
func (w *world) exitOf(sel *ssa.Select, o op.Op) (op.Op, bool) {
	for other := range op.Of(sel) {
		if other.Kind != op.Receive || other.Case == o.Case || !isSignalType(other.Chan.Type()) {
			continue
		}
		if blk := caseBlock(sel, other.Case); blk != nil && blk != sel.Block() && !w.after(blk)[sel.Block().Index] {
			return other, true
		}
	}
	return op.Op{}, false
}

// caseBlock returns the block that a select goes to when it has chosen the case.
func caseBlock(sel *ssa.Select, index int) *ssa.BasicBlock {
	for _, ref := range *sel.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 0 {
			continue
		}
		for _, use := range *ext.Referrers() {
			eq, ok := use.(*ssa.BinOp)
			if !ok || eq.Op != token.EQL {
				continue
			}
			k, ok := eq.Y.(*ssa.Const)
			if !ok || int(k.Int64()) != index {
				continue
			}
			if br, ok := last(eq.Block()).(*ssa.If); ok && br.Cond == eq {
				return br.Block().Succs[0]
			}
		}
	}
	return nil
}

// mayOutlive reports whether the send may come when the receiver has left: they
// are not of one goroutine, nothing that the send is under has to do with the
// receiver's end, and no lock or lifetime orders them.
func (w *world) mayOutlive(s *Site, r leaver) bool {
	fn := r.Instr.Parent()
	if s.Fn == fn || w.sameGoroutine(s.Fn, fn) || !slices.ContainsFunc(w.roots(s.Fn), func(r root) bool { return r.kind != process }) {
		return false
	}
	q, _ := w.classOf(r.exit.Chan)
	if w.asks(s.Instr, keys{q.closed(): true, canceled: true}, maxCallers) {
		return false
	}
	for _, c := range w.ends(q) {
		if w.asks(s.Instr, w.changes(c.Instr), maxCallers) {
			return false // who sends looks whether it is over
		}
		end := &Site{Op: c.Op, Class: s.Class, Fn: c.Fn}
		for _, root := range w.roots(s.Fn) {
			if root.kind == goroutine && w.joined(root, end) {
				return false
			}
		}
		if w.mutuallyOrdered(s, c) {
			return false
		}
	}
	return true
}

// ends returns the sites that make the receivers of a channel of the class leave: those
// that close it, and those that send on it.
func (w *world) ends(q Class) []*Site {
	if !q.valid() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.sites), func(s *Site) bool {
		return s.Class != q || s.Kind != opClose && s.Kind != op.Send || s.Store || s.Fresh || w.inTest(s.Fn)
	})
}

// asks reports whether a condition on one of the keys stands above the
// instruction, there or at all who call its function.
func (w *world) asks(instr ssa.Instruction, of keys, depth int) bool {
	for _, g := range w.guards(instr) {
		if !waitsForCase(g) && g.keys.meets(of) {
			return true
		}
	}
	callers := w.callersOf(instr.Parent())
	if depth == 0 || len(callers) == 0 || w.entersFromOutside(instr.Parent()) {
		return false
	}
	for _, e := range callers {
		if e.mode == handedOn || !w.asks(e.at, of, depth-1) {
			return false
		}
	}
	return true
}

// waitsForCase reports whether g is what a select without a default has chosen:
// that it was another case does not say that the end has not come meanwhile.
func waitsForCase(g guard) bool {
	eq, ok := g.branch.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	index, ok := eq.X.(*ssa.Extract)
	if !ok {
		return false
	}
	sel, ok := index.Tuple.(*ssa.Select)
	return ok && sel.Blocking && index.Index == 0
}

// abandoned makes the finding.
func (w *world) abandoned(s *Site, r leaver) Finding {
	at := w.startOf(r.exit.Pos)
	return Finding{BlockedSend, report.Finding{
		Pos: w.start(s),
		Message: fmt.Sprintf("send on %s may block forever: %s stops receiving when %s is ready at %s, and this send has no other case",
			w.operand(s), name(r.Instr.Parent()), w.source.Chan(r.exit.Pos), w.line(s, at)),
		Related:    []analysis.RelatedInformation{note(w.startOf(r.Pos), "the only kind of receive"), note(at, "the case that leaves")},
		Confidence: report.Likely,
	}}
}
