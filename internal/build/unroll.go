package build

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An iteration is one of a loop whose iterations are built one by one, because
// each handles another element of a slice. The iteration has a frame of its own, in which
// what the loop computes stands for this iteration; so has what follows the
// loop, by the iteration that it was left from.
type iteration struct {
	prev   *frame // of the iteration before, or from which the loop was entered
	header *ssa.BasicBlock
	body   map[*ssa.BasicBlock]bool
	n      int
}

type iterationKey struct {
	prev   *frame
	header *ssa.BasicBlock
	pred   int
}

// unrolls reports whether f stands for an iteration of the loop with this header.
func (f *frame) unrolls(header *ssa.BasicBlock) bool {
	for ; f != nil && f.iter != nil; f = f.iter.prev {
		if f.iter.header == header {
			return true
		}
	}
	return false
}

// home returns the frame in which v was computed: v may come from before the loop.
func (f *frame) home(v ssa.Value) *frame {
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return f
	}
	for f.iter != nil {
		blk := instr.Block()
		if blk == nil || f.iter.body[blk] || !blk.Dominates(f.iter.header) {
			break
		}
		f = f.iter.prev
	}
	return f
}

// iterationOf returns the frame in which the loop with the given header is entered or
// continued from f, or nil if its iterations are not built one by one.
func (b *builder) iterationOf(f *frame, header *ssa.BasicBlock, pred int) *frame {
	body, isLoop := b.loopsIn(f.fn)[header]
	if !isLoop {
		return nil
	}
	k := iterationKey{f, header, pred}
	inside := body[header.Preds[pred]]
	n := 0
	if inside {
		if f.iter == nil || !f.unrolls(header) {
			return nil
		}
		for at := f; at.iter != nil; at = at.iter.prev {
			if at.iter.header == header {
				n = at.iter.n + 1
				break
			}
		}
	} else if !b.unrollable(f, header, body) {
		return nil
	}
	if n > maxElements {
		b.fail(b.root.Pos(), "too large to follow")
		return nil
	}
	nf, ok := b.iterations[k]
	if !ok {
		nf = new(frame)
		b.iterations[k] = nf
	}
	if nf.iter != nil {
		return nf // built already, with other deferred calls
	}
	*nf = *f
	nf.iter = &iteration{prev: f, header: header, body: body, n: n}
	nf.vals, nf.loaded, nf.codes, nf.foreign = nil, nil, nil, nil // those of f
	nf.forget()
	nf.binds = map[ssa.Value]value{}
	for v, got := range f.binds {
		nf.binds[v] = got
	}
	return nf
}

// backTo returns the frame in which a block is reached from f: the head of a loop
// that is not built iteration by iteration stands for all its iterations, whichever
// loops inside it have been gone through on the way.
func (b *builder) backTo(f *frame, to *ssa.BasicBlock) *frame {
	body := b.loopsIn(f.fn)[to]
	for f.iter != nil && !f.iter.body[to] && body[f.iter.header] {
		f = f.iter.prev
	}
	return f
}

// unrollable reports whether the iterations of a loop that is entered from f are
// built one by one: there are few, their number is known, and they handle elements that
// may give access to a primitive.
func (b *builder) unrollable(f *frame, header *ssa.BasicBlock, body map[*ssa.BasicBlock]bool) bool {
	if !handlesElements(header.Parent(), body) {
		return false
	}
	test, ok := header.Instrs[len(header.Instrs)-1].(*ssa.If)
	if !ok || body[header.Succs[0]] == body[header.Succs[1]] {
		return false
	}
	inside := 0
	if body[header.Succs[1]] {
		inside = 1
	}
	trips, ok := b.inductive(f, header, body, test, inside)
	return ok && len(trips.Terms) == 0 && trips.Const <= maxElements
}

// handlesElements reports whether a loop uses elements of followed slices.
func handlesElements(fn *ssa.Function, body map[*ssa.BasicBlock]bool) bool {
	for _, blk := range fn.Blocks {
		if !body[blk] {
			continue
		}
		for _, instr := range blk.Instrs {
			switch instr := instr.(type) {
			case *ssa.IndexAddr:
				if givesAccess(pointee(instr.Type()), 3) {
					return true
				}
			case *ssa.Call:
				if builtin, ok := instr.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "append" && followsSlice(instr.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// bindPhis gives the phis at the head of an iteration what they hold in it: what is
// known by itself is, the rest is in registers.
func (b *builder) bindPhis(c *cursor, from, to *frame, header *ssa.BasicBlock, pred int) {
	for _, instr := range header.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		k := regKey{frame: to, val: phi}
		switch got := b.val(from, phi.Edges[pred]).(type) {
		case unknown:
			b.emitEscape(c, from, phi.Edges[pred])
			to.vals[phi] = unknown{}
			if isChan(phi.Type()) {
				b.poison(k)
			}
		case integer:
			to.vals[phi] = integer{k}
			b.setInt(c, from, k, phi.Edges[pred])
		case ref:
			if b.poisoned[k] {
				to.vals[phi] = unknown{}
				continue
			}
			to.vals[phi] = ref{k}
			b.setRef(c, k, got)
		default:
			to.vals[phi] = got
		}
	}
}

// fold computes sums of known integers, so that the elements of a slice can be told
// apart by their index.
func (b *builder) fold(f *frame, v *ssa.BinOp) value {
	if basic, ok := v.Type().Underlying().(*types.Basic); !ok || basic.Info()&types.IsInteger == 0 {
		return unknown{}
	}
	x, ok := b.val(f, v.X).(literal)
	if !ok {
		return unknown{}
	}
	y, ok := b.val(f, v.Y).(literal)
	switch {
	case !ok:
	case v.Op == token.ADD:
		return x + y
	case v.Op == token.SUB:
		return x - y
	}
	return unknown{}
}
