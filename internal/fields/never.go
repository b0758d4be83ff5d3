package fields

import (
	"cmp"
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

// oneSided returns the operations whose other side stands nowhere: a receive
// from a channel that nothing sends on or closes, a send on one that nothing
// receives from.
func (w *world) oneSided() []Finding {
	if w.opaque() {
		return nil
	}
	w.source = source.NewIndex(w.pass.Files)
	var out []Finding
	for field, l := range w.lives() {
		if len(l.makes) == 0 || l.rights&mayStore != 0 || source.InIgnoredFiles(w.pass, field.Name()) {
			continue
		}
		for _, o := range l.ops {
			if w.inTest(o.Instr.Parent()) || o.InSelect() {
				continue
			}
			switch {
			case o.Kind == op.Receive && !l.has(op.Send) && !l.has(op.Close) && l.rights&maySend == 0:
				out = append(out, w.blocked(o, field, l, "sends on or closes"))
			case o.Kind == op.Send && !l.has(op.Receive) && l.rights&mayReceive == 0 && unbuffered(l.makes):
				out = append(out, w.blocked(o, field, l, "receives from"))
			}
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return cmp.Compare(a.Pos, b.Pos) })
	return out
}

// opaque reports whether code that is not seen may reach into structs.
func (w *world) opaque() bool {
	return slices.ContainsFunc(w.pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == "unsafe" || p.Path() == "runtime/cgo" || p.Path() == "C"
	})
}

// unbuffered reports whether all channels have no buffer.
func unbuffered(makes []*ssa.MakeChan) bool {
	return !slices.ContainsFunc(makes, func(m *ssa.MakeChan) bool {
		k, ok := m.Size.(*ssa.Const)
		return !ok || k.Int64() != 0
	})
}

// blocked makes the finding that an operation blocks forever.
func (w *world) blocked(o op.Op, field *types.Var, l *life, lacks string) Finding {
	kind, what := BlockedReceive, "receive from"
	if o.Kind == op.Send {
		kind, what = BlockedSend, "send on"
	} else if _, ok := w.source.Node(o.Pos).(*ast.RangeStmt); ok {
		kind, what = BlockedRange, "range over"
	}
	return Finding{kind, report.Finding{
		Pos:     w.startOf(o.Pos),
		Message: fmt.Sprintf("%s %s blocks forever: nothing %s %[2]s", what, w.source.Chan(o.Pos), lacks),
		Related: []analysis.RelatedInformation{note(madeAt(l), "the channel is made here"), note(field.Pos(), "the field is declared here")},
	}}
}

// madeAt returns where the first of the channels is made.
func madeAt(l *life) token.Pos {
	pos := l.makes[0].Pos()
	for _, m := range l.makes {
		pos = min(pos, m.Pos())
	}
	return pos
}
