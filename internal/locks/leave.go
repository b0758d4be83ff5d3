package locks

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Left is a return that leaves a lock locked which other ways through the
// function unlock.
type Left struct {
	Return  token.Pos
	Held    token.Pos   // where the lock is taken
	Read    bool        // for reading
	Blocked []token.Pos // the calls that take it again, and block: in the order of the source
}

// left finds the returns of fn that leave a lock locked for ever: no function of
// the package unlocks what another one has locked, and fn itself unlocks it
// elsewhere. A function that locks for its caller says so by what it returns: a
// return of nil for an error, or of anything but an error, is none of these.
func (w *world) left(fn *ssa.Function) []*Left {
	var out []*Left
	at := w.flow(fn)
	for _, b := range fn.Blocks {
		ret, ok := last(b).(*ssa.Return)
		if !ok || at[b.Index] == nil || b == fn.Recover || !fails(ret) {
			continue
		}
		s := at[b.Index].clone()
		for _, instr := range b.Instrs {
			w.step(s, instr, nil)
		}
		for n, h := range s.held {
			if !w.closed(n, fn) || !w.unlocks(fn, n) || w.freed(n) {
				continue
			}
			if blocked := w.next(n, h); len(blocked) > 0 {
				out = append(out, &Left{Return: returnPos(ret), Held: h.at, Read: h.read, Blocked: blocked})
			}
		}
	}
	return out
}

// fails reports whether a return hands nothing to its caller, or an error that is
// not plainly nil.
func fails(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return true
	}
	err := ret.Results[len(ret.Results)-1]
	if !types.Identical(err.Type(), types.Universe.Lookup("error").Type()) {
		return false
	}
	c, ok := err.(*ssa.Const)
	return !ok || !c.IsNil()
}

// closed reports whether only the package can reach the lock, and others than fn
// can.
func (w *world) closed(n name, fn *ssa.Function) bool {
	c := classOf(n)
	switch {
	case c.pointer || w.shared(c) || fresh(n, fn):
		return false
	case c.field != nil:
		return !c.field.Exported() || w.pkg.SSA.Pkg.Name() == "main"
	}
	g, ok := c.root.(*ssa.Global)
	return !ok || !ast.IsExported(g.Name())
}

// unlocks reports whether fn unlocks n on some path.
func (w *world) unlocks(fn *ssa.Function, n name) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			m, what, ok := w.operation(&call.Call)
			if ok && m == n && (what == unlock || what == readUnlock) {
				return true
			}
		}
	}
	return false
}

// freed reports whether some function gives up a lock of the class of n that it
// has not taken.
func (w *world) freed(n name) bool {
	if w.frees == nil {
		w.frees = map[class]bool{}
		for _, s := range w.summaries {
			for f := range s.frees {
				w.frees[classOf(f)] = true
			}
			for c := range s.freesOther {
				w.frees[c] = true
			}
		}
	}
	for c := range w.frees {
		if w.meet(c, classOf(n)) {
			return true
		}
	}
	return false
}

// next returns the places in the package that take the lock in a way in which h
// keeps it from being taken.
func (w *world) next(n name, h hold) []token.Pos {
	var found []token.Pos
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				m, what, ok := w.operation(&call.Call)
				if ok && classOf(m) == classOf(n) && (what == lock || what == readLock && !h.read) && !fresh(m, fn) {
					found = append(found, call.Pos())
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// returnPos is the position of a return; an implicit one stands at the end of the
// function.
func returnPos(ret *ssa.Return) token.Pos {
	if ret.Pos().IsValid() {
		return ret.Pos()
	}
	if syntax := ret.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return ret.Parent().Pos()
}
