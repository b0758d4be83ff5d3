package build

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// A loop is a natural loop whose number of iterations the model counts: at
// most that many, since a break or return may end it earlier.
type loop struct {
	body    map[*ssa.BasicBlock]bool
	test    *ssa.If
	inside  int // the successor of test that stays in the loop
	counter regKey
	trips   model.Expr
}

// loopsOf returns the counted loops of f's function by the block of their test.
func (b *builder) loopsOf(f *frame) map[*ssa.BasicBlock]*loop {
	if f.loops != nil {
		return f.loops
	}
	f.loops = map[*ssa.BasicBlock]*loop{}
	loops := naturalLoops(f.fn)
	for _, header := range f.fn.Blocks {
		if f.unrolls(header) {
			continue
		}
		body := loops[header]
		for _, blk := range f.fn.Blocks {
			test, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
			if !ok || !body[blk] {
				continue
			}
			in0, in1 := body[blk.Succs[0]], body[blk.Succs[1]]
			if in0 == in1 {
				continue
			}
			l := &loop{body: body, test: test, counter: regKey{frame: f, val: test.Cond, path: "trips"}}
			if in1 {
				l.inside = 1
			}
			trips, ok := b.inductive(f, header, body, test, l.inside)
			if !ok && blk == header && !b.failsWithin(f, header, l) {
				trips, ok = b.uncounted(f, test)
			}
			if ok {
				l.trips = trips
				for _, t := range trips.Terms {
					b.trips[t.Var] = true
				}
				f.loops[blk] = l
			}
		}
	}
	return f.loops
}

func (b *builder) loopTest(f *frame, instr *ssa.If) *loop { return b.loopsOf(f)[instr.Block()] }

// enterLoops sets the counters of the loops that an edge enters.
func (b *builder) enterLoops(c *cursor, f *frame, from, to *ssa.BasicBlock) {
	for _, blk := range f.fn.Blocks {
		if l := b.loopsOf(f)[blk]; l != nil && l.body[to] && !l.body[from] {
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(l.counter), Expr: l.trips}, 1)
		}
	}
}

// naturalLoops returns the body of each natural loop by its header. Loops with
// the same header are one.
func naturalLoops(fn *ssa.Function) map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool {
	loops := map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool{}
	for _, n := range fn.Blocks {
		for _, h := range n.Succs {
			if !h.Dominates(n) {
				continue
			}
			body := loops[h]
			if body == nil {
				body = map[*ssa.BasicBlock]bool{h: true}
				loops[h] = body
			}
			stack := []*ssa.BasicBlock{n}
			for len(stack) > 0 {
				x := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if !body[x] {
					body[x] = true
					stack = append(stack, x.Preds...)
				}
			}
		}
	}
	return loops
}

// inductive returns how often the test of a loop lets it go on, if it compares
// a variable that every iteration changes by one with a number that the loop
// does not change.
func (b *builder) inductive(f *frame, header *ssa.BasicBlock, body map[*ssa.BasicBlock]bool, test *ssa.If, inside int) (model.Expr, bool) {
	cmp, ok := test.Cond.(*ssa.BinOp)
	if !ok {
		return model.Expr{}, false
	}
	op := cmp.Op
	if inside == 1 {
		op = negated(op)
	}
	x, y := cmp.X, cmp.Y
	first, step, ok := b.induction(f, x, header, body)
	if !ok {
		first, step, ok = b.induction(f, y, header, body)
		if !ok {
			return model.Expr{}, false
		}
		x, y = y, x
		op = mirrored(op)
	}
	if !invariant(y, body) {
		return model.Expr{}, false
	}
	limit, ok := b.expr(f, y, 0)
	if !ok {
		return model.Expr{}, false
	}
	switch {
	case step == 1 && (op == token.LSS || op == token.NEQ):
		return sum(limit, first, -1), true
	case step == 1 && op == token.LEQ:
		return sum(sum(limit, first, -1), fixed(1), 1), true
	case step == -1 && (op == token.GTR || op == token.NEQ):
		return sum(first, limit, -1), true
	case step == -1 && op == token.GEQ:
		return sum(sum(first, limit, -1), fixed(1), 1), true
	}
	return model.Expr{}, false
}

