package build

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// A cell is what the functions of a model store in one variable or field that
// holds a pointer, function or number: what stored cannot tell from the
// function that owns it. Cells are filled while a model is built, and the model
// is built anew until nothing is added.
type cell struct {
	stores []cellStore
	busy   bool // being looked up: cells may be copied to each other in a cycle
}

// A cellStore is one store: of a value, or of what the cell at from holds.
type cellStore struct {
	frameValue
	from address
}

// record adds a store to the cell at a.
func (b *builder) record(a address, new cellStore) {
	if _, ok := b.ownStores(a); ok || b.isLost(a) {
		return
	}
	if new.val != nil && isNil(new.val) {
		return // see nilKey
	}
	k := cellKey(a)
	got := b.cells[k]
	if got == nil {
		got = &cell{}
		b.cells[k] = got
	}
	for _, st := range got.stores {
		if st == new {
			return
		}
	}
	got.stores = append(got.stores, new)
	b.grown = true
	if to, ok := b.holds(new).(address); ok && (to.obj == a.obj || b.repeats(to.obj) && !b.repeats(a.obj)) {
		b.lose(a) // a list: what it holds may be another instance
	}
}

// repeats reports whether a loop makes the object, so that it stands for several.
func (b *builder) repeats(o *object) bool {
	blk := o.val.(ssa.Instruction).Block()
	for f := o.frame; f != nil; f = f.parent {
		for header, body := range b.loopsIn(f.fn) {
			if body[blk] && !f.unrolls(header) {
				return true
			}
		}
		if f.parent != nil && f.call != nil {
			blk = f.call.Block()
		}
	}
	return false
}

func (b *Builder) loopsIn(fn *ssa.Function) map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool {
	got, ok := b.natural[fn]
	if !ok {
		if b.natural == nil {
			b.natural = map[*ssa.Function]map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool{}
		}
		got = naturalLoops(fn)
		b.natural[fn] = got
	}
	return got
}

type storesKey struct {
	alloc *ssa.Alloc
	path  string
}

type ownStores struct {
	found []ssa.Value
	ok    bool
}

// ownStores returns what the function that owns the variable and its literals
// store in the cell at a; ok is false if other functions may store there.
func (b *builder) ownStores(a address) (found []ssa.Value, ok bool) {
	if a.obj.alloc == nil {
		return nil, false
	}
	k := storesKey{a.obj.alloc, a.path}
	got, cached := b.stores[k]
	if cached {
		return got.found, got.ok
	}
	ok = b.cellStores(a.obj.alloc, a.path, &found)
	if ok && len(found) == 0 && a.path != "" {
		field := fieldAt(a)
		ok = field == nil || !b.assignedElsewhere(field)
	}
	if b.stores == nil {
		b.stores = map[storesKey]ownStores{}
	}
	b.stores[k] = ownStores{found, ok}
	return found, ok
}

// cellValue returns what is stored in the cell at a, if one store decides it and
// everybody who reads it comes after.
func (b *builder) cellValue(a address) value {
	got := b.cells[cellKey(a)]
	if got == nil || got.busy || len(got.stores) != 1 || b.isLost(a) || b.poisoned[nilKey(a)] {
		return unknown{}
	}
	got.busy = true
	v := b.holds(got.stores[0])
	got.busy = false
	return v
}

func (b *builder) holds(st cellStore) value {
	if st.val == nil {
		return b.stored(st.from)
	}
	return b.val(st.frame, st.val)
}

// copyPointers assigns what a struct of type t holds besides channels and flags,
// which are in registers.
func (b *builder) copyPointers(c *cursor, dst, src address, t types.Type, depth int) {
	if primOf(t) != noPrim || isChan(t) || tracksInt(t) {
		return
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		if depth == 0 {
			b.lose(dst)
			return
		}
		for i := range st.NumFields() {
			b.copyPointers(c, b.field(dst, i), b.field(src, i), st.Field(i).Type(), depth-1)
		}
		return
	}
	if followsSlice(t) {
		// What it holds here is not known here: see storeSlice.
		b.poison(nilKey(src))
		b.poison(nilKey(dst))
		return
	}
	b.unshare(dst)
	b.unshare(src)
	b.record(dst, cellStore{from: src})
	if got := b.stored(src); known(got) && !known(b.stored(dst)) {
		b.escape(c, got, types.SendRecv)
	}
	k := nilKey(dst)
	if !b.tracksNil(dst, t) || b.poisoned[k] {
		return
	}
	code := 1
	switch b.stored(src).(type) {
	case nilValue:
		code = 0
	case unknown:
		code = unknownOpaque
	}
	if b.tracksNil(src, t) && !b.poisoned[nilKey(src)] {
		b.copyInt(c, k, nilKey(src))
		return
	}
	c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k), Expr: fixed(code)}, 1)
}

// isZero reports whether nothing is ever stored in the cell at a.
func (b *builder) isZero(a address) bool {
	return b.cells[cellKey(a)] == nil && !b.isLost(a)
}

// lose gives up what is known about the cells at a and below: code that is not
// followed may store there.
func (b *builder) lose(a address) {
	if !b.isLost(a) {
		b.lost[a] = true
		b.grown = true
	}
}

func (b *builder) isLost(a address) bool {
	for {
		if b.lost[a] {
			return true
		}
		i := strings.LastIndexByte(a.path, '.')
		if i < 0 {
			return false
		}
		a.path = a.path[:i]
	}
}

// nilKey names the register that says whether the pointer, function or
// interface stored at a is nil. It is written whenever the cell is, so that a
// race for it is one for the cell.
func nilKey(a address) regKey {
	k := cellKey(a)
	k.path += "nil"
	return k
}

