package build

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

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
			n := c.emit(model.Node{Op: model.IsNil, Ref: c.p.refReg(got.reg)}, 2)
			c.holes = nil
			return c.branch(n, 0), c.branch(n, 1)
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
			n := c.emit(model.Node{Op: model.Equal, Int: c.p.intReg(got.reg), Expr: fixed(int(want))}, 2)
			c.holes = nil
			return c.branch(n, 0), c.branch(n, 1)
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
	n := c.emit(model.Node{Op: op, Int: scratch}, 2)
	c.holes = nil
	if negate {
		return c.branch(n, 1), c.branch(n, 0)
	}
	return c.branch(n, 0), c.branch(n, 1)
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

func classOf(code int) model.Class {
	class, _ := model.Unknown(code)
	return class
}

// provenance says how freely the unknown value v may be chosen: whether a call
// fails is the environment's affair, a flag is data, and what other goroutines
// write or send is tied to what they do.
func (b *builder) provenance(f *frame, v ssa.Value, depth int) int {
	if depth > maxProvenance {
		return unknownFlag
	}
	f = f.home(v)
	if code, ok := f.codes[v]; ok {
		return code
	}
	f.codes[v] = unknownFlag // if it depends on itself
	code := b.provenanceOf(f, v, depth)
	f.codes[v] = code
	return code
}

// maxProvenance is how far back a value is traced.
const maxProvenance = 40

func (b *builder) provenanceOf(f *frame, v ssa.Value, depth int) int {
	worst := func(vs ...ssa.Value) int {
		code := unknownFree
		for _, v := range vs {
			if _, ok := v.(*ssa.Const); !ok {
				code = max(code, b.provenance(f, v, depth+1))
			}
		}
		return code
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return worst(v.X, v.Y)
	case *ssa.UnOp:
		switch v.Op {
		case token.ARROW:
			return b.messageProvenance(v.X)
		case token.MUL:
			return b.loadProvenance(f, v, depth)
		}
		return worst(v.X)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && !isError(v.Type()) && isMethod(&call.Call) {
			return unknownOpaque // the state of an object, whether or not the call fails
		}
		return b.provenance(f, v.Tuple, depth+1)
	case *ssa.Select:
		return unknownOpaque
	case *ssa.Call:
		return b.callProvenance(f, v, depth)
	case *ssa.Lookup:
		return unknownOpaque // a map that others fill
	case *ssa.Phi:
		if isInteger(v.Type()) {
			return unknownOpaque // a count that the program keeps
		}
		return max(unknownFlag, worst(v.Edges...))
	case *ssa.ChangeInterface:
		return worst(v.X)
	case *ssa.MakeInterface:
		return worst(v.X)
	case *ssa.TypeAssert:
		return max(unknownFlag, worst(v.X))
	case *ssa.Field:
		return worst(v.X)
	case *ssa.FieldAddr:
		return worst(v.X)
	case *ssa.Convert:
		return worst(v.X)
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok {
			return max(unknownFlag, b.provenance(arg.frame, arg.val, depth+1))
		}
	case *ssa.Const:
		return unknownFree
	}
	return unknownFlag
}

// tied is the provenance of what other goroutines may have decided, though nothing
// shows that those of the model have: the state of objects, other than counts.
func (b *builder) tied() int {
	if b.likely {
		return unknownFlag
	}
	return unknownOpaque
}

