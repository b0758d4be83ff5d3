package locks

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A name tells which lock an address leads to: the fields and pointers on the way
// from a register that holds a pointer, or from a variable. Equal names are the
// same lock as long as the register is not assigned anew.
type name struct {
	root ssa.Value
	path *place.Path
}

// A class is what locks of equal names have in common: the field that they are,
// or the variable. Classes of two locks of a type are equal.
type class struct {
	field   *types.Var
	root    ssa.Value // if field is nil
	pointer bool      // the field or variable holds a pointer to the lock
}

func classOf(n name) class {
	if n.path == nil {
		switch n.root.(type) {
		case *ssa.Global, *ssa.Alloc:
			return class{root: n.root}
		}
		return class{root: n.root, pointer: true}
	}
	pointer := n.path.Field == nil || isElement(n.path.Field)
	for p := n.path; p != nil; p = p.Parent {
		if p.Field != nil && !isElement(p.Field) {
			return class{field: p.Field, pointer: pointer}
		}
	}
	return class{root: n.root, pointer: pointer}
}

// meet reports whether a lock of one class may be a lock of the other: they are
// the same, or a pointer may lead to what has had its address taken.
func (w *world) meet(a, b class) bool {
	return a == b || a.pointer && w.shared(b) || b.pointer && w.shared(a)
}

// shared reports whether pointers may lead to locks of the class.
func (w *world) shared(c class) bool {
	if c.pointer {
		return true
	}
	if c.field != nil {
		return w.reassigned[c.field]
	}
	switch root := c.root.(type) {
	case *ssa.Alloc:
		return handedOn(root)
	case *ssa.Global:
		return w.stores[root] > 0
	}
	return true
}

// maxPath bounds how many fields and pointers a name goes through.
const maxPath = 12

// nameOf returns the name of the memory that v points to.
func (w *world) nameOf(v ssa.Value) name {
	if n, ok := w.names[v]; ok {
		return n
	}
	w.names[v] = name{root: v} // if it depends on itself
	n := w.resolve(v)
	if n.path.Depth() > maxPath {
		n = name{root: v}
	}
	w.names[v] = n
	return n
}

func (w *world) resolve(v ssa.Value) name {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		n := w.nameOf(v.X)
		return name{n.root, w.paths.Append(n.path, place.FieldOf(v))}
	case *ssa.FreeVar:
		if b := place.Binding(v); b != nil {
			return w.nameOf(b)
		}
	case *ssa.ChangeType:
		return w.nameOf(v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return w.loaded(v)
		}
	case *ssa.Phi:
		return w.merged(v)
	}
	return name{root: v}
}

// loaded names what the pointer that v loads points to, if it is the same pointer
// at every load.
func (w *world) loaded(v *ssa.UnOp) name {
	if cell := place.Cell(v.X); cell != nil {
		if val := w.onlyValue(cell); val != nil {
			return w.nameOf(val)
		}
		g, ok := cell.(*ssa.Global)
		if !ok || w.stores[g] > 0 {
			return name{root: v}
		}
		return name{g, w.paths.Append(nil, nil)}
	}
	n := w.nameOf(v.X)
	if n.path == nil || n.path.Field == nil || w.reassigned[n.path.Field] {
		return name{root: v}
	}
	return w.indirect(n)
}

// merged names what all values of a phi point to, if that is one thing.
func (w *world) merged(v *ssa.Phi) name {
	var all name
	for i, e := range v.Edges {
		n := w.nameOf(e)
		if i > 0 && n != all || n.root == v {
			return name{root: v}
		}
		all = n
	}
	return all
}

// onlyValue returns what is stored in a local variable, if there is one store.
func (w *world) onlyValue(cell ssa.Value) ssa.Value {
	alloc, ok := cell.(*ssa.Alloc)
	if !ok {
		return nil
	}
	if v, ok := w.single[alloc]; ok {
		return v
	}
	var val ssa.Value
	if n := countStores(alloc, &val, 0); n != 1 {
		val = nil
	}
	w.single[alloc] = val
	return val
}

