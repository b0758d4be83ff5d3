package build

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// object returns the object of type t that v makes in f.
func (b *builder) object(f *frame, v ssa.Value, t types.Type) *object {
	k := objKey{f, v}
	if o, ok := b.objects[k]; ok {
		return o
	}
	alloc, _ := v.(*ssa.Alloc)
	o := &object{frame: f, val: v, alloc: alloc, typ: t}
	b.objects[k] = o
	return o
}

type objKey struct {
	frame *frame
	val   ssa.Value
}

// field returns the address of field i of the struct at a.
func (b *builder) field(a address, i int) address {
	a = b.original(a)
	return address{obj: a.obj, path: fieldPath(a.path, i)}
}

func fieldPath(path string, i int) string { return path + "." + strconv.Itoa(i) }

// original follows a struct that was copied whole, once, to where its contents
// come from: a value receiver or a struct parameter.
func (b *builder) original(a address) address {
	for range 8 {
		if a.obj == nil {
			return a
		}
		st := onlyStore(a.obj.alloc)
		if st == nil {
			return a
		}
		src, ok := b.val(a.obj.frame, st.Val).(content)
		if !ok {
			return a
		}
		a = address{obj: src.at.obj, path: src.at.path + a.path}
	}
	return a
}

// onlyStore returns the store to the whole variable, if there is exactly one
// and no field is stored to separately.
func onlyStore(alloc *ssa.Alloc) *ssa.Store {
	if alloc == nil {
		return nil
	}
	if _, ok := pointee(alloc.Type()).Underlying().(*types.Struct); !ok {
		return nil
	}
	var only *ssa.Store
	for _, r := range *alloc.Referrers() {
		if st, ok := r.(*ssa.Store); ok && st.Addr == alloc {
			if only != nil {
				return nil
			}
			only = st
		}
	}
	return only
}

// load returns what the cell at a holds when v is loaded from it.
func (b *builder) load(f *frame, v ssa.Value, a address) value {
	a = b.original(a)
	if b.poisoned[cellKey(a)] {
		return unknown{}
	}
	switch {
	case isChan(v.Type()):
		return ref{regKey{frame: f, val: v}} // a snapshot: see emitLoad
	case tracksInt(v.Type()) && b.isShared(cellKey(a)):
		if _, ok := v.(*ssa.UnOp); !ok {
			b.poison(cellKey(a)) // a field of a struct that was loaded as a whole
			return unknown{}
		}
		return integer{regKey{frame: f, val: v}} // see loadShared
	case tracksInt(v.Type()):
		return integer{cellKey(a)}
	case followsSlice(v.Type()):
		return unknown{} // see loadSlice
	}
	if _, ok := v.Type().Underlying().(*types.Struct); ok {
		return content{a}
	}
	return b.stored(a)
}

// stored returns the value that is stored in the cell at a, if a single store
// decides it.
func (b *builder) stored(a address) value {
	found, ok := b.ownStores(a)
	if !ok {
		return b.cellValue(a)
	}
	if a.path == "" && !a.obj.alloc.Heap && len(found) > 1 {
		found = slices.DeleteFunc(slices.Clone(found), isNil) // a result: see staticResult
	}
	switch len(found) {
	case 0:
		return unknown{}
	case 1:
		return b.val(a.obj.frame, found[0])
	}
	return unknown{}
}

func isNil(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.IsNil()
}

// cellStores collects what is stored at the given field path of addr, in the
// function that owns the variable and in its literals. It reports whether that
// is all: a field that another function stores through a pointer is not.
func (b *builder) cellStores(addr ssa.Value, path string, found *[]ssa.Value) bool {
	if _, ok := pointee(addr.Type()).Underlying().(*types.Array); ok && path != "" {
		return false
	}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				if path != "" {
					return false
				}
				*found = append(*found, r.Val)
			}
		case *ssa.FieldAddr:
			if rest, ok := strings.CutPrefix(path, fieldPath("", r.Field)); ok && (rest == "" || rest[0] == '.') {
				if b.assignedElsewhere(fieldOf(r)) || !b.cellStores(r, rest, found) {
					return false
				}
			}
		case *ssa.MakeClosure:
			for i, bind := range r.Bindings {
				if bind != addr {
					continue
				}
				n := len(*found)
				if !b.cellStores(r.Fn.(*ssa.Function).FreeVars[i], path, found) || len(*found) > n {
					return false // assigned in a literal: order unknown
				}
			}
		case *ssa.UnOp, *ssa.DebugRef, *ssa.IndexAddr:
		default:
			if path == "" {
				return false // its address is handed on
			}
		}
	}
	return true
}

// fieldOf returns the field variable that a FieldAddr addresses, as declared by
// the generic type if there is one.
func fieldOf(fa *ssa.FieldAddr) *types.Var {
	st := pointee(fa.X.Type()).Underlying().(*types.Struct)
	return st.Field(fa.Field).Origin()
}

// assignedElsewhere reports whether the package stores to the field through a
// pointer that is not a variable of the storing function, that is, anywhere but
// in a constructor.
func (b *builder) assignedElsewhere(field *types.Var) bool {
	if b.assigned == nil {
		b.assigned = map[*types.Var]bool{}
		for _, fn := range b.pkg.Funcs {
			for _, blk := range fn.Blocks {
				for _, instr := range blk.Instrs {
					st, ok := instr.(*ssa.Store)
					if !ok {
						continue
					}
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok && !IsLocal(fa.X) {
						b.assigned[fieldOf(fa)] = true
					}
				}
			}
		}
	}
	return b.assigned[field]
}

// IsLocal reports whether v points into a variable of its own function.
func IsLocal(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.FieldAddr:
			v = x.X
		default:
			return false
		}
	}
}

// primCells yields the field paths within t that hold a synchronisation
// primitive or a channel, to a depth that real types do not exceed.
func primCells(t types.Type, path string, depth int, yield func(path string, t types.Type)) {
	if primOf(t) != noPrim || isChan(t) || tracksInt(t) {
		yield(path, t)
		return
	}
	if arr, ok := t.Underlying().(*types.Array); ok && followsArray(arr) {
		for i := range int(arr.Len()) {
			primCells(arr.Elem(), fieldPath(path, i), depth, yield)
		}
		return
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return
	}
	for i := range st.NumFields() {
		primCells(st.Field(i).Type(), fieldPath(path, i), depth-1, yield)
	}
}

// A syncPrim is a primitive that a variable holds by value.
type syncPrim uint8

const (
	noPrim syncPrim = iota
	waitGroup
	mutex
	once
	errGroup
	condVar
)

func primOf(t types.Type) syncPrim {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return noPrim
	}
	switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
	case "sync.WaitGroup":
		return waitGroup
	case "sync.Mutex", "sync.RWMutex":
		return mutex
	case "sync.Once":
		return once
	case "sync.Cond":
		return condVar
	case "golang.org/x/sync/errgroup.Group":
		return errGroup
	}
	return noPrim
}

// HoldsPrimitive reports whether the variable holds a wait group or, if locks is
// set, a mutex by value.
func HoldsPrimitive(v *ssa.Alloc, locks bool) bool {
	found := false
	primCells(pointee(v.Type()), "", 3, func(_ string, t types.Type) {
		if p := primOf(t); p == waitGroup || p == errGroup || locks && p == mutex {
			found = true
		}
	})
	return found
}
