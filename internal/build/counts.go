package build

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// Small numbers that branches depend on are cells as well, whether or not several
// goroutines use them: an integer that the program counts with, the length of a
// slice that it fills. What is known of one is a small constant, or nothing.

// The numbers that are told apart. Beyond them, nothing is known any more.
const (
	minCount = -1
	maxKnown = 4
)

// codeOf returns how a register holds the number n. Registers hold 0 and 1 as
// flags do; the codes for what is not known are in between.
func codeOf(n int) int {
	switch {
	case n < minCount || n > maxKnown:
		return unknownOpaque
	case n > 1:
		return n + unknownOpaque
	}
	return n
}

// countKey returns the register key of the number or length that is in the
// variable of type t at a, if it is followed.
func (b *builder) countKey(a address, t types.Type) (regKey, bool) {
	if !b.cellsToo || a.obj == nil {
		return regKey{}, false
	}
	k := cellKey(a)
	switch {
	case isInteger(t):
		k.path += "#"
	case isSlice(t):
		k.path += "#len"
	case isAtomic(t):
		k.path += "#"
	default:
		return k, false
	}
	if b.poisoned[k] || !b.mayCount(a, t) {
		return k, false
	}
	if !b.shared[k] {
		if len(b.shared) >= maxShared {
			b.poison(k)
			return k, false
		}
		b.shared[k] = true
	}
	return k, true
}

func isSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

// mayCount reports whether a branch may depend on the number at a, which changes.
func (b *builder) mayCount(a address, t types.Type) bool {
	if isAtomic(t) {
		return true
	}
	if a.path == "" {
		if a.obj.alloc == nil || !a.obj.alloc.Heap {
			return false
		}
		u := b.usesOf(a.obj.alloc)
		return u.atomic || u.tested && u.stores > 1
	}
	field := fieldAt(a)
	if field == nil {
		return false
	}
	u := b.fieldUses()[field]
	return u.atomic || u.tested && b.assignedElsewhere(field)
}

// countCells yields the variables within t that may hold a followed number.
func countCells(a address, t types.Type, depth int, yield func(address, types.Type)) {
	if countable(t) || isAtomic(t) {
		yield(a, t)
		return
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 || primOf(t) != noPrim {
		return
	}
	for i := range st.NumFields() {
		countCells(address{a.obj, fieldPath(a.path, i)}, st.Field(i).Type(), depth-1, yield)
	}
}

// clearCounts makes the cells of the numbers in a new variable, or stores zero in
// them if it is assigned as a whole.
func (b *builder) clearCounts(c *cursor, a address, t types.Type, fresh bool) {
	if !b.cellsToo {
		return
	}
	countCells(a, t, 3, func(a address, t types.Type) {
		k, ok := b.countKey(a, t)
		switch {
		case !ok:
		case fresh:
			b.makeCell(c, k)
		default:
			b.zeroCell(c, k)
		}
	})
}

// A count is a number that is known as far as a register is, plus a constant.
type count struct {
	reg   regKey // none if its path is empty
	delta int
}

// countAt returns what is known about the integer v.
func (b *builder) countAt(f *frame, v ssa.Value, depth int) (count, bool) {
	if depth > 8 {
		return count{}, false
	}
	if n, ok := b.val(f, v).(literal); ok {
		return count{delta: int(n)}, true
	}
	f = f.home(v)
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Int {
			n, ok := constant.Int64Val(v.Value)
			return count{delta: int(n)}, ok
		}
	case *ssa.Convert:
		if isInteger(v.X.Type()) {
			return b.countAt(f, v.X, depth+1)
		}
	case *ssa.ChangeType:
		return b.countAt(f, v.X, depth+1)
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok {
			return b.countAt(arg.frame, arg.val, depth+1)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL && isInteger(v.Type()) {
			return b.countLoaded(f, v)
		}
	case *ssa.BinOp:
		if v.Op != token.ADD && v.Op != token.SUB {
			break
		}
		x, ok := b.countAt(f, v.X, depth+1)
		y, ok2 := b.countAt(f, v.Y, depth+1)
		switch {
		case !ok || !ok2:
		case v.Op == token.ADD && x.reg.path == "":
			return count{y.reg, x.delta + y.delta}, true
		case v.Op == token.ADD && y.reg.path == "":
			return count{x.reg, x.delta + y.delta}, true
		case v.Op == token.SUB && y.reg.path == "":
			return count{x.reg, x.delta - y.delta}, true
		}
	case *ssa.Call:
		if builtin, ok := v.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "len" && isSlice(v.Call.Args[0].Type()) {
			return b.lengthAt(f, v.Call.Args[0], depth+1)
		}
		return b.atomicResult(f, v)
	}
	return count{}, false
}

// countLoaded returns the register of the number that a load has loaded.
func (b *builder) countLoaded(f *frame, v *ssa.UnOp) (count, bool) {
	a, ok := b.val(f, v.X).(address)
	if !ok {
		return count{}, false
	}
	if _, ok := b.countKey(b.original(a), v.Type()); !ok {
		return count{}, false
	}
	return count{reg: regKey{frame: f, val: v, path: "#"}}, true
}

// lengthAt returns what is known about the length of the slice v.
func (b *builder) lengthAt(f *frame, v ssa.Value, depth int) (count, bool) {
	if depth > 8 {
		return count{}, false
	}
	if l, ok := b.val(f, v).(list); ok {
		return count{delta: l.seq.len()}, true
	}
	f = f.home(v)
	switch v := v.(type) {
	case *ssa.Const:
		return count{}, v.IsNil()
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return b.countLoaded(f, v)
		}
	case *ssa.MakeSlice:
		return b.countAt(f, v.Len, depth+1)
	case *ssa.Slice:
		return b.slicedLength(f, v, depth)
	case *ssa.Call:
		builtin, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || builtin.Name() != "append" {
			break
		}
		x, ok := b.lengthAt(f, v.Call.Args[0], depth+1)
		y, ok2 := b.lengthAt(f, v.Call.Args[1], depth+1)
		if ok && ok2 && y.reg.path == "" {
			return count{x.reg, x.delta + y.delta}, true
		}
	}
	return count{}, false
}

