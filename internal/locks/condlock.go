package locks

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A condLock is the lock of the condition variables in one field: one in the same
// object.
type condLock struct {
	path *place.Path // from the object
	read bool        // its RLocker
	lost bool        // some condition variable in the field has another one
}

// readConds finds the locks of condition variables: what the package passes to
// sync.NewCond, and assigns to a field L.
func (w *world) readConds() {
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					w.readCondStore(instr)
				case *ssa.FieldAddr:
					if f := place.FieldOf(instr); isCond(f.Type()) && isPointer(f.Type()) && handedOn(instr) {
						w.hand(w.conds[f].path)
						w.conds[f] = condLock{lost: true}
					}
				}
			}
		}
	}
}

func (w *world) readCondStore(st *ssa.Store) {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	lock, owner := st.Val, fa
	if outer, ok := fa.X.(*ssa.FieldAddr); ok && isCond(place.FieldOf(outer).Type()) {
		owner = outer // x.cond.L = &x.mu
	} else if !isCond(place.FieldOf(fa).Type()) {
		return
	} else {
		call, ok := st.Val.(*ssa.Call)
		if !ok || len(call.Call.Args) != 1 || !isFunc(&call.Call, "NewCond") {
			w.hand(w.conds[place.FieldOf(fa)].path)
			w.conds[place.FieldOf(fa)] = condLock{lost: true}
			return
		}
		lock = call.Call.Args[0]
	}
	got := w.lockBeside(owner, lock)
	field := place.FieldOf(owner)
	if old, ok := w.conds[field]; ok && old != got {
		got.lost = true
		w.hand(old.path)
	}
	if got.lost {
		w.hand(got.path)
	}
	w.conds[field] = got
}

// hand notes that pointers may lead to the lock at the end of path.
func (w *world) hand(path *place.Path) {
	if path != nil && path.Field != nil {
		w.reassigned[path.Field] = true
	}
}

// lockBeside returns the lock that a value of type sync.Locker is, as seen from
// the object of fa.
func (w *world) lockBeside(fa *ssa.FieldAddr, v ssa.Value) condLock {
	mi, ok := v.(*ssa.MakeInterface)
	read := false
	if ok {
		v = mi.X
	}
	if call, ok := v.(*ssa.Call); ok && len(call.Call.Args) == 1 && isFunc(&call.Call, "RLocker") {
		v, read = call.Call.Args[0], true
	} else if mi == nil {
		return condLock{lost: true}
	}
	n := w.nameOf(v)
	path, ok := w.from(w.nameOf(fa.X), n)
	if !ok {
		path = n.path
	}
	return condLock{path: path, read: read, lost: !ok}
}

// isFunc reports whether a call calls the function or method of package sync of
// the given name.
func isFunc(call *ssa.CallCommon, name string) bool {
	fn := call.StaticCallee()
	return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync" && fn.Name() == name
}

// lockOfCond returns the lock that v, the L of a condition variable, is; ok is
// false if that is not known.
func (w *world) lockOfCond(v ssa.Value) (n name, read, ok bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return n, false, false
	}
	l, ok := load.X.(*ssa.FieldAddr)
	if !ok || !isCond(l.X.Type()) {
		return n, false, false
	}
	cond, ok := l.X.(*ssa.FieldAddr)
	if ptr, isLoad := l.X.(*ssa.UnOp); isLoad && ptr.Op == token.MUL {
		cond, ok = ptr.X.(*ssa.FieldAddr)
	}
	if !ok {
		return n, false, false
	}
	c, ok := w.conds[place.FieldOf(cond)]
	if !ok || c.lost {
		return n, false, false
	}
	return w.join(w.nameOf(cond.X), c.path), c.read, true
}

// onlyCond reports whether a lock is made an interface only to become the lock of
// the condition variables in a field: see readConds.
func onlyCond(mi *ssa.MakeInterface) bool {
	for _, r := range *mi.Referrers() {
		call, ok := r.(*ssa.Call)
		if !ok || !isFunc(&call.Call, "NewCond") {
			return false
		}
		for _, r := range *call.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok {
				return false
			}
			if _, ok := st.Addr.(*ssa.FieldAddr); !ok {
				return false
			}
		}
	}
	return true
}