func nillable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Signature:
		return true
	case *types.Interface:
		return !isError(t)
	}
	return false
}

// tracksNil reports whether the cell at a has a register for its nil-ness:
// whether any function compares it with nil or stores it through a pointer.
func (b *builder) tracksNil(a address, t types.Type) bool {
	if !nillable(t) {
		return false
	}
	if a.path == "" {
		return a.obj.alloc != nil && a.obj.alloc.Heap
	}
	v := fieldAt(a)
	return v != nil && (b.assignedElsewhere(v) || b.nilTested(v))
}

// fieldAt returns the field that the path of a ends with, as its type declares
// it.
func fieldAt(a address) *types.Var {
	t := a.obj.typeOf()
	var field *types.Var
	for _, i := range indices(a.path) {
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if i >= u.NumFields() {
				return nil
			}
			field = u.Field(i).Origin()
			t = u.Field(i).Type()
		case *types.Array:
			field, t = nil, u.Elem()
		default:
			return nil
		}
	}
	return field
}

// nilTested reports whether a function of the package compares the field with
// nil.
func (b *Builder) nilTested(field *types.Var) bool {
	if b.compared == nil {
		b.compared = map[*types.Var]bool{}
		for _, fn := range b.pkg.Funcs {
			for _, blk := range fn.Blocks {
				for _, instr := range blk.Instrs {
					if cmp, ok := instr.(*ssa.BinOp); ok {
						b.compares(cmp.X, cmp.Y)
						b.compares(cmp.Y, cmp.X)
					}
				}
			}
		}
	}
	return b.compared[field]
}

func (b *Builder) compares(x, y ssa.Value) {
	k, ok := y.(*ssa.Const)
	if !ok || !k.IsNil() {
		return
	}
	if load, ok := x.(*ssa.UnOp); ok {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			b.compared[fieldOf(fa)] = true
		}
	}
}

// pointerCells yields the field paths within t whose cells are tracked for nil.
func (b *builder) pointerCells(a address, t types.Type, depth int, yield func(address)) {
	if st, ok := t.Underlying().(*types.Struct); ok {
		for i := range st.NumFields() {
			if depth > 0 && primOf(t) == noPrim {
				b.pointerCells(b.field(a, i), st.Field(i).Type(), depth-1, yield)
			}
		}
		return
	}
	if b.tracksNil(a, t) && !b.poisoned[nilKey(a)] {
		yield(a)
	}
}

// clearPointers initialises the registers for nil-ness of a new variable.
func (b *builder) clearPointers(c *cursor, v *ssa.Alloc, a address) {
	b.pointerCells(a, pointee(v.Type()), 3, func(a address) {
		if b.makeCell(c, nilKey(a)) {
			return
		}
		c.p.fresh[c.emit(model.Node{Op: model.Set, Int: c.p.intReg(nilKey(a))}, 1)] = !b.hoisted[a.obj]
	})
}

// setNil assigns the register of a cell that v is stored in.
func (b *builder) setNil(c *cursor, f *frame, k regKey, v ssa.Value) {
	if src, ok := b.nilReg(f, v); ok && !b.poisoned[src] {
		b.copyInt(c, k, src)
		return
	}
	code := 1
	switch b.val(f, v).(type) {
	case nilValue:
		code = 0
	case unknown:
		code = b.provenance(f, v, 0)
	}
	c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k), Expr: fixed(code)}, 1)
}

// nilReg returns the register that says whether v is nil, if there is one. It
// may be poisoned.
func (b *builder) nilReg(f *frame, v ssa.Value) (regKey, bool) {
	switch v := v.(type) {
	case *ssa.UnOp:
		if a, ok := b.val(f, v.X).(address); ok {
			a = b.original(a)
			if k := nilKey(a); b.isShared(k) {
				return regKey{frame: f.home(v), val: v, path: "nil"}, true // see loadShared
			}
			return nilKey(a), b.tracksNil(a, v.Type())
		}
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok && nillable(v.Type()) {
			return b.nilReg(arg.frame, arg.val)
		}
	case *ssa.ChangeType:
		return b.nilReg(f, v.X)
	case *ssa.ChangeInterface:
		return b.nilReg(f, v.X)
	}
	return regKey{}, false
}

// storePointer builds the store of a pointer, function or interface.
func (b *builder) storePointer(c *cursor, f *frame, a address, st *ssa.Store) {
	t := st.Val.Type()
	b.record(a, cellStore{frameValue: frameValue{f, st.Val}})
	if k := nilKey(a); b.isShared(k) {
		b.storeNil(c, f, k, st.Val)
	} else if b.tracksNil(a, t) && !b.poisoned[k] {
		b.setNil(c, f, k, st.Val)
	}
	if _, ok := b.stored(a).(unknown); ok && onlyStore(a.obj.alloc) != st {
		b.emitEscape(c, f, st.Val)
	}
}

// owns reports whether the integer register k passes to p for good: once p has
// started, no other goroutine uses it but those that p starts itself.
func (p *proc) owns(k regKey) bool {
	if len(p.spawns) != 1 {
		return false
	}
	for _, q := range p.b.procs {
		if q != p && q.parent == p.parent && slices.Contains(q.importInts, k) {
			return false
		}
	}
	reg := p.parent.ints[k]
	shape := &model.Proc{Refs: len(p.parent.refs), Ints: len(p.parent.ints)}
	return !p.parent.foreign(k) && !p.parent.reaches(p.spawns, func(i int) (hit, stop bool) {
		n := &p.parent.nodes[i]
		hit = i == p.spawns[0] || writesInt(n, reg)
		uses(shape, n, func(r int) { hit = hit || r == shape.Refs+reg })
		return hit, false
	})
}
