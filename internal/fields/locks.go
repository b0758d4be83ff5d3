package fields

import (
	"maps"

	"golang.org/x/tools/go/ssa"
)

// locks are the locks that are certainly held, true if for writing.
type locks map[key]bool

// common returns the locks that are held in both, for writing only if in both.
func (l locks) common(o locks) locks {
	out := locks{}
	for k, write := range l {
		if w, ok := o[k]; ok {
			out[k] = write && w
		}
	}
	return out
}

// exclude reports whether a lock in both keeps one holder from running while
// the other does.
func (l locks) exclude(o locks) bool {
	for k, write := range l {
		if w, ok := o[k]; ok && (write || w) {
			return true
		}
	}
	return false
}

// forWriting reports whether a lock is held for writing in both.
func (l locks) forWriting(o locks) bool {
	for k, write := range l {
		if write && o[k] {
			return true
		}
	}
	return false
}

// A lockFlow is the locks held at the start of each block.
type lockFlow struct {
	at      []locks
	assumed locks // held on entry, for fn unlocks them without having locked them
}

// locksAt returns the locks that are certainly held when instr runs, as far as
// they are fields or variables that have names.
func (w *world) locksAt(instr ssa.Instruction) locks {
	fn := instr.Parent()
	f := w.flow(fn)
	held := f.at[instr.Block().Index]
	if held == nil {
		return locks{}
	}
	held = maps.Clone(held)
	for _, i := range instr.Block().Instrs {
		if i == instr {
			break
		}
		w.lockStep(held, i)
	}
	maps.Copy(held, w.entry(fn))
	return held
}

// flow solves the locks inside one function, those on entry left out.
func (w *world) flow(fn *ssa.Function) *lockFlow {
	if f := w.flows[fn]; f != nil {
		return f
	}
	f := &lockFlow{at: make([]locks, len(fn.Blocks)), assumed: locks{}}
	w.flows[fn] = f
	if len(fn.Blocks) == 0 {
		return f
	}
	w.solve(fn, f)
	if w.assume(fn, f) {
		clear(f.at)
		w.solve(fn, f)
	}
	return f
}

// assume finds the locks that fn unlocks although it does not hold them: its
// caller has locked them, or the function that starts it as a goroutine.
func (w *world) assume(fn *ssa.Function, f *lockFlow) bool {
	for _, b := range fn.Blocks {
		if f.at[b.Index] == nil {
			continue
		}
		held := maps.Clone(f.at[b.Index])
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				k, name := w.lockCall(call.Common())
				if _, ok := held[k]; !ok && k.valid() && (name == "Unlock" || name == "RUnlock") {
					f.assumed[k] = f.assumed[k] || name == "Unlock"
				}
			}
			w.lockStep(held, instr)
		}
	}
	return len(f.assumed) > 0
}

// solve finds the locks at the start of each block.
func (w *world) solve(fn *ssa.Function, f *lockFlow) {
	f.at[0] = maps.Clone(f.assumed)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		held := maps.Clone(f.at[b.Index])
		for _, instr := range b.Instrs {
			w.lockStep(held, instr)
		}
		for _, s := range b.Succs {
			old := f.at[s.Index]
			next := held
			if old != nil {
				next = old.common(held)
				if maps.Equal(next, old) {
					continue
				}
			}
			f.at[s.Index] = maps.Clone(next)
			work = append(work, s)
		}
	}
}

// lockCall returns the lock and the method of a call of one.
func (w *world) lockCall(c *ssa.CallCommon) (k key, name string) {
	pkg, name := calleeName(c)
	switch {
	case pkg != "sync":
	case c.IsInvoke():
		k = w.keyOfValue(c.Value)
	case len(c.Args) > 0:
		k = w.keyOfAddress(c.Args[0])
	}
	return k, name
}

// lockStep applies one instruction to held.
func (w *world) lockStep(held locks, instr ssa.Instruction) {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return
	}
	c := call.Common()
	if fn := w.callee(c); fn != nil {
		s := w.lockSummary(fn)
		for k := range s.released {
			delete(held, k)
		}
		maps.Copy(held, s.acquired)
		return
	}
	k, name := w.lockCall(c)
	if !k.valid() {
		return
	}
	switch name {
	case "Lock":
		held[k] = true
	case "RLock":
		if !held[k] {
			held[k] = false
		}
	case "Unlock", "RUnlock":
		delete(held, k)
	}
}

// A lockSummary is what a call of a function does to the locks of its caller.
type lockSummary struct {
	acquired locks
	released keys
}