func (b *builder) loadProvenance(f *frame, v *ssa.UnOp, depth int) int {
	if st := justStored(v); st != nil {
		return b.provenance(f, st, depth+1)
	}
	if a, ok := b.val(f, v.X).(address); ok {
		a = b.original(a)
		if k := cellKey(a); b.poisoned[k] || b.poisoned[nilKey(a)] || b.shared[k] || b.shared[nilKey(a)] {
			return unknownOpaque
		}
		if field := fieldAt(a); field != nil && b.assignedElsewhere(field) {
			return unknownOpaque // state, not configuration
		}
		if a.obj.alloc == nil {
			return unknownOpaque
		}
		if isInteger(v.Type()) || a.obj.alloc.Heap {
			var found []ssa.Value
			if !b.cellStores(a.obj.alloc, a.path, &found) || len(found) > 1 {
				return unknownOpaque // a count or a shared variable
			}
		}
		return b.storedProvenance(a.obj.frame, a.obj.alloc, depth+1)
	}
	switch addr := v.X.(type) {
	case *ssa.FreeVar, *ssa.Alloc:
		return unknownOpaque // a captured variable
	case *ssa.FieldAddr:
		if b.assignedElsewhere(fieldOf(addr)) {
			if _, own := addr.X.(*ssa.Alloc); own || isInteger(v.Type()) {
				return unknownOpaque // also a count that the program keeps
			}
			return max(b.tied(), b.provenance(f, addr.X, depth+1)) // state, not configuration
		}
		return max(unknownFlag, b.provenance(f, addr.X, depth+1))
	case *ssa.IndexAddr:
		return max(unknownFlag, b.provenance(f, addr.X, depth+1))
	}
	return unknownFlag
}

func (b *builder) callProvenance(f *frame, call *ssa.Call, depth int) int {
	callee := call.Call.StaticCallee()
	if callee != nil && callee.Pkg != nil {
		switch callee.Pkg.Pkg.Path() {
		case "sync/atomic", "sync":
			return unknownOpaque
		case "math/rand", "math/rand/v2":
			return unknownFree
		case "bytes", "strings", "container/heap", "container/list", "container/ring":
			if isMethod(&call.Call) {
				return unknownOpaque // what comes out is what was put in
			}
		}
	}
	if builtin, ok := call.Call.Value.(*ssa.Builtin); ok && (builtin.Name() == "len" || builtin.Name() == "cap") {
		if isChan(call.Call.Args[0].Type()) {
			return unknownOpaque
		}
		switch x := call.Call.Args[0].(type) {
		case *ssa.Parameter, *ssa.Const:
			return unknownFlag
		case *ssa.UnOp:
			return b.provenance(f, x, depth+1)
		}
		return unknownOpaque // of a channel, or of what grows
	}
	results := call.Call.Signature().Results()
	fails := slices.ContainsFunc(slices.Collect(results.Variables()), func(v *types.Var) bool { return isError(v.Type()) })
	for _, arg := range call.Call.Args {
		if m := receivedFrom(arg, 0); m != nil && b.messageProvenance(m) == unknownOpaque {
			if fails {
				return b.tied()
			}
			return unknownOpaque
		}
	}
	if fails {
		return unknownFree
	}
	if isMethod(&call.Call) {
		if call.Block().Comment == "for.loop" || slices.ContainsFunc(slices.Collect(results.Variables()), func(v *types.Var) bool { return isInteger(v.Type()) }) {
			return unknownOpaque // how much there is
		}
		return b.tied() // the state of an object
	}
	return unknownFlag
}

func isMethod(call *ssa.CallCommon) bool {
	return call.IsInvoke() || call.Signature().Recv() != nil
}

// receivedFrom returns the channel that v was received from, if it was.
func receivedFrom(v ssa.Value, depth int) ssa.Value {
	if depth > 4 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return v.X
		}
	case *ssa.Extract:
		return receivedFrom(v.Tuple, depth+1)
	case *ssa.Field:
		return receivedFrom(v.X, depth+1)
	case *ssa.MakeInterface:
		return receivedFrom(v.X, depth+1)
	case *ssa.ChangeInterface:
		return receivedFrom(v.X, depth+1)
	case *ssa.TypeAssert:
		return receivedFrom(v.X, depth+1)
	}
	return nil
}

// storedProvenance is the provenance of what is stored in a variable, in any of
// its fields.
func (b *builder) storedProvenance(f *frame, addr ssa.Value, depth int) int {
	code := unknownFlag
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				code = max(code, b.provenance(f, r.Val, depth+1))
			}
		case *ssa.FieldAddr:
			code = max(code, b.storedProvenance(f, r, depth+1))
		}
	}
	return code
}
