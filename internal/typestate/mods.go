package typestate

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// mods is what a function and its callees in the package may do, whether or
// not it is inevitable.
type mods struct {
	stored  bitset // numbers of fields in objects that it did not make, and of variables that are not its own
	unknown bool   // other code runs meanwhile
	waits   bool   // it may wait for other goroutines
	closes  bool   // it closes some channel
	touches bool   // it sends on some channel, or learns that one is closed

	nilOps bool // it uses a channel that may be nil; of the function alone
}

// A bitset is a set of small numbers.
type bitset []uint64

func (b *bitset) add(n int) {
	for len(*b) <= n/64 {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bitset) has(n int) bool { return n/64 < len(b) && b[n/64]&(1<<(n%64)) != 0 }

// addAll adds the elements of o and reports whether any was missing.
func (b *bitset) addAll(o bitset) (changed bool) {
	for len(*b) < len(o) {
		*b = append(*b, 0)
	}
	for i, w := range o {
		if w&^(*b)[i] != 0 {
			(*b)[i] |= w
			changed = true
		}
	}
	return changed
}

// number returns the number of a field or variable, giving out new ones.
func (e *engine) number(v any) int {
	n, ok := e.numbers[v]
	if !ok {
		n = len(e.numbers)
		e.numbers[v] = n
	}
	return n
}

// stores reports whether p may have another content after the call.
func (m *mods) stores(a *flow, p place.Place) bool {
	if !p.Mem {
		return false
	}
	if n, ok := a.numbers[p.Root]; ok && m.stored.has(n) {
		return true
	}
	return p.Path.Has(func(f *types.Var) bool {
		n, ok := a.numbers[f]
		return ok && m.stored.has(n)
	}) || m.unknown && a.world.Restorable(p, a.fn)
}

func (m *mods) include(o *mods) (changed bool) {
	changed = m.stored.addAll(o.stored)
	for _, f := range [...]struct {
		to   *bool
		from bool
	}{{&m.unknown, o.unknown}, {&m.waits, o.waits}, {&m.closes, o.closes}, {&m.touches, o.touches}} {
		if f.from && !*f.to {
			*f.to, changed = true, true
		}
	}
	return changed
}

// computeMods finds the mods of all functions: the direct ones, then those of
// callees until nothing changes.
func (e *engine) computeMods(funcs []*ssa.Function) {
	callers := map[*ssa.Function][]*ssa.Function{}
	for _, fn := range funcs {
		m := new(mods)
		e.modsOf[fn] = m
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if callee := e.direct(m, fn, instr); callee != nil {
					callers[callee] = append(callers[callee], fn)
					e.callees[fn] = append(e.callees[fn], callee)
				}
			}
		}
	}
	queued := map[*ssa.Function]bool{}
	var queue []*ssa.Function
	push := func(fn *ssa.Function) {
		if !queued[fn] {
			queued[fn] = true
			queue = append(queue, fn)
		}
	}
	for i := len(funcs) - 1; i >= 0; i-- {
		push(funcs[i])
	}
	for len(queue) > 0 {
		fn := queue[0]
		queue = queue[1:]
		queued[fn] = false
		for _, caller := range callers[fn] {
			if e.modsOf[caller].include(e.modsOf[fn]) {
				push(caller)
			}
		}
	}
}

// direct records one instruction and returns the function of the package that
// it calls, if it does.
func (e *engine) direct(m *mods, fn *ssa.Function, instr ssa.Instruction) *ssa.Function {
	switch instr := instr.(type) {
	case *ssa.Store:
		e.directStore(m, fn, instr)
	case *ssa.Send:
		m.unknown, m.waits, m.touches = true, true, true
		m.nilOps = m.nilOps || e.maybeNil(instr.Chan)
	case *ssa.Select:
		m.unknown, m.waits = m.unknown || instr.Blocking, m.waits || instr.Blocking
		for _, st := range instr.States {
			m.touches = m.touches || st.Dir == types.SendOnly
		}
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			m.unknown, m.waits, m.touches = true, true, m.touches || instr.CommaOk
			m.nilOps = m.nilOps || e.maybeNil(instr.X)
		}
	case ssa.CallInstruction:
		return e.directCall(m, instr.Common())
	}
	return nil
}

func (e *engine) directCall(m *mods, c *ssa.CallCommon) *ssa.Function {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		m.closes = m.closes || b.Name() == "close"
		return nil
	}
	callee, args := e.resolve(c)
	if callee == nil {
		m.unknown = m.unknown || !quiet(c)
		m.waits = m.waits || waits(c)
	}
	for _, arg := range args {
		if _, ok := arg.Type().Underlying().(*types.Chan); ok && isNil(arg) {
			m.nilOps = true
		}
	}
	return callee
}

func (e *engine) directStore(m *mods, fn *ssa.Function, st *ssa.Store) {
	if !place.Follows(st.Val.Type()) {
		return
	}
	if cell := place.Cell(st.Addr); cell != nil && cell.Parent() != fn {
		m.stored.add(e.number(cell))
	}
	if place.Fresh(st.Addr, fn) {
		return
	}
	if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
		m.stored.add(e.number(place.FieldOf(fa)))
	}
	for f := range place.FieldsOf(st.Val.Type()) {
		m.stored.add(e.number(f))
	}
}

// maybeNil reports whether the channel c could be nil as far as one look at
// where it comes from can tell.
func (e *engine) maybeNil(c ssa.Value) bool {
	switch c := c.(type) {
	case *ssa.Const, *ssa.Phi:
		return true
	case *ssa.ChangeType:
		return e.maybeNil(c.X)
	case *ssa.UnOp:
		if root := place.Cell(c.X); root != nil {
			return e.world.OnlyStore(root) == nil
		}
		if fa, ok := c.X.(*ssa.FieldAddr); ok {
			base, path := place.FieldsFrom(&e.paths, fa)
			_, fresh := base.(*ssa.Alloc)
			return fresh || e.world.NeverAssigned(place.Place{Root: base, Path: path, Mem: true})
		}
	case *ssa.Call, *ssa.Extract:
		return false
	}
	return false
}
