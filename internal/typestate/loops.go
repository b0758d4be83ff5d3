package typestate

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// loops is the loop structure of one function.
type loops struct {
	back  map[[2]int]bool // retreating edges of a depth-first walk
	body  map[int][]bool  // header -> blocks of the loop
	exits []bool          // blocks from which the function can end
}

func findLoops(fn *ssa.Function) *loops {
	l := &loops{back: map[[2]int]bool{}, body: map[int][]bool{}}
	n := len(fn.Blocks)
	l.retreating(fn)
	for e := range l.back {
		body := l.body[e[1]]
		if body == nil {
			body = make([]bool, n)
			body[e[1]] = true
			l.body[e[1]] = body
		}
		gather(fn, body, e[0])
	}
	l.exits = make([]bool, n)
	for _, b := range fn.Blocks {
		if len(b.Succs) == 0 {
			gather(fn, l.exits, b.Index)
		}
	}
	return l
}

// gather adds block and all blocks that reach it to set, not looking behind
// those that are in it already.
func gather(fn *ssa.Function, set []bool, block int) {
	work := []int{block}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if set[b] {
			continue
		}
		set[b] = true
		for _, p := range fn.Blocks[b].Preds {
			work = append(work, p.Index)
		}
	}
}

// retreating finds the edges that lead back to a block on the current path.
func (l *loops) retreating(fn *ssa.Function) {
	if len(fn.Blocks) == 0 {
		return
	}
	const (
		onPath = 1
		done   = 2
	)
	state := make([]uint8, len(fn.Blocks))
	type frame struct{ block, next int }
	stack := []frame{{0, 0}}
	state[0] = onPath
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		succs := fn.Blocks[f.block].Succs
		if f.next == len(succs) {
			state[f.block] = done
			stack = stack[:len(stack)-1]
			continue
		}
		s := succs[f.next].Index
		f.next++
		switch state[s] {
		case 0:
			state[s] = onPath
			stack = append(stack, frame{s, 0})
		case onPath:
			l.back[[2]int{f.block, s}] = true
		}
	}
}

// within reports whether b is in a loop.
func (l *loops) within(b *ssa.BasicBlock) bool {
	for _, body := range l.body {
		if body[b.Index] {
			return true
		}
	}
	return false
}

// A counter is a loop condition that only counts: i < n, with i going up by a
// constant, or the condition of a range over a slice, map or string.
type counter struct {
	trips int64 // how often it holds, or -1 if that is not known
}

// countsIn reports whether the If that ends block b is a counter of the loop
// with the given header.
func countsIn(header *ssa.BasicBlock, b *ssa.BasicBlock) (counter, bool) {
	br, ok := last(b).(*ssa.If)
	if !ok {
		return counter{}, false
	}
	switch cond := br.Cond.(type) {
	case *ssa.Extract: // range over a map or string
		_, ok := cond.Tuple.(*ssa.Next)
		return counter{-1}, ok && cond.Index == 0
	case *ssa.BinOp:
		phi, step, start := induction(cond.X)
		if phi == nil || phi.Block() != header || !isInteger(phi.Type()) || !ordering(cond.Op) {
			return counter{}, false
		}
		return counter{tripCount(cond, start, step)}, true
	}
	return counter{}, false
}

func last(b *ssa.BasicBlock) ssa.Instruction {
	if len(b.Instrs) == 0 {
		return nil
	}
	return b.Instrs[len(b.Instrs)-1]
}

func ordering(op token.Token) bool {
	switch op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
		return true
	}
	return false
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// induction sees v as a loop variable, or as one that has just been advanced:
// phi(start, phi+step) or phi+step. start is nil if the initial value is not
// constant.
func induction(v ssa.Value) (phi *ssa.Phi, step int64, start *int64) {
	advanced := int64(0)
	if add, ok := v.(*ssa.BinOp); ok && (add.Op == token.ADD || add.Op == token.SUB) {
		if k, ok := constInt(add.Y); ok {
			advanced = k
			if add.Op == token.SUB {
				advanced = -k
			}
			v = add.X
		}
	}
	phi, ok := v.(*ssa.Phi)
	if !ok {
		return nil, 0, nil
	}
	found := false
	for _, e := range phi.Edges {
		if k, ok := constInt(e); ok && start == nil {
			k += advanced
			start = &k
			continue
		}
		add, ok := e.(*ssa.BinOp)
		if !ok || add.X != phi || add.Op != token.ADD && add.Op != token.SUB {
			continue
		}
		if k, ok := constInt(add.Y); ok {
			step, found = k, true
			if add.Op == token.SUB {
				step = -k
			}
		}
	}
	if !found || step == 0 {
		return nil, 0, nil
	}
	return phi, step, start
}

func constInt(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c.Value)
}

// tripCount returns how often cond holds for start, start+step, …, or -1.
func tripCount(cond *ssa.BinOp, start *int64, step int64) int64 {
	bound, ok := constInt(cond.Y)
	if !ok {
		bound, ok = constLen(cond.Y)
	}
	if !ok || start == nil {
		return -1
	}
	n := int64(0)
	for i := *start; n < 3; i += step {
		holds := false
		switch cond.Op {
		case token.LSS:
			holds = i < bound
		case token.LEQ:
			holds = i <= bound
		case token.GTR:
			holds = i > bound
		case token.GEQ:
			holds = i >= bound
		case token.NEQ:
			holds = i != bound
		}
		if !holds {
			return n
		}
		n++
	}
	return n
}

// constLen returns the value of v if it is the length of a slice literal.
func constLen(v ssa.Value) (int64, bool) {
	call, ok := v.(*ssa.Call)
	if !ok {
		return 0, false
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return 0, false
	}
	slice, ok := call.Call.Args[0].(*ssa.Slice)
	if !ok || slice.Low != nil || slice.High != nil || slice.Max != nil {
		return 0, false
	}
	ptr, ok := slice.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return 0, false
	}
	array, ok := ptr.Elem().Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return array.Len(), true
}
