package typestate

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// mods is what a function and its callees in the package may store to.
type mods struct {
	fields  map[*types.Var]bool // in objects that the function did not make
	cells   map[ssa.Value]bool  // variables of the enclosing functions and of the package
	unknown bool                // other code runs meanwhile
	waits   bool                // it may wait for other goroutines
	busy    bool                // the function or a callee touches a channel at all
}

// stores reports whether p may have another content after the call.
func (m *mods) stores(a *flow, p place.Place) bool {
	if !p.Mem {
		return false
	}
	return m.cells[p.Root] || p.Path.Has(func(f *types.Var) bool { return m.fields[f] }) ||
		m.unknown && a.world.Restorable(p, a.fn)
}

func (m *mods) include(o *mods) (changed bool) {
	for f := range o.fields {
		changed = changed || !m.fields[f]
		m.fields[f] = true
	}
	for c := range o.cells {
		changed = changed || !m.cells[c]
		m.cells[c] = true
	}
	changed = changed || o.unknown && !m.unknown || o.busy && !m.busy || o.waits && !m.waits
	m.waits = m.waits || o.waits
	m.unknown = m.unknown || o.unknown
	m.busy = m.busy || o.busy
	return changed
}

// computeMods finds the mods of all functions: the direct ones, then those of
// callees until nothing changes.
func (e *engine) computeMods(funcs []*ssa.Function) {
	e.modsOf = map[*ssa.Function]*mods{}
	calls := map[*ssa.Function][]*ssa.Function{}
	for _, fn := range funcs {
		m := &mods{fields: map[*types.Var]bool{}, cells: map[ssa.Value]bool{}}
		e.modsOf[fn] = m
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if callee := e.direct(m, fn, instr); callee != nil {
					calls[fn] = append(calls[fn], callee)
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i := len(funcs) - 1; i >= 0; i-- {
			fn := funcs[i]
			for _, callee := range calls[fn] {
				if e.modsOf[fn].include(e.modsOf[callee]) {
					changed = true
				}
			}
		}
	}
}

// direct records one instruction and returns the function of the package that
// it calls, if it does.
func (e *engine) direct(m *mods, fn *ssa.Function, instr ssa.Instruction) *ssa.Function {
	switch instr := instr.(type) {
	case *ssa.Store:
		if cell := place.Cell(instr.Addr); cell != nil && cell.Parent() != fn {
			m.cells[cell] = true
		}
		if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && !place.Fresh(fa, fn) {
			m.fields[place.FieldOf(fa)] = true
		}
		if !place.Fresh(instr.Addr, fn) {
			for f := range place.FieldsOf(instr.Val.Type()) {
				m.fields[f] = true
			}
		}
	case *ssa.Send:
		m.unknown, m.waits, m.busy = true, true, true
	case *ssa.Select:
		m.unknown, m.waits, m.busy = m.unknown || instr.Blocking, m.waits || instr.Blocking, true
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			m.unknown, m.waits, m.busy = true, true, true
		}
	case *ssa.MakeChan:
		m.busy = true
	case ssa.CallInstruction:
		if b, ok := instr.Common().Value.(*ssa.Builtin); ok {
			m.busy = m.busy || b.Name() == "close"
			return nil
		}
		callee, _ := e.resolve(instr.Common())
		if callee == nil {
			m.unknown = m.unknown || !quiet(instr.Common())
			m.waits = m.waits || waits(instr.Common())
		}
		return callee
	}
	return nil
}
