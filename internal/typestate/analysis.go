package typestate

import (
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"
	"honnef.co/go/tools/analysis/dfa/dense"

	"github.com/chanlint/chanlint/internal/place"
)

// A flow is the engine at work on one function.
type flow struct {
	*engine
	fn     *ssa.Function
	loops  *loops
	defers []*ssa.Defer
	budget int
	memo   map[int]memo
	nils   map[*ssa.Const]map[types.Type]*ssa.Const

	in    []*fact          // on entry to each block
	edges map[[2]int]*fact // on the edge from a block to its i-th successor
	trace [][][]effect     // of each instruction of each block
	after []future         // at the end of each block
}

type memo struct{ in, out *fact }

// maxVisits bounds how often a block is looked at, on average, before the
// function is given up.
const maxVisits = 40

// maxBlocks bounds the size of the functions that are looked at.
const maxBlocks = 4000

// analyze solves both dataflow problems for fn. The result is nil if fn is over
// budget.
func (e *engine) analyze(fn *ssa.Function) *flow {
	if len(fn.Blocks) == 0 || len(fn.Blocks) > maxBlocks {
		return nil
	}
	a := &flow{
		engine: e,
		fn:     fn,
		loops:  findLoops(fn),
		budget: maxVisits*len(fn.Blocks) + 200,
		memo:   map[int]memo{},
		edges:  map[[2]int]*fact{},
		nils:   map[*ssa.Const]map[types.Type]*ssa.Const{},
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				a.defers = append(a.defers, d)
			}
		}
	}
	if !a.forward() {
		return nil
	}
	a.backward()
	return a
}

// A flowGraph is the control-flow graph with one node more: entry (-1), so
// that the function's first block may be a loop's header.
type flowGraph struct{ fn *ssa.Function }

const entry = -1

func (g flowGraph) NumNodes() int { return len(g.fn.Blocks) + 1 }

func (g flowGraph) Nodes() iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := entry; n < len(g.fn.Blocks); n++ {
			if !yield(n) {
				return
			}
		}
	}
}

func (g flowGraph) Out(n int) iter.Seq[int] {
	if n == entry {
		return slices.Values([]int{0})
	}
	return indices(g.fn.Blocks[n].Succs)
}

// indices yields the blocks' numbers, each once.
func indices(blocks []*ssa.BasicBlock) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, b := range blocks {
			if !slices.Contains(blocks[:i], b) && !yield(b.Index) {
				return
			}
		}
	}
}

// forward solves the forward problem and records it in a.in and a.edges. It
// reports false if the budget runs out.
func (a *flow) forward() bool {
	lost := false
	res := dense.Forward[facts](flowGraph{a.fn}, map[int]*fact{entry: newFact(a)}, func(from, to int, f *fact) *fact {
		if from == entry || f == nil || f.lost {
			return f
		}
		if a.budget--; a.budget < 0 {
			lost = true
			return &fact{a: a, lost: true}
		}
		m, ok := a.memo[from]
		if !ok || m.in != f {
			m = memo{f, a.through(f, a.fn.Blocks[from], nil)}
			a.memo[from] = m
		}
		return a.edgeTo(a.fn.Blocks[from], to, m.out)
	})
	if lost {
		return false
	}
	a.in = make([]*fact, len(a.fn.Blocks))
	a.trace = make([][][]effect, len(a.fn.Blocks))
	for _, b := range a.fn.Blocks {
		f := res.In(b.Index)
		if f == nil {
			continue
		}
		a.in[b.Index] = f
		out := a.through(f, b, &a.trace[b.Index])
		for i := range b.Succs {
			a.edges[[2]int{b.Index, i}] = a.edge(b, i, out)
		}
	}
	return true
}

// edgeTo merges the facts on all edges between two blocks.
func (a *flow) edgeTo(from *ssa.BasicBlock, to int, out *fact) *fact {
	var f *fact
	for i, s := range from.Succs {
		if s.Index == to {
			f = facts{}.Merge(f, a.edge(from, i, out))
		}
	}
	return f
}

// through returns the fact at the end of block b, and records the effects of
// its instructions in trace if that is not nil.
func (a *flow) through(f *fact, b *ssa.BasicBlock, trace *[][]effect) *fact {
	s := &stepper{flow: a, f: f.clone()}
	if trace != nil {
		*trace = make([][]effect, len(b.Instrs))
	}
	for i, instr := range b.Instrs {
		if trace != nil {
			s.out = &(*trace)[i]
		}
		s.step(instr)
	}
	return s.f
}

