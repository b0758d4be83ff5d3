package place

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A World is what one package shows about the stores to its fields and
// variables. An unexported field is a closed world: every store to it stands
// in the package.
type World struct {
	pkg      *types.Package
	opaque   bool // unsafe or cgo may store behind our back
	taken    map[*types.Var]bool
	restored map[*types.Var]bool // stored to in objects that other functions can already see
	assigned map[*types.Var]bool // assigned anything but nil, anywhere
	cells    map[ssa.Value]*cell
}

// A cell is a variable that lives in memory: captured by a closure, or global.
type cell struct {
	taken  bool
	stores []*ssa.Store
}

// NewWorld reads the stores of a package out of its syntax and its functions.
func NewWorld(pkg *types.Package, files []*ast.File, info *types.Info, funcs []*ssa.Function) *World {
	w := &World{
		pkg:      pkg,
		taken:    map[*types.Var]bool{},
		restored: map[*types.Var]bool{},
		assigned: map[*types.Var]bool{},
		cells:    map[ssa.Value]*cell{},
	}
	for _, imp := range pkg.Imports() {
		if imp.Path() == "unsafe" || imp.Path() == "runtime/cgo" {
			w.opaque = true
		}
	}
	for _, file := range files {
		for _, imp := range file.Imports {
			if imp.Path.Value == `"C"` || imp.Path.Value == `"unsafe"` {
				w.opaque = true
			}
		}
		w.readSyntax(file, info)
	}
	for _, fn := range funcs {
		w.readFunc(fn)
	}
	return w
}

// Tracked reports whether every store to p can be seen: no pointer to one of
// its variables or fields is handed around.
func (w *World) Tracked(p Place) bool {
	if !p.Mem {
		return true
	}
	if p.Path.Has(func(f *types.Var) bool { return w.taken[f] }) {
		return false
	}
	switch p.Root.(type) {
	case *ssa.Alloc, *ssa.Global:
		c := w.cells[p.Root]
		return c == nil || !c.taken
	}
	return p.Path != nil
}

// Restorable reports whether code that fn does not contain may store to p
// while fn runs: another function that is called or whose goroutine gets its
// turn, or another package.
func (w *World) Restorable(p Place, fn *ssa.Function) bool {
	if !p.Mem {
		return false
	}
	if p.Path.Has(func(f *types.Var) bool {
		return f.Exported() || f.Pkg() != w.pkg || w.restored[f] || w.opaque
	}) {
		return true
	}
	switch root := p.Root.(type) {
	case *ssa.Global:
		return root.Object() == nil || root.Object().Exported() || w.storedOutside(root, initOf(root)) || w.opaque
	case *ssa.Alloc:
		if fn == root.Parent() {
			return w.storedOutside(root, fn)
		}
		c := w.cells[root]
		return c != nil && (len(c.stores) > 1 || len(c.stores) == 1 && c.stores[0].Parent() != root.Parent())
	}
	return false
}

func initOf(g *ssa.Global) *ssa.Function {
	if g.Pkg == nil {
		return nil
	}
	return g.Pkg.Func("init")
}

func (w *World) storedOutside(root ssa.Value, fn *ssa.Function) bool {
	if c := w.cells[root]; c != nil {
		for _, st := range c.stores {
			if st.Parent() != fn {
				return true
			}
		}
	}
	return false
}

// NeverAssigned reports whether no code can have assigned anything but nil to
// p, so that the channel in it is nil for ever.
func (w *World) NeverAssigned(p Place) bool {
	if !p.Mem || w.opaque || !w.Tracked(p) {
		return false
	}
	if f := p.Field(); f != nil {
		return !f.Exported() && f.Pkg() == w.pkg && !w.assigned[f]
	}
	switch root := p.Root.(type) {
	case *ssa.Global:
		v, ok := root.Object().(*types.Var)
		return ok && p.Path == nil && !v.Exported() && v.Pkg() == w.pkg && !w.assigned[v]
	case *ssa.Alloc:
		c := w.cells[root]
		return p.Path == nil && isChan(root.Type()) && (c == nil || len(c.stores) == 0)
	}
	return false
}

// Assigned reports whether the variable or field v is anywhere assigned
// anything but nil.
func (w *World) Assigned(v *types.Var) bool { return w.assigned[v.Origin()] }

func isChan(ptr types.Type) bool {
	p, ok := ptr.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Chan)
	return ok
}

// OnlyStore returns the one store to the variable with address root, or nil if
// there are several or none, or if its address is handed around.
func (w *World) OnlyStore(root ssa.Value) *ssa.Store {
	c := w.cells[root]
	if c == nil || c.taken || len(c.stores) != 1 {
		return nil
	}
	return c.stores[0]
}

