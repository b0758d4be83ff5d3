package typestate

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// edge returns the fact on the edge from block from to its i-th successor,
// given the fact at the end of from. The result is nil if the edge cannot be
// taken.
func (a *flow) edge(from *ssa.BasicBlock, i int, f *fact) *fact {
	to := from.Succs[i]
	br, ok := last(from).(*ssa.If)
	branches := ok && from.Succs[0] != from.Succs[1]
	if !branches && !hasPhis(to) {
		return f // facts that have left a block are not changed any more
	}
	f = f.clone()
	if branches && !f.assume(br.Cond, i == 0) {
		return nil
	}
	f.phis(to, predIndex(from, i))
	return f
}

func hasPhis(b *ssa.BasicBlock) bool {
	if len(b.Instrs) == 0 {
		return false
	}
	_, ok := b.Instrs[0].(*ssa.Phi)
	return ok
}

// predIndex returns which predecessor of its target the i-th edge out of from
// is.
func predIndex(from *ssa.BasicBlock, i int) int {
	to, skip := from.Succs[i], 0
	for _, s := range from.Succs[:i] {
		if s == to {
			skip++
		}
	}
	for j, p := range to.Preds {
		if p == from {
			if skip == 0 {
				return j
			}
			skip--
		}
	}
	return -1
}

// phis binds the phis of block b on the edge from its j-th predecessor, all at
// once.
func (f *fact) phis(b *ssa.BasicBlock, j int) {
	type binding struct {
		phi *ssa.Phi
		val value
	}
	var bs []binding
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if followed(phi.Type()) && j >= 0 {
			bs = append(bs, binding{phi, f.get(place.Register(phi.Edges[j]))})
		}
	}
	for i, b := range bs {
		if b.val.obj == b.phi {
			continue // the same channel as before
		}
		for k := range bs {
			if k > i && bs[k].val.obj == b.phi {
				bs[k].val.obj = nil
			}
		}
		f.forget(b.phi)
	}
	for _, b := range bs {
		f.put(place.Register(b.phi), b.val)
	}
}

// assume refines f by the condition being true or false, and reports whether
// it can be.
func (f *fact) assume(cond ssa.Value, truth bool) bool {
	switch cond := cond.(type) {
	case *ssa.Const:
		return cond.Value == nil || cond.Value.Kind() != constant.Bool || constant.BoolVal(cond.Value) == truth
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return f.assume(cond.X, !truth)
		}
	case *ssa.BinOp:
		if cond.Op == token.EQL || cond.Op == token.NEQ {
			return f.assumeEqual(cond, truth == (cond.Op == token.EQL))
		}
	case *ssa.Extract:
		f.assumeOK(cond, truth)
	}
	return true
}

func (f *fact) assumeEqual(cond *ssa.BinOp, equal bool) bool {
	x, y := cond.X, cond.Y
	if isNil(x) {
		x, y = y, x
	}
	if isNil(y) {
		if call, ok := x.(*ssa.Call); ok && isRecover(call.Common()) {
			return equal // on the paths that do not panic
		}
		return f.assumeNil(x, equal, cond.Pos())
	}
	if index, ok := x.(*ssa.Extract); ok && index.Index == 0 && equal {
		if sel, ok := index.Tuple.(*ssa.Select); ok {
			if i, ok := constInt(y); ok {
				f.chosen[sel] = int(i)
			}
		}
	}
	return true
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func isRecover(c *ssa.CallCommon) bool {
	b, ok := c.Value.(*ssa.Builtin)
	return ok && b.Name() == "recover"
}

func (f *fact) assumeNil(x ssa.Value, equal bool, pos token.Pos) bool {
	if _, ok := x.Type().Underlying().(*types.Chan); !ok {
		return true
	}
	p := place.Register(x)
	v := f.get(p)
	state := v.state &^ Nil
	if equal {
		state = v.state & Nil
	}
	if state == 0 {
		return false
	}
	f.update(p, func(v value) value {
		if v.state != state {
			v.by = Site{Pos: pos, How: Compared}
		}
		v.state = state
		return v
	})
	return true
}

// assumeOK refines by the second result of a receive: not ok means that the
// channel is closed.
func (f *fact) assumeOK(ok *ssa.Extract, truth bool) {
	if ok.Index != 1 || truth {
		return
	}
	switch recv := ok.Tuple.(type) {
	case *ssa.UnOp:
		if recv.Op == token.ARROW && recv.CommaOk {
			f.drained(recv.X, recv.Pos())
		}
	case *ssa.Select:
		if i, known := f.chosen[recv]; known && i >= 0 && i < len(recv.States) && recv.States[i].Dir == types.RecvOnly {
			f.drained(recv.States[i].Chan, recv.States[i].Pos)
		}
	}
}

func (f *fact) drained(c ssa.Value, pos token.Pos) {
	f.update(place.Register(c), func(v value) value {
		if v.state != Closed {
			v.state, v.by = Closed, Site{Pos: pos, How: Drained}
		}
		return v
	})
}