// invariant reports whether v is the same in every iteration of a loop. A length
// counts as such: what it is read from has a version of its own.
func invariant(v ssa.Value, body map[*ssa.BasicBlock]bool) bool {
	if in, ok := v.(ssa.Instruction); !ok || !body[in.Block()] || isLen(v) {
		return true
	}
	sum, ok := v.(*ssa.BinOp)
	return ok && invariant(sum.X, body) && invariant(sum.Y, body)
}

func isLen(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	builtin, ok := call.Call.Value.(*ssa.Builtin)
	return ok && builtin.Name() == "len"
}

// induction returns the value of v at its first test and its step, if v is a
// phi of the header that each iteration changes by one, or that plus the step.
func (b *builder) induction(f *frame, v ssa.Value, header *ssa.BasicBlock, body map[*ssa.BasicBlock]bool) (first model.Expr, step int, ok bool) {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		return b.sharedInduction(f, load.X, header, body)
	}
	phi, isPhi := v.(*ssa.Phi)
	offset := 0
	if !isPhi {
		base, d, ok := increment(v)
		if !ok {
			return first, 0, false
		}
		if phi, isPhi = base.(*ssa.Phi); !isPhi {
			return first, 0, false
		}
		offset = d
	}
	if phi.Block() != header {
		return first, 0, false
	}
	var init ssa.Value
	for i, e := range phi.Edges {
		if body[header.Preds[i]] {
			base, d, ok := increment(e)
			if !ok || base != phi || step != 0 && d != step {
				return first, 0, false
			}
			step = d
		} else if init != nil && init != e {
			return first, 0, false
		} else {
			init = e
		}
	}
	if init == nil || offset != 0 && offset != step {
		return first, 0, false
	}
	first, ok = b.expr(f, init, 0)
	return sum(first, fixed(offset), 1), step, ok
}

// sharedInduction is induction for the variable of a for clause that a closure
// captures: each iteration has a variable of its own, which starts as a copy of
// the one before and is then changed by one.
func (b *builder) sharedInduction(f *frame, v ssa.Value, header *ssa.BasicBlock, body map[*ssa.BasicBlock]bool) (first model.Expr, step int, ok bool) {
	phi, ok := v.(*ssa.Phi)
	if !ok || phi.Block() != header || !onlyRead(phi) {
		return first, 0, false
	}
	var init ssa.Value
	for i, e := range phi.Edges {
		stores, ok := storesTo(e)
		if !ok {
			return first, 0, false
		}
		if !body[header.Preds[i]] {
			if len(stores) != 1 || init != nil {
				return first, 0, false
			}
			init = stores[0].Val
			continue
		}
		if len(stores) != 2 || !isLoad(stores[0].Val, phi) {
			return first, 0, false
		}
		base, d, ok := increment(stores[1].Val)
		if !ok || !isLoad(base, e) || step != 0 && d != step {
			return first, 0, false
		}
		step = d
	}
	if init == nil {
		return first, 0, false
	}
	first, ok = b.expr(f, init, 0)
	return first, step, ok
}