// slicedLength is lengthAt for a slice expression.
func (b *builder) slicedLength(f *frame, v *ssa.Slice, depth int) (count, bool) {
	var high, low count
	var ok bool
	if v.High != nil {
		high, ok = b.countAt(f, v.High, depth+1)
	} else if p, isPtr := v.X.Type().Underlying().(*types.Pointer); isPtr {
		arr := p.Elem().Underlying().(*types.Array)
		high, ok = count{delta: int(arr.Len())}, true
	} else if isSlice(v.X.Type()) {
		high, ok = b.lengthAt(f, v.X, depth+1)
	}
	if ok && v.Low != nil {
		low, ok = b.countAt(f, v.Low, depth+1)
	}
	return count{high.reg, high.delta - low.delta}, ok && low.reg.path == ""
}

// storeCount stores a number or the length of a slice, if they are followed.
func (b *builder) storeCount(c *cursor, f *frame, a address, v ssa.Value) {
	k, ok := b.countKey(a, v.Type())
	if !ok {
		return
	}
	n, ok := count{}, false
	if isSlice(v.Type()) {
		n, ok = b.lengthAt(f, v, 0)
	} else {
		n, ok = b.countAt(f, v, 0)
	}
	b.writeCount(c, k, n, ok)
}

// writeCount stores n in the cell of k; ok says whether n is known.
func (b *builder) writeCount(c *cursor, k regKey, n count, ok bool) {
	switch {
	case !ok:
		b.writeCell(c, k, payConst(unknownOpaque))
	case n.reg.path == "":
		b.writeCell(c, k, payConst(codeOf(n.delta)))
	case n.delta == 0:
		b.writeCell(c, k, model.Payload{Kind: model.PayInt, Reg: c.p.intReg(n.reg)})
	default:
		var ends []*cursor
		b.eachCount(c, n, func(is *cursor, n int) {
			b.writeCell(is, k, payConst(codeOf(n)))
			ends = append(ends, is)
		})
		b.writeCell(c, k, payConst(unknownOpaque))
		c.join(ends...)
	}
}

// eachCount splits c by the number that n may be, and leaves it where that is not
// known.
func (b *builder) eachCount(c *cursor, n count, yield func(is *cursor, n int)) {
	reg := c.p.intReg(n.reg)
	b.cellNodes += maxKnown - minCount
	for i := minCount; i <= maxKnown; i++ {
		id := c.emit(model.Node{Op: model.Equal, Int: reg, Expr: fixed(codeOf(i))}, 2)
		c.holes = []hole{{id, 1}}
		yield(c.branch(id, 0), i+n.delta)
	}
}

// loadCount loads the number or length that v loads, if it is followed.
func (b *builder) loadCount(c *cursor, f *frame, a address, v *ssa.UnOp) {
	if k, ok := b.countKey(a, v.Type()); ok {
		reg := c.p.intReg(regKey{frame: f, val: v, path: "#"})
		b.readCell(c, k, model.Payload{Kind: model.PayInt, Reg: reg})
	}
}

// testCount splits c by a comparison of a followed number with a constant. It
// returns nil cursors if v is none.
func (b *builder) testCount(c *cursor, f *frame, v *ssa.BinOp) (yes, no *cursor) {
	if !b.cellsToo || !isInteger(v.X.Type()) {
		return nil, nil
	}
	x, ok := b.countAt(f, v.X, 0)
	y, ok2 := b.countAt(f, v.Y, 0)
	if !ok || !ok2 || (x.reg.path == "") == (y.reg.path == "") {
		return nil, nil
	}
	yes, no = &cursor{p: c.p}, &cursor{p: c.p}
	n := x
	if n.reg.path == "" {
		n = y
	}
	b.eachCount(c, n, func(is *cursor, n int) {
		left, right := n, y.delta
		if x.reg.path == "" {
			left, right = x.delta, n
		}
		if constant.Compare(constant.MakeInt64(int64(left)), v.Op, constant.MakeInt64(int64(right))) {
			yes.join(is)
		} else {
			no.join(is)
		}
	})
	is, isNot := b.choose(c, model.Opaque, regKey{})
	yes.join(is)
	no.join(isNot)
	return yes, no
}