// A reverseGraph is the control-flow graph with all edges turned around.
type reverseGraph struct{ fn *ssa.Function }

func (g reverseGraph) NumNodes() int { return len(g.fn.Blocks) }

func (g reverseGraph) Nodes() iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := range g.fn.Blocks {
			if !yield(n) {
				return
			}
		}
	}
}

func (g reverseGraph) Out(n int) iter.Seq[int] { return indices(g.fn.Blocks[n].Preds) }

// backward solves the backward problem and records it in a.after.
func (a *flow) backward() {
	ends := map[int]future{}
	for _, b := range a.fn.Blocks {
		if len(b.Succs) == 0 {
			ends[b.Index] = future{}
		}
	}
	budget := maxVisits*len(a.fn.Blocks) + 200
	res := dense.Forward[futures](reverseGraph{a.fn}, ends, func(from, to int, after future) future {
		if budget--; budget < 0 {
			return future{} // nothing is inevitable
		}
		return a.futureOnEdge(a.fn.Blocks[to], a.fn.Blocks[from], after)
	})
	a.after = make([]future, len(a.fn.Blocks))
	for i := range a.fn.Blocks {
		a.after[i] = res.In(i)
	}
}

// futureOnEdge returns the future at the end of block from if control goes to
// block to next, given the future at to's end.
func (a *flow) futureOnEdge(from, to *ssa.BasicBlock, after future) future {
	edge := [2]int{from.Index, to.Index}
	if a.loops.back[edge] && !a.loops.exits[from.Index] {
		return future{} // the loop may go round for ever
	}
	if after == nil || a.deadEdge(from, to) {
		return nil
	}
	f := a.futureAt(to, after)
	if a.loops.back[edge] {
		body := a.loops.body[to.Index]
		for k, r := range f {
			if slices.ContainsFunc(r.sites, func(s siteAt) bool { return body[s.instr.Block().Index] }) {
				delete(f, k) // the next iteration is one that may not come
			}
		}
	}
	j := slices.Index(to.Preds, from)
	if j >= 0 && slices.Contains(to.Preds[j+1:], from) {
		j = -1
	}
	f.phis(to, j)
	return f
}

func (a *flow) deadEdge(from, to *ssa.BasicBlock) bool {
	for i, s := range from.Succs {
		if s == to && a.edges[[2]int{from.Index, i}] != nil {
			return false
		}
	}
	return true
}

// futureAt returns the future at the start of block b, given that at its end.
func (a *flow) futureAt(b *ssa.BasicBlock, after future) future {
	f := future{}
	for k, r := range after {
		f[k] = r
	}
	trace := a.trace[b.Index]
	for i := len(trace) - 1; i >= 0; i-- {
		f.beforeAll(&a.paths, trace[i])
	}
	return f
}

func (f future) beforeAll(paths *place.Paths, effects []effect) {
	for i := len(effects) - 1; i >= 0; i-- {
		f.before(paths, effects[i])
	}
}

// escapes reports whether other functions can see the object that r allocates.
func (a *flow) escapes(r ssa.Value) bool {
	refs := r.Referrers()
	return refs == nil || slices.ContainsFunc(*refs, func(instr ssa.Instruction) bool { return !keeps(instr, r) })
}

// keeps reports whether instr uses the pointer v without letting anyone else
// see the object.
func keeps(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.Store:
		return instr.Val != v
	case *ssa.UnOp, *ssa.DebugRef:
		return true
	case *ssa.FieldAddr:
		refs := instr.Referrers()
		return refs == nil || !slices.ContainsFunc(*refs, func(i ssa.Instruction) bool { return !keeps(i, instr) })
	}
	return false
}

// nilOf returns the nil channel that the zero value c of a struct holds in a
// field of type t.
func (a *flow) nilOf(c *ssa.Const, t types.Type) *ssa.Const {
	if a.nils[c] == nil {
		a.nils[c] = map[types.Type]*ssa.Const{}
	}
	k := a.nils[c][t]
	if k == nil {
		k = ssa.NewConst(nil, t)
		a.nils[c][t] = k
	}
	return k
}
