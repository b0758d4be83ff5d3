package locks

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/place"
)

// A world is what is known of the package.
type world struct {
	pkg        *chanssa.Package
	paths      place.Paths
	names      map[ssa.Value]name
	single     map[*ssa.Alloc]ssa.Value
	stores     map[*ssa.Global]int
	reassigned map[*types.Var]bool
	element    *types.Var // stands for any element of a container
	backs      map[*types.Var]backPointer
	ids        map[*types.Var]int // see key
	conds      map[*types.Var]condLock
	summaries  map[*ssa.Function]*summary
	flows      map[*ssa.Function][]*state
	foreign    []class                                 // see findForeign
	frees      map[class]bool                          // see freed
	nilFields  map[*types.Var]bool                     // see neverNil
	callers    map[*ssa.Function][]ssa.CallInstruction // see starts
	active     map[*ssa.Function]bool                  // see findActive
	writers    map[class][]writing                     // see writer
	valued     map[*types.Func]bool
	invoked    map[string]bool
}

func newWorld(pkg *chanssa.Package) *world {
	w := &world{
		pkg:        pkg,
		names:      map[ssa.Value]name{},
		single:     map[*ssa.Alloc]ssa.Value{},
		stores:     map[*ssa.Global]int{},
		reassigned: map[*types.Var]bool{},
		element:    types.NewField(token.NoPos, nil, elementName, types.Typ[types.Invalid], false),
		backs:      map[*types.Var]backPointer{},
		ids:        map[*types.Var]int{},
		conds:      map[*types.Var]condLock{},
		summaries:  map[*ssa.Function]*summary{},
		flows:      map[*ssa.Function][]*state{},
	}
	w.readStores()
	w.readBacks()
	clear(w.names) // which now are told with back pointers
	w.readConds()
	w.findActive()
	return w
}

// findActive finds the functions that use locks, or call one that does. All others
// have nothing to say.
func (w *world) findActive() {
	w.readCallers()
	w.active = map[*ssa.Function]bool{}
	var work []*ssa.Function
	for _, fn := range w.pkg.Funcs {
		if w.usesLocks(fn) {
			w.active[fn] = true
			work = append(work, fn)
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range w.callers[fn] {
			if p := c.Parent(); !w.active[p] {
				w.active[p] = true
				work = append(work, p)
			}
		}
	}
}

// usesLocks reports whether fn calls a method of a lock itself.
func (w *world) usesLocks(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if _, _, ok := w.operation(call.Common()); ok {
					return true
				}
			}
		}
	}
	return false
}

// An operation is what a method of a lock does.
type operation uint8

const (
	lock operation = iota
	readLock
	unlock
	readUnlock
	tryLock
)

// operations are the methods of the locks of package sync, by type and name.
var operations = map[string]operation{
	"Mutex.Lock":       lock,
	"Mutex.Unlock":     unlock,
	"Mutex.TryLock":    tryLock,
	"RWMutex.Lock":     lock,
	"RWMutex.Unlock":   unlock,
	"RWMutex.TryLock":  tryLock,
	"RWMutex.RLock":    readLock,
	"RWMutex.RUnlock":  readUnlock,
	"RWMutex.TryRLock": tryLock,
}

// operation returns what a call does to which lock; ok is false if it is no method
// of one.
func (w *world) operation(call *ssa.CallCommon) (n name, what operation, ok bool) {
	if call.IsInvoke() {
		return w.lockerCall(call)
	}
	fn := call.StaticCallee()
	if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "sync" || len(call.Args) == 0 {
		return n, 0, false
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return n, 0, false
	}
	ptr, ok := recv.Type().(*types.Pointer)
	if !ok {
		return n, 0, false
	}
	named, ok := ptr.Elem().(*types.Named)
	if !ok {
		return n, 0, false
	}
	what, ok = operations[named.Obj().Name()+"."+fn.Name()]
	return w.nameOf(call.Args[0]), what, ok
}

// lockerCall is operation for the methods of a sync.Locker.
func (w *world) lockerCall(call *ssa.CallCommon) (n name, what operation, ok bool) {
	if pkg := call.Method.Pkg(); pkg == nil || pkg.Path() != "sync" {
		return n, 0, false
	}
	n, read, known := w.lockOfCond(call.Value)
	if !known {
		n = w.nameOf(call.Value)
	}
	switch name := call.Method.Name(); {
	case name == "Lock" && read:
		return n, readLock, true
	case name == "Lock":
		return n, lock, true
	case name == "Unlock" && read:
		return n, readUnlock, true
	case name == "Unlock":
		return n, unlock, true
	}
	return n, 0, false
}

// callee returns the function of the package that a call reaches, or nil.
func (w *world) callee(call *ssa.CallCommon) *ssa.Function {
	if call.IsInvoke() {
		return nil
	}
	fn := w.functionOf(call.Value)
	if fn == nil {
		return nil
	}
	if o := fn.Origin(); o != nil && fn.Blocks == nil {
		fn = o
	}
	if fn.Blocks == nil || fn.Pkg != w.pkg.SSA {
		return nil
	}
	return fn
}

// functionOf returns the function that v is: itself, a closure of it, or a local
// variable that holds only that.
func (w *world) functionOf(v ssa.Value) *ssa.Function {
	for range 4 {
		switch x := v.(type) {
		case *ssa.Function:
			return x
		case *ssa.MakeClosure:
			return x.Fn.(*ssa.Function)
		case *ssa.UnOp:
			cell := place.Cell(x.X)
			if x.Op != token.MUL || cell == nil {
				return nil
			}
			v = w.onlyValue(cell)
		default:
			return nil
		}
	}
	return nil
}

// findForeign finds the classes of which one goroutine may give up a lock for
// another one.
func (w *world) findForeign() {
	for _, fn := range w.pkg.Funcs {
		s := w.summary(fn)
		if len(s.frees) == 0 && len(s.freesOther) == 0 || w.onlyCalled(fn) {
			continue
		}
		for n := range s.frees {
			w.foreign = append(w.foreign, classOf(n))
		}
		for c := range s.freesOther {
			w.foreign = append(w.foreign, c)
		}
	}
}

// isForeign reports whether another goroutine may give up the lock.
func (w *world) isForeign(n name) bool {
	return slices.ContainsFunc(w.foreign, func(c class) bool { return w.meet(c, classOf(n)) })
}