// lockSummary returns the locks that fn leaves locked whenever it returns, and
// those that it may unlock.
func (w *world) lockSummary(fn *ssa.Function) *lockSummary {
	if s := w.leaves[fn]; s != nil {
		return s
	}
	s := &lockSummary{acquired: locks{}, released: keys{}}
	w.leaves[fn] = s
	var atEnd locks
	deferred := keys{}
	flow := w.flow(fn)
	for _, b := range fn.Blocks {
		if flow.at[b.Index] == nil {
			continue
		}
		held := maps.Clone(flow.at[b.Index])
		for _, instr := range b.Instrs {
			w.lockStep(held, instr)
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if k, name := w.lockCall(call.Common()); k.valid() && (name == "Unlock" || name == "RUnlock") {
				s.released[k] = true
				if _, ok := call.(*ssa.Defer); ok {
					deferred[k] = true
				}
			}
		}
		if _, ok := last(b).(*ssa.Return); ok {
			if atEnd == nil {
				atEnd = held
			} else {
				atEnd = atEnd.common(held)
			}
		}
	}
	for k, write := range atEnd {
		if !deferred[k] {
			s.acquired[k] = write
			delete(s.released, k)
		}
	}
	return s
}

// locksVia returns the locks that are held when e runs its function.
func (w *world) locksVia(e edge) locks {
	held := w.locksAt(e.at)
	if e.inside != nil {
		inner := w.flow(e.inside.Parent()).at[e.inside.Block().Index]
		inner = maps.Clone(inner)
		for _, i := range e.inside.Block().Instrs {
			if i == e.inside {
				break
			}
			w.lockStep(inner, i)
		}
		for k, write := range inner {
			held[k] = write || held[k]
		}
	}
	return held
}

// around returns the locks that some caller of the function that instr stands
// in holds, and those held at instr.
func (w *world) around(instr ssa.Instruction) locks {
	out := locks{}
	w.addAround(out, instr, maxCallers, map[*ssa.Function]bool{})
	return out
}

func (w *world) addAround(out locks, instr ssa.Instruction, depth int, seen map[*ssa.Function]bool) {
	for k, write := range w.locksAt(instr) {
		out[k] = out[k] || write
	}
	fn := instr.Parent()
	if depth == 0 || seen[fn] {
		return
	}
	seen[fn] = true
	for _, e := range w.callersOf(fn) {
		if e.inside != nil {
			for k, write := range w.locksVia(e) {
				out[k] = out[k] || write
			}
		}
		if e.mode == called || e.mode == once {
			w.addAround(out, e.at, depth-1, seen)
		}
	}
}

// barriers returns the locks that are locked, and perhaps unlocked again,
// before instr, in its function or by its callers before they call it.
func (w *world) barriers(instr ssa.Instruction) keys {
	out := keys{}
	w.addBarriers(out, instr, maxCallers, map[*ssa.Function]bool{})
	return out
}

func (w *world) addBarriers(out keys, instr ssa.Instruction, depth int, seen map[*ssa.Function]bool) {
	fn := instr.Parent()
	_, deferred := instr.(*ssa.Defer)
	for _, b := range fn.Blocks {
		for _, i := range b.Instrs {
			if w.reaches(i, instr) || deferred {
				w.addLocked(out, i, maxCallers)
			}
		}
	}
	if depth == 0 || seen[fn] {
		return
	}
	seen[fn] = true
	for _, e := range w.callersOf(fn) {
		if e.mode == called || e.mode == once {
			w.addBarriers(out, e.at, depth-1, seen)
		}
	}
}

// addLocked adds the locks that instr locks, itself or in what it calls.
func (w *world) addLocked(out keys, instr ssa.Instruction, depth int) {
	if w.steps++; w.overBudget() {
		return
	}
	call, ok := instr.(ssa.CallInstruction)
	if _, isGo := instr.(*ssa.Go); !ok || isGo {
		return
	}
	if k, name := w.lockCall(call.Common()); k.valid() && (name == "Lock" || name == "RLock") {
		out[k] = true
		return
	}
	if depth == 0 {
		return
	}
	for _, fn := range w.callees(call.Common()) {
		for _, b := range fn.Blocks {
			for _, i := range b.Instrs {
				w.addLocked(out, i, depth-1)
			}
		}
	}
}

// entry returns the locks that every caller of fn holds.
func (w *world) entry(fn *ssa.Function) locks {
	if l, ok := w.entries[fn]; ok {
		return l
	}
	w.entries[fn] = nil // a recursive call holds what the first one does
	var held locks
	first := true
	for _, e := range w.callersOf(fn) {
		if e.mode != called && e.mode != once {
			first, held = false, locks{}
			break
		}
		if e.from == fn {
			continue
		}
		at := w.locksVia(e)
		if first {
			first, held = false, at
		} else {
			held = held.common(at)
		}
	}
	if first || w.entersFromOutside(fn) {
		held = locks{}
	}
	w.entries[fn] = held
	return held
}
