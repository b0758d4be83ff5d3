package fields

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A guard is what must have held for an operation to be reached.
type guard struct {
	*condition
	branch *ssa.If
	taken  bool // the value of its condition
}

// guards returns the conditions inside the function that instr stands under.
func (w *world) guards(instr ssa.Instruction) []guard {
	var out []guard
	b := instr.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		br, ok := last(d).(*ssa.If)
		if !ok {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) == 1 && (s == b || s.Dominates(b)) {
				out = append(out, guard{w.conditionOf(br.Cond), br, i == 0})
			}
		}
	}
	return out
}

// maxCallers bounds how far up the calls a guard is looked for.
const maxCallers = 3

// A protection is all that stands between the world and an operation.
type protection struct {
	keys   keys // what some condition depends on, here or at a caller
	atomic bool // some condition is tested and set in one step
	once   key  // the sync.Once through which it runs
	loads  []load
}

// protectionOf returns the protection of an operation.
func (w *world) protectionOf(instr ssa.Instruction) protection {
	p := protection{keys: keys{}}
	w.protect(&p, instr, maxCallers, map[*ssa.Function]bool{})
	return p
}

func (w *world) protect(p *protection, instr ssa.Instruction, depth int, seen map[*ssa.Function]bool) {
	for _, g := range w.guards(instr) {
		p.keys.addAll(g.keys)
		p.atomic = p.atomic || g.atomic || w.sound(g, instr)
		p.loads = append(p.loads, g.loads...)
	}
	fn := instr.Parent()
	if depth == 0 || seen[fn] {
		return
	}
	seen[fn] = true
	fromOutside := w.entersFromOutside(fn)
	for _, e := range w.callersOf(fn) {
		if e.mode == once {
			p.once = e.key
			if !p.once.valid() {
				p.once = key{cell: e.from}
			}
		}
		if e.mode == handedOn || fromOutside {
			continue
		}
		w.protect(p, e.at, depth-1, seen)
	}
}

// sound reports whether the condition g and a change of what it depends on are
// one step, because a lock is held over both: a second goroutine that tests the
// condition finds it changed.
func (w *world) sound(g guard, instr ssa.Instruction) bool {
	for _, l := range g.loads {
		if l.at.Parent() != instr.Parent() {
			continue
		}
		held := w.locksAt(l.at)
		if len(held) == 0 {
			continue
		}
		for _, b := range instr.Parent().Blocks {
			for _, i := range b.Instrs {
				if _, isGo := i.(*ssa.Go); isGo || !w.reaches(l.at, i) {
					continue
				}
				if w.writes(i)[l.key] && held.forWriting(w.locksAt(i)) {
					return true
				}
			}
		}
	}
	return false
}

// changes returns what is written whenever instr runs, before or after it:
// inside its function, and around the calls that lead there.
func (w *world) changes(instr ssa.Instruction) keys {
	out := keys{}
	w.change(out, instr, maxCallers, map[*ssa.Function]bool{})
	return out
}

// changesWith returns what is written whenever the close c happens: the channel
// is closed, and what is written between the load of its field and the close.
func (w *world) changesWith(c *Site) keys {
	out := w.changes(c.Instr)
	out[c.Class.closed()] = true
	for _, ld := range w.loadsBehind(c.Chan, maxSteps) {
		for _, i := range ld.Block().Instrs[position(ld):] {
			if i != c.Instr {
				out.addAll(w.writes(i))
			}
		}
	}
	return out
}

// loadsBehind returns the loads of fields that v may come from, through
// variables that closures capture.
func (w *world) loadsBehind(v ssa.Value, steps int) []ssa.Instruction {
	if steps == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return nil
		}
		if root := place.Cell(v.X); root != nil {
			return w.loadsBehindAll(w.cellStores(root), v, steps)
		}
		return []ssa.Instruction{v}
	case *ssa.FreeVar:
		if b := place.Binding(v); b != nil {
			return w.loadsBehind(b, steps-1)
		}
	case *ssa.ChangeType:
		return w.loadsBehind(v.X, steps-1)
	case *ssa.Phi:
		return w.loadsBehindAll(v.Edges, v, steps)
	}
	return nil
}

func (w *world) loadsBehindAll(values []ssa.Value, but ssa.Value, steps int) []ssa.Instruction {
	var out []ssa.Instruction
	for _, v := range values {
		if v != but {
			out = append(out, w.loadsBehind(v, steps/2)...)
		}
	}
	return out
}

func (w *world) change(out keys, instr ssa.Instruction, depth int, seen map[*ssa.Function]bool) {
	fn := instr.Parent()
	if w.overBudget() {
		return
	}
	for _, b := range fn.Blocks {
		for _, i := range b.Instrs {
			if _, isGo := i.(*ssa.Go); isGo || i == instr || initializes(i) {
				continue
			}
			if w.reaches(instr, i) || dominates(i, instr) {
				out.addAll(w.writes(i))
			}
		}
	}
	if depth == 0 || seen[fn] {
		return
	}
	seen[fn] = true
	for _, e := range w.callersOf(fn) {
		if e.mode == called || e.mode == once {
			w.change(out, e.at, depth-1, seen)
		}
	}
}

// initializes reports whether instr stores to an object that its function has
// just made.
func initializes(instr ssa.Instruction) bool {
	st, ok := instr.(*ssa.Store)
	if !ok {
		return false
	}
	_, isField := st.Addr.(*ssa.FieldAddr)
	return isField && isFresh(st.Addr, instr.Parent())
}

// closes returns the sites that close, outside of tests and of objects that
// the function has just made.
func (w *world) closes() []*Site {
	return slices.DeleteFunc(slices.Clone(w.sites), func(s *Site) bool {
		return s.Kind != opClose || s.Store || s.Fresh || w.inTest(s.Fn)
	})
}

// guardPos returns where the condition of a guard stands, or nothing.
func (w *world) guardPos(g guard) token.Pos {
	if pos := g.branch.Cond.Pos(); pos.IsValid() {
		return pos
	}
	for _, l := range g.loads {
		if pos := w.where(l.at); pos.IsValid() {
			return pos
		}
	}
	return token.NoPos
}
