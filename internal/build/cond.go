package build

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// emitIf builds a branch.
func (b *builder) emitIf(c *cursor, at key, instr *ssa.If) {
	f := at.frame
	if l := b.loopTest(f, instr); l != nil {
		n := c.emit(model.Node{Op: model.Loop, Int: c.p.intReg(l.counter)}, 2)
		b.edge(c.branch(n, 0), at, l.inside)
		b.edge(c.branch(n, 1), at, 1-l.inside)
		c.holes = nil
		return
	}
	var yes, no *cursor
	if cmp, ok := instr.Cond.(*ssa.BinOp); ok && instr.Block().Succs[0].Comment == "rangeint.body" {
		// The test before the first iteration: sizes are positive.
		yes, no = b.testSizes(c, f, cmp, true)
	}
	if yes == nil {
		yes, no = b.test(c, f, instr.Cond)
	}
	b.edge(yes, at, 0)
	b.edge(no, at, 1)
}

// test splits c by the condition.
func (b *builder) test(c *cursor, f *frame, cond ssa.Value) (yes, no *cursor) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			no, yes = b.test(c, f, v.X)
			return yes, no
		}
	case *ssa.BinOp:
		if yes, no := b.testBinOp(c, f, v); yes != nil {
			return yes, no
		}
	}
	switch got := b.val(f, cond).(type) {
	case literal:
		if got != 0 {
			return take(c), &cursor{p: c.p}
		}
		return &cursor{p: c.p}, take(c)
	case integer:
		return b.testInt(c, got, 1)
	}
	return b.choose(c, classOf(b.provenance(f, cond, 0)), regKey{frame: f, val: cond, path: "paid"})
}

// choose splits c by a choice. A condition on data counts once, however often a
// loop comes by: paid is the register that remembers.
func (b *builder) choose(c *cursor, class model.Class, paid regKey) (yes, no *cursor) {
	node := model.Node{Op: model.Choose, Class: class}
	if class == model.Flag {
		node.Paid = c.p.intReg(paid) + 1
	}
	return c.fork(node)
}

func take(c *cursor) *cursor {
	out := &cursor{p: c.p, holes: c.holes}
	c.holes = nil
	return out
}

// testInt splits c by whether the register equals want, which is 0 or 1. If
// the register's value is not known yet, it is decided here and from now on.
func (b *builder) testInt(c *cursor, v integer, want int) (yes, no *cursor) {
	node := model.Node{Op: model.Test, Int: c.p.intReg(v.reg), Expr: fixed(want)}
	paid := v.reg
	paid.path += "paid"
	node.Paid = c.p.intReg(paid) + 1
	if isMessage(v.reg) {
		node.Class = model.Opaque
	}
	return c.fork(node)
}

// isMessage reports whether the register holds a received message: what the
// sender did not know when it sent, the sender has decided by now.
func isMessage(k regKey) bool { return len(k.path) >= 3 && k.path[:3] == "msg" }

// testBinOp handles comparisons that the model can decide: nil tests, tests of
// flags against constants, lengths, the index of a select. It returns nil
// cursors if it cannot.
func (b *builder) testBinOp(c *cursor, f *frame, v *ssa.BinOp) (yes, no *cursor) {
	if yes, no := b.testCount(c, f, v); yes != nil {
		return yes, no
	}
	x, y := v.X, v.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	if v.Op == token.EQL || v.Op == token.NEQ {
		if yes, no := b.testEqual(c, f, x, y); yes != nil {
			if v.Op == token.NEQ {
				return no, yes
			}
			return yes, no
		}
	}
	return b.testSizes(c, f, v, false)
}

func (b *builder) testEqual(c *cursor, f *frame, x, y ssa.Value) (yes, no *cursor) {
	k, ok := y.(*ssa.Const)
	if !ok {
		return nil, nil
	}
	if reg, ok := b.nilReg(f, x); ok && k.IsNil() {
		if b.poisoned[reg] {
			return nil, nil
		}
		return b.testInt(c, integer{reg}, 0)
	}
	switch got := b.val(f, x).(type) {
	case ref:
		if k.IsNil() {
			return c.fork(model.Node{Op: model.IsNil, Ref: c.p.refReg(got.reg)})
		}
	case integer:
		want, ok := constValue(k).(literal)
		if k.IsNil() {
			want, ok = 0, true
		}
		if !ok {
			return nil, nil
		}
		if got.reg.path == "index" {
			return c.fork(model.Node{Op: model.Equal, Int: c.p.intReg(got.reg), Expr: fixed(int(want))})
		}
		if want == 0 || want == 1 {
			return b.testInt(c, got, int(want))
		}
	case nilValue:
		if k.IsNil() {
			return take(c), &cursor{p: c.p}
		}
	case nonNil, address, closure, boxed, cancel, contextValue, background, group:
		if k.IsNil() {
			return &cursor{p: c.p}, take(c)
		}
	}
	return nil, nil
}

// testSizes decides comparisons of constants, tests for emptiness and, if any
// is set, comparisons of all numbers. In general the values that an exploration tries for a number must
// not decide a branch: they are there to be compared with each other.
func (b *builder) testSizes(c *cursor, f *frame, v *ssa.BinOp, any bool) (yes, no *cursor) {
	if !isInteger(v.X.Type()) {
		return nil, nil
	}
	x, ok := b.expr(f, v.X, 0)
	if !ok {
		return nil, nil
	}
	y, ok := b.expr(f, v.Y, 0)
	if !ok || !any && !b.isEmptyTest(x, y) {
		return nil, nil
	}
	if len(x.Terms) == 0 && len(y.Terms) == 0 {
		if constant.Compare(constant.MakeInt64(int64(x.Const)), v.Op, constant.MakeInt64(int64(y.Const))) {
			return take(c), &cursor{p: c.p}
		}
		return &cursor{p: c.p}, take(c)
	}
	scratch := c.p.intReg(regKey{frame: f, val: v, path: "cmp"})
	set := func(e model.Expr) {
		c.emit(model.Node{Op: model.Set, Int: scratch, Expr: e}, 1)
	}
	negate := false
	op := model.Loop
	switch v.Op {
	case token.LSS:
		set(sum(y, x, -1))
	case token.GTR:
		set(sum(x, y, -1))
	case token.LEQ:
		set(sum(x, y, -1))
		negate = true
	case token.GEQ:
		set(sum(y, x, -1))
		negate = true
	case token.EQL, token.NEQ:
		set(sum(x, y, -1))
		op = model.Equal
		negate = v.Op == token.NEQ
	default:
		return nil, nil
	}
	yes, no = c.fork(model.Node{Op: op, Int: scratch})
	if negate {
		return no, yes
	}
	return yes, no
}

// isEmptyTest reports whether a comparison of x and y is one of constants, or
// asks whether there is anything that a loop goes through: the loop and the
// test must then agree.
func (b *builder) isEmptyTest(x, y model.Expr) bool {
	if len(x.Terms) == 0 && len(y.Terms) == 0 {
		return true
	}
	if len(x.Terms) == 0 {
		x, y = y, x
	}
	return len(x.Terms) == 1 && x.Const == 0 && x.Terms[0].Coef == 1 && b.trips[x.Terms[0].Var] &&
		len(y.Terms) == 0 && (y.Const == 0 || y.Const == 1)
}

func isInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}
