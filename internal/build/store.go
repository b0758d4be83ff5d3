package build

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

func (b *builder) emitStore(c *cursor, f *frame, st *ssa.Store) {
	t := st.Val.Type()
	a, ok := b.val(f, st.Addr).(address)
	if !ok {
		b.emitEscape(c, f, st.Val)
		return
	}
	a = b.original(a)
	b.storeCount(c, f, a, st.Val)
	k := cellKey(a)
	switch {
	case isChan(t):
		if b.poisoned[k] {
			b.emitEscape(c, f, st.Val)
			return
		}
		if b.shared[k] {
			b.storeChan(c, k, b.val(f, st.Val))
		} else {
			b.setRef(c, k, b.val(f, st.Val))
		}
		if b.isHanded(a) {
			b.emitEscape(c, f, st.Val)
		}
	case tracksInt(t):
		if b.isShared(k) {
			b.storeFlag(c, f, k, st.Val)
		} else if !b.poisoned[k] {
			b.setInt(c, f, k, st.Val)
		}
	case isStruct(t):
		b.storeStruct(c, f, a, st)
	case followsSlice(t):
		b.storeSlice(c, f, a, st)
	default:
		// Pointers and functions are followed by stored; what it does not follow
		// escapes.
		b.storePointer(c, f, a, st)
	}
}

// isHanded reports whether the object that the cell at a belongs to has escaped:
// whoever holds it finds what is stored there.
func (b *builder) isHanded(a address) bool {
	for {
		if b.handed[a] {
			return true
		}
		i := strings.LastIndexByte(a.path, '.')
		if i < 0 {
			return false
		}
		a.path = a.path[:i]
	}
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// storeStruct assigns a struct, cell by cell. A struct about which nothing is
// known holds channels from outside, not nil ones.
func (b *builder) storeStruct(c *cursor, f *frame, dst address, st *ssa.Store) {
	if _, zero := st.Val.(*ssa.Const); zero {
		b.storeZero(c, dst, st)
		return
	}
	src, isContent := b.val(f, st.Val).(content)
	msg, isMsg := b.val(f, st.Val).(message)
	if isContent && (onlyStore(dst.obj.alloc) == st || b.original(src.at) == dst) {
		return // see original
	}
	if !isContent {
		b.emitEscape(c, f, st.Val)
	}
	b.unshare(dst)
	if isContent {
		b.unshare(src.at)
		b.copyPointers(c, dst, src.at, st.Val.Type(), 3)
	} else {
		b.lose(dst)
	}
	primCells(st.Val.Type(), "", 3, func(path string, t types.Type) {
		to := cellKey(address{dst.obj, dst.path + path})
		from := regKey{}
		if isContent {
			from = cellKey(b.original(address{src.at.obj, src.at.path + path}))
		}
		switch {
		case b.poisoned[to]:
		case isChan(t) && isContent && !b.poisoned[from]:
			b.setRef(c, to, ref{from})
		case isChan(t):
			b.setRef(c, to, unknown{})
		case tracksInt(t) && isMsg && path == fmt.Sprintf(".%d", msg.field):
			b.copyInt(c, to, msg.reg)
		case tracksInt(t) && isContent && !b.poisoned[from]:
			b.copyInt(c, to, from)
		case tracksInt(t):
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(to), Expr: fixed(b.provenance(f, st.Val, 0))}, 1)
		case !isContent:
			b.poison(to)
		}
	})
}

// storeZero assigns the zero value of a struct: nil channels, and primitives
// that start anew.
func (b *builder) storeZero(c *cursor, dst address, st *ssa.Store) {
	primCells(st.Val.Type(), "", 3, func(path string, t types.Type) {
		k := cellKey(address{dst.obj, dst.path + path})
		switch {
		case b.poisoned[k], b.zeroCell(c, k):
		case isChan(t):
			c.emit(model.Node{Op: model.Clear, Dst: c.p.refReg(k)}, 1)
		case tracksInt(t):
			c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k)}, 1)
		default:
			b.emitMakePrim(c, k, primOf(t), b.site(SiteMake, st, dst.obj.val.Pos()))
		}
	})
	b.clearCounts(c, dst, st.Val.Type(), false)
	b.pointerCells(dst, st.Val.Type(), 3, func(a address) {
		if b.zeroCell(c, nilKey(a)) {
			return
		}
		c.emit(model.Node{Op: model.Set, Int: c.p.intReg(nilKey(a))}, 1)
	})
}

// setRef assigns a reference register.
func (b *builder) setRef(c *cursor, k regKey, v value) {
	dst := c.p.refReg(k)
	switch v := v.(type) {
	case ref:
		if v.reg != k {
			c.emit(model.Node{Op: model.Copy, Ref: c.p.refReg(v.reg), Dst: dst}, 1)
		}
	case nilValue:
		c.emit(model.Node{Op: model.Clear, Dst: dst}, 1)
	default:
		b.poison(k) // a channel from outside
	}
}

// setInt assigns an integer register what v holds.
func (b *builder) setInt(c *cursor, f *frame, k regKey, v ssa.Value) {
	dst := c.p.intReg(k)
	set := func(c *cursor, n int) {
		c.emit(model.Node{Op: model.Set, Int: dst, Expr: fixed(n)}, 1)
	}
	switch got := b.val(f, v).(type) {
	case literal:
		set(c, int(got))
	case nilValue:
		set(c, 0)
	case nonNil, address, closure:
		set(c, 1)
	case integer:
		b.copyInt(c, k, got.reg)
	default:
		set(c, b.provenance(f, v, 0))
	}
}

// copyInt assigns an integer register what another one holds.
func (b *builder) copyInt(c *cursor, to, from regKey) {
	if from == to {
		return
	}
	c.emit(model.Node{Op: model.CopyInt, Dst: c.p.intReg(to), Int: c.p.intReg(from)}, 1)
}