// onlyRead reports whether the variable at addr is read and never written, here
// and in the closures that capture it.
func onlyRead(addr ssa.Value) bool {
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, bind := range use.Bindings {
				if bind == addr && !onlyRead(use.Fn.(*ssa.Function).FreeVars[i]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// storesTo returns the stores to a new variable, in order, if nothing else is
// done with it but to read it and to pass it on to a phi.
func storesTo(addr ssa.Value) ([]*ssa.Store, bool) {
	if _, ok := addr.(*ssa.Alloc); !ok {
		return nil, false
	}
	var stores []*ssa.Store
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.Phi:
		case *ssa.Store:
			if use.Val == addr {
				return nil, false
			}
			stores = append(stores, use)
		default:
			return nil, false
		}
	}
	return stores, true
}

func isLoad(v, addr ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && load.X == addr
}

// increment returns the operand of v = base ± 1.
func increment(v ssa.Value) (base ssa.Value, step int, ok bool) {
	bin, ok := v.(*ssa.BinOp)
	if !ok {
		return nil, 0, false
	}
	k, ok := bin.Y.(*ssa.Const)
	if !ok || k.Value == nil || !isInteger(k.Type()) || k.Int64() != 1 {
		return nil, 0, false
	}
	switch bin.Op {
	case token.ADD:
		return bin.X, 1, true
	case token.SUB:
		return bin.X, -1, true
	}
	return nil, 0, false
}

func negated(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GEQ
	case token.GEQ:
		return token.LSS
	case token.GTR:
		return token.LEQ
	case token.LEQ:
		return token.GTR
	case token.EQL:
		return token.NEQ
	case token.NEQ:
		return token.EQL
	}
	return token.ILLEGAL
}

func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.GTR:
		return token.LSS
	case token.LEQ:
		return token.GEQ
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// uncounted gives a loop whose test the model does not understand, but which
// only the environment decides, a number of iterations of its own: the length
// of a map or string, or a new variable.
func (b *builder) uncounted(f *frame, test *ssa.If) (model.Expr, bool) {
	cond := test.Cond
	if ext, ok := cond.(*ssa.Extract); ok {
		if next, ok := ext.Tuple.(*ssa.Next); ok {
			if rng, ok := next.Iter.(*ssa.Range); ok {
				return b.length(f, rng.X, 0)
			}
		}
		if _, ok := ext.Tuple.(*ssa.UnOp); ok {
			return model.Expr{}, false // range over a channel
		}
	}
	if cmp, ok := cond.(*ssa.BinOp); ok && isConst(cmp.X) && strings.HasPrefix(test.Block().Succs[0].Comment, "rangeint.") {
		return model.Expr{}, false // the first test of an inner loop that never comes round
	}
	got, ok := b.val(f, cond).(integer)
	if !ok || got.reg != (regKey{frame: f, val: cond}) {
		return model.Expr{}, false
	}
	if call, ok := cond.(*ssa.Call); ok && call.Call.Signature().Params().Len() == 0 && !b.isOwn(&call.Call) {
		return b.variable(varKey{frame: f, val: cond, path: "#trips"}, "trips"), true // an iterator: rows.Next()
	}
	code := b.provenance(f, cond, 0)
	if _, ok := cond.(*ssa.Phi); ok || code == unknownOpaque || b.likely && code == unknownFlag {
		return model.Expr{}, false
	}
	return b.variable(varKey{frame: f, val: cond, path: "#trips"}, "trips"), true
}

// isOwn reports whether a call is one of a method of this package: how often it says
// yes may depend on what its goroutines do.
func (b *builder) isOwn(call *ssa.CallCommon) bool {
	fn := call.StaticCallee()
	return fn != nil && fn.Blocks != nil && isMethod(call)
}

// failsWithin reports whether the test stands in the body of a loop without a
// condition of its own, for { }, and asks whether a call has failed, which the way
// out tells others: it may fail in any iteration, the first included. How often a
// loop comes round that just ends then is a number like any other, as what it
// accepts is what others have sent.
func (b *builder) failsWithin(f *frame, header *ssa.BasicBlock, l *loop) bool {
	cmp, ok := l.test.Cond.(*ssa.BinOp)
	return ok && header.Comment == "for.body" && isError(cmp.X.Type()) && b.provenance(f, cmp, 0) == unknownFree &&
		communicates(l.test.Block().Succs[1-l.inside])
}

// communicates reports whether a block sends on a channel or closes one.
func communicates(blk *ssa.BasicBlock) bool {
	return slices.ContainsFunc(blk.Instrs, func(instr ssa.Instruction) bool {
		switch instr := instr.(type) {
		case *ssa.Send, *ssa.Select:
			return true
		case *ssa.Call:
			builtin, ok := instr.Call.Value.(*ssa.Builtin)
			return ok && builtin.Name() == "close"
		}
		return false
	})
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}