func (w *World) cell(root ssa.Value) *cell {
	c := w.cells[root]
	if c == nil {
		c = new(cell)
		w.cells[root] = c
	}
	return c
}

// readFunc records the stores of one function and the addresses it hands
// around.
func (w *World) readFunc(fn *ssa.Function) {
	for _, fv := range fn.FreeVars {
		w.readUses(fv)
	}
	var operands []*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				w.readStore(fn, instr)
			case *ssa.Alloc:
				w.readUses(instr)
			case *ssa.FieldAddr:
				w.readUses(instr)
			case *ssa.ChangeType: // between struct types, explicit or not
				w.assignFields(instr.Type())
			}
			operands = instr.Operands(operands[:0])
			for _, op := range operands {
				if g, ok := (*op).(*ssa.Global); ok && leads(g.Type()) && !plainUse(instr, g) {
					w.cell(g).taken = true
				}
			}
		}
	}
}

// leads reports whether a pointer of type t points to a channel or to something
// that may hold or lead to one.
func leads(t types.Type) bool {
	ptr, ok := t.Underlying().(*types.Pointer)
	return ok && Follows(ptr.Elem())
}

// Follows reports whether a value of type t is a channel, a function, or a struct or
// pointer that one may be reached from.
func Follows(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Chan, *types.Pointer, *types.Struct, *types.Signature:
		return true
	}
	return false
}

func (w *World) readStore(fn *ssa.Function, st *ssa.Store) {
	if !Follows(st.Val.Type()) {
		return
	}
	if root := Cell(st.Addr); root != nil {
		c := w.cell(root)
		c.stores = append(c.stores, st)
	}
	if fa, ok := st.Addr.(*ssa.FieldAddr); ok && !Fresh(fa, fn) {
		w.restored[FieldOf(fa)] = true
	}
	if !Fresh(st.Addr, fn) {
		for f := range FieldsOf(st.Val.Type()) {
			w.restored[f] = true
		}
	}
}

// readUses marks the variable or field with address v as taken if v is used
// for anything but loads and stores.
func (w *World) readUses(v ssa.Value) {
	ptr, ok := v.Type().Underlying().(*types.Pointer)
	if !ok || v.Referrers() == nil {
		return
	}
	switch ptr.Elem().Underlying().(type) {
	case *types.Chan, *types.Pointer, *types.Signature:
	default:
		return // leads to no channel; or a struct, where stores through the pointer are stores to fields
	}
	for _, ref := range *v.Referrers() {
		if plainUse(ref, v) {
			continue
		}
		if fa, ok := v.(*ssa.FieldAddr); ok {
			w.taken[FieldOf(fa)] = true
		} else if root := Cell(v); root != nil {
			w.cell(root).taken = true
		}
	}
}

// plainUse reports whether instr merely loads from, stores to, selects from or
// captures the variable with address v.
func plainUse(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.Store:
		return instr.Addr == v && instr.Val != v
	case *ssa.UnOp:
		return instr.Op == token.MUL
	case *ssa.FieldAddr, *ssa.DebugRef:
		return true
	case *ssa.MakeClosure:
		fn, ok := instr.Fn.(*ssa.Function)
		return ok && fn.Parent() != nil
	}
	return false
}

// Fresh reports whether addr lies in an object that fn itself allocates, so
// that a store to it initializes.
func Fresh(addr ssa.Value, fn *ssa.Function) bool {
	for range maxNesting {
		switch x := addr.(type) {
		case *ssa.Alloc:
			return x.Parent() == fn
		case *ssa.FieldAddr:
			addr = x.X
		default:
			return false
		}
	}
	return false
}

// FieldOf returns the origin of the field that fa selects.
func FieldOf(fa *ssa.FieldAddr) *types.Var {
	if p, ok := fa.X.Type().Underlying().(*types.Pointer); ok {
		return structField(p.Elem(), fa.Field)
	}
	return structField(fa.X.Type(), fa.Field)
}

// FieldOfValue returns the origin of the field that f selects.
func FieldOfValue(f *ssa.Field) *types.Var { return structField(f.X.Type(), f.Field) }

// structField returns field i of the struct type t. For a type parameter with
// a core type that is the field of the core type.
func structField(t types.Type, i int) *types.Var {
	if s, ok := coreStruct(t); ok && i < s.NumFields() {
		return s.Field(i).Origin()
	}
	return types.NewField(token.NoPos, nil, "?", types.Typ[types.Invalid], false)
}
