package build

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// A variable that one goroutine assigns while another may use it cannot be in
// registers, of which each goroutine has its own. It becomes a cell of the model:
// every load and store of it is a step that others may come before or after. The
// loaded value is in a register of its own from there on.

// maxShared is how many variables of one model are cells at most: each can double
// the states.
const maxShared = 12

// share makes the variable of a register a cell from the next build on, or gives
// it up.
func (b *builder) share(k regKey) {
	if !b.cellsToo || b.poisoned[k] || b.shared[k] || len(b.shared) >= maxShared || !shareable(k) {
		b.poison(k)
		return
	}
	b.shared[k] = true
	b.again = true
}

// shareable reports whether a variable can be a cell: what slices hold is known by
// place in the program, see env.
func shareable(k regKey) bool {
	path, isNil := strings.CutSuffix(k.path, "nil")
	t := elemOf(address{k.obj, path})
	if isNil {
		return !followsSlice(t)
	}
	return isChan(t) || tracksInt(t)
}

// hasCells reports whether v points to a variable that is, or has, a cell.
func (b *builder) hasCells(v value) bool {
	a, ok := v.(address)
	if !ok || len(b.shared) == 0 {
		return false
	}
	a = b.original(a)
	for k := range b.shared {
		if k.obj == a.obj && strings.HasPrefix(k.path, a.path) && !b.poisoned[k] {
			return true
		}
	}
	return false
}

func (b *builder) isShared(k regKey) bool { return b.shared[k] && !b.poisoned[k] }

// cellOf names the register of the cell that the variable of k is.
func cellOf(k regKey) regKey { return part(k, "&") }

// makeCell makes the cell of a new variable, which holds the zero value. It
// reports whether the variable is one.
func (b *builder) makeCell(c *cursor, k regKey) bool {
	if !b.isShared(k) {
		return false
	}
	if b.hoisted[k.obj] {
		return b.zeroCell(c, k)
	}
	c.p.fresh[c.emit(model.Node{Op: model.Make, Prim: model.Cell, Dst: c.p.refReg(cellOf(k))}, 1)] = true
	return true
}

// readCell loads a cell into the register dst.
func (b *builder) readCell(c *cursor, k regKey, pay model.Payload) {
	b.cellNodes++
	c.emit(model.Node{Op: model.Read, Ref: c.p.refReg(cellOf(k)), Payload: pay}, 1)
}

func (b *builder) writeCell(c *cursor, k regKey, pay model.Payload) {
	b.cellNodes++
	c.emit(model.Node{Op: model.Write, Ref: c.p.refReg(cellOf(k)), Payload: pay}, 1)
}

func payConst(n int) model.Payload { return model.Payload{Kind: model.PayConst, Val: n} }

// zeroCell stores the zero value in a shared variable.
func (b *builder) zeroCell(c *cursor, k regKey) bool {
	if !b.isShared(k) {
		return false
	}
	if strings.HasSuffix(k.path, "nil") || strings.Contains(k.path, "#") || !isChan(elemOf(address{k.obj, k.path})) {
		b.writeCell(c, k, payConst(0))
		return true
	}
	none := c.p.refReg(regKey{path: "nil"}) // never assigned
	b.writeCell(c, k, model.Payload{Kind: model.PayRef, Reg: none})
	return true
}

// storeChan stores a channel in a shared variable.
func (b *builder) storeChan(c *cursor, k regKey, v value) {
	switch v := v.(type) {
	case ref:
		b.writeCell(c, k, model.Payload{Kind: model.PayRef, Reg: c.p.refReg(v.reg)})
	case nilValue:
		b.zeroCell(c, k)
	default:
		b.poison(k) // a channel from outside
	}
}

// storeFlag stores a flag or error in a shared variable.
func (b *builder) storeFlag(c *cursor, f *frame, k regKey, v ssa.Value) {
	switch got := b.val(f, v).(type) {
	case literal:
		b.writeCell(c, k, payConst(min(int(got), 1)))
	case nilValue:
		b.writeCell(c, k, payConst(0))
	case integer:
		b.storeRegister(c, f, k, got.reg, v)
	case unknown:
		b.storeUnknown(c, f, k, v)
	default:
		b.writeCell(c, k, payConst(1))
	}
}

// storeNil stores in a shared variable whether the pointer v is nil.
func (b *builder) storeNil(c *cursor, f *frame, k regKey, v ssa.Value) {
	if src, ok := b.nilReg(f, v); ok && !b.poisoned[src] {
		b.storeRegister(c, f, k, src, v)
		return
	}
	switch b.val(f, v).(type) {
	case nilValue:
		b.writeCell(c, k, payConst(0))
	case unknown:
		b.storeUnknown(c, f, k, v)
	default:
		b.writeCell(c, k, payConst(1))
	}
}

// storeRegister stores what an integer register holds. What the environment
// decides is decided here, for all who load it; for all else that is not known,
// it is only known that others know it.
func (b *builder) storeRegister(c *cursor, f *frame, k, from regKey, v ssa.Value) {
	tmp := regKey{frame: f, val: v, path: "stored"}
	src, dst := c.p.intReg(from), c.p.intReg(tmp)
	set := func(c *cursor, n int) {
		c.emit(model.Node{Op: model.Set, Int: dst, Expr: fixed(n)}, 1)
	}
	var ends []*cursor
	for _, code := range []int{0, 1, unknownFree} {
		n := c.emit(model.Node{Op: model.Equal, Int: src, Expr: fixed(code)}, 2)
		is := c.branch(n, 0)
		c.holes = []hole{{n, 1}}
		if code == unknownFree {
			yes, no := b.testInt(is, integer{from}, 1)
			set(yes, 1)
			set(no, 0)
			ends = append(ends, yes, no)
			continue
		}
		set(is, code)
		ends = append(ends, is)
	}
	set(c, unknownOpaque)
	c.join(ends...)
	b.writeCell(c, k, model.Payload{Kind: model.PayInt, Reg: dst})
}

// storeUnknown stores a value about which nothing is known, see storeRegister.
func (b *builder) storeUnknown(c *cursor, f *frame, k regKey, v ssa.Value) {
	if b.provenance(f, v, 0) != unknownFree {
		b.writeCell(c, k, payConst(unknownOpaque))
		return
	}
	yes, no := b.choose(c, model.Free, regKey{})
	b.writeCell(yes, k, payConst(1))
	b.writeCell(no, k, payConst(0))
	c.join(yes, no)
}

// loadShared loads what a shared variable holds into a register of the load. It
// reports whether it did.
func (b *builder) loadShared(c *cursor, f *frame, a address, v *ssa.UnOp) bool {
	k := cellKey(a)
	own := regKey{frame: f, val: v}
	switch {
	case isChan(v.Type()) && b.isShared(k):
		if _, ok := b.val(f, v).(ref); ok {
			b.readCell(c, k, model.Payload{Kind: model.PayRef, Reg: c.p.refReg(own)})
		}
		return true
	case tracksInt(v.Type()) && b.isShared(k):
		b.readCell(c, k, model.Payload{Kind: model.PayInt, Reg: c.p.intReg(own)})
		return true
	case b.isShared(nilKey(a)) && b.tracksNil(a, v.Type()):
		b.readCell(c, nilKey(a), model.Payload{Kind: model.PayInt, Reg: c.p.intReg(part(own, "nil"))})
	}
	return false
}

// unshare gives up the shared variables of the struct of type t at a: it is used as
// a whole.
func (b *builder) unshare(a address) {
	for k := range b.shared {
		if k.obj == a.obj && strings.HasPrefix(k.path, a.path) {
			b.poison(k)
		}
	}
}