// countStores counts the stores to the variable at addr, in its function and its
// literals. What hands on the address counts as two.
func countStores(addr ssa.Value, val *ssa.Value, depth int) int {
	if depth > 8 {
		return 2
	}
	n := 0
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr != addr {
				return 2
			}
			*val = r.Val
			n++
		case *ssa.MakeClosure:
			fn := r.Fn.(*ssa.Function)
			for i, b := range r.Bindings {
				if b == addr {
					n += countStores(fn.FreeVars[i], val, depth+1)
				}
			}
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
		default:
			return 2
		}
	}
	return n
}

// translate returns what the callee's name n is called in the function that makes
// the call; ok is false if it has no name there. What the callee has found in a
// container is some element of it: see isSome.
func (w *world) translate(n name, call *ssa.CallCommon, callee *ssa.Function) (out name, ok bool) {
	switch root := n.root.(type) {
	case *ssa.Global:
		return n, true
	case *ssa.Parameter:
		if root.Parent() != callee {
			return n, true // of a function around a literal
		}
		for i, p := range callee.Params {
			if p == root && i < len(call.Args) {
				base := w.nameOf(call.Args[i])
				out = w.join(base, n.path)
				return out, out.path.Depth() <= maxPath
			}
		}
		return n, false
	case ssa.Instruction:
		if root.Parent() != callee {
			return n, true
		}
		if some := w.relation(n); some.root != n.root {
			return w.translate(some, call, callee)
		}
	}
	return n, false
}

// isSome reports whether n is the name of any element of a container.
func isSome(n name) bool {
	return n.path.Has(isElement)
}

// isElement reports whether a step of a path is one to any element of a container.
func isElement(f *types.Var) bool { return f.Pkg() == nil && f.Name() == elementName }

const elementName = "[]"

// readStores records which fields are assigned in objects that other functions can
// see, which variables of the package are assigned after its initialisation, and
// of which of both the address is handed on.
func (w *world) readStores() {
	var operands []*ssa.Value
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					w.readStore(fn, instr)
				case *ssa.FieldAddr:
					if f := place.FieldOf(instr); leads(f.Type()) && handedOn(instr) {
						w.reassigned[f] = true
					}
				}
				operands = instr.Operands(operands[:0])
				for _, op := range operands {
					if g, ok := (*op).(*ssa.Global); ok && leads(g.Type().Underlying().(*types.Pointer).Elem()) && !plain(instr, g) {
						w.stores[g]++
					}
				}
			}
		}
	}
}

func (w *world) readStore(fn *ssa.Function, st *ssa.Store) {
	if g, ok := st.Addr.(*ssa.Global); ok {
		w.stores[g]++
		return
	}
	if place.Fresh(st.Addr, fn) {
		return
	}
	if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
		w.reassigned[place.FieldOf(fa)] = true
	}
	for f := range place.FieldsOf(st.Val.Type()) {
		w.reassigned[f] = true
	}
}

// leads reports whether a variable of type t is a lock, or may lead to one.
func leads(t types.Type) bool {
	if lockType(t) {
		return true
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

func lockType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "sync" {
		return false
	}
	return named.Obj().Name() == "Mutex" || named.Obj().Name() == "RWMutex"
}

// handedOn reports whether the address v of a variable or field is used for more
// than to load from it, to store to it, and to call methods of the lock that it is.
func handedOn(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		if !plain(r, v) {
			return true
		}
	}
	return false
}

// plain reports whether instr uses the address v in none but these ways.
func plain(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr:
		return true
	case *ssa.Store:
		return instr.Addr == v && instr.Val != v
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		for i, b := range instr.Bindings {
			if b == v && (fn.Synthetic != "" || handedOn(fn.FreeVars[i])) {
				return false
			}
		}
		return true
	case *ssa.MakeInterface:
		return onlyCond(instr)
	case ssa.CallInstruction:
		fn := instr.Common().StaticCallee()
		return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync" && fn.Signature.Recv() != nil
	}
	return false
}
