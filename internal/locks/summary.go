package locks

import (
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A summary is what a call of a function does to locks, in the names of the
// function.
type summary struct {
	takes      []taking
	frees      map[name]bool  // given up on some path without having been taken
	freesOther map[class]bool // the same for locks that the caller has no name for
	leaves     map[name]hold  // held at every return
	mayLeave   map[name]hold  // held at some return
	busy       bool           // being computed
}

// A taking is a lock that a call of a function takes.
type taking struct {
	name       name
	read       bool
	at         ssa.CallInstruction // the call of the method
	regains    bool                // on some path it has been given up before
	conditions int                 // how many functions on the way to it may return without it
	told       bool                // one of them decides that by a parameter
}

// maxTakes bounds the takings of one summary.
const maxTakes = 48

func (w *world) summary(fn *ssa.Function) *summary {
	if s, ok := w.summaries[fn]; ok {
		return s
	}
	sum := &summary{
		frees: map[name]bool{}, freesOther: map[class]bool{},
		leaves: map[name]hold{}, mayLeave: map[name]hold{}, busy: true,
	}
	w.summaries[fn] = sum
	at := w.flow(fn)
	first := true
	for _, b := range fn.Blocks {
		if at[b.Index] == nil {
			continue
		}
		s := at[b.Index].clone()
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && !s.lost {
				w.addTakings(sum, call, s)
			}
			w.step(s, instr, sum)
		}
		if _, ok := last(b).(*ssa.Return); ok {
			add(sum.mayLeave, s.maybe)
			if first {
				first, sum.leaves = false, maps.Clone(s.held)
			} else {
				maps.DeleteFunc(sum.leaves, func(n name, _ hold) bool { _, ok := s.held[n]; return !ok })
			}
		}
	}
	sum.busy = false
	return sum
}

func last(b *ssa.BasicBlock) ssa.Instruction { return b.Instrs[len(b.Instrs)-1] }

// addTakings notes what a call takes.
func (w *world) addTakings(sum *summary, call *ssa.Call, s *state) {
	for _, t := range w.takings(call) {
		if len(sum.takes) >= maxTakes {
			return
		}
		t.regains = t.regains || s.gone[t.name]
		if !inevitable(call) {
			t.conditions++
			t.told = t.told || told(call)
		}
		sum.takes = append(sum.takes, t)
	}
}

// inevitable reports whether every way through the function that returns passes
// instr.
func inevitable(instr ssa.Instruction) bool {
	avoid := instr.Block()
	fn := instr.Parent()
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == avoid || seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		if _, ok := last(b).(*ssa.Return); ok && b != fn.Recover {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// told reports whether the caller or the state of objects decides if instr runs: a
// test of a parameter, or of a flag or number in memory, as atomics are.
func told(instr ssa.Instruction) bool {
	at := instr.Block()
	for b := at.Idom(); b != nil; b = b.Idom() {
		test, ok := last(b).(*ssa.If)
		if ok && decides(test.Cond, 0) && !(reaches(b.Succs[0], at) && reaches(b.Succs[1], at)) {
			return true
		}
	}
	return false
}

// decides reports whether a condition is a parameter, a flag or the result of a
// call, or compares such a thing with anything but nil.
func decides(v ssa.Value, depth int) bool {
	if depth > 4 {
		return true
	}
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Call:
		return true
	case *ssa.UnOp:
		return v.Op == token.MUL || decides(v.X, depth+1)
	case *ssa.BinOp:
		return !isNil(v.X) && !isNil(v.Y) && (given(v.X) || given(v.Y))
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return decides(e, depth+1) })
	}
	return false
}

// given reports whether v is a parameter, is loaded from memory, or is the result of
// a call, but for a length.
func given(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	case *ssa.UnOp:
		return v.Op == token.MUL
	case *ssa.Call:
		_, builtin := v.Call.Value.(*ssa.Builtin)
		return !builtin
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// reaches reports whether a path leads from one block to another.
func reaches(from, to *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b.Index] {
			seen[b.Index] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
