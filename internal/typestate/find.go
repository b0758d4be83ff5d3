package typestate

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Defect is a kind of finding.
type Defect uint8

const (
	DoubleClose Defect = iota
	CloseNil
	NilSend    // a send on a nil channel blocks forever
	NilReceive // a receive from a nil channel blocks forever
	SendClosed
)

// A Finding is one operation that panics or blocks forever.
type Finding struct {
	Defect  Defect
	At      Site            // the operation
	By      Site            // what closed the channel or will have; not valid for nil channels that nothing made nil
	Certain bool            // whenever At is reached; otherwise on some path to it
	Loop    bool            // At is By, in the next iteration of a loop
	Instr   ssa.Instruction // the operation, or the call that leads to it
}

// A finder collects the findings of one function.
type finder struct {
	*flow
	found    []Finding
	promised Site         // the goroutine that has just been started
	failing  map[Site]int // how many returns a deferred operation fails at
}

// findings meets the two analyses: at each operation, and where paths join.
// The operations come first, since what is certain there is only possible at
// the joins before them.
func (a *flow) findings() []Finding {
	w := &finder{flow: a, failing: map[Site]int{}}
	for _, b := range a.fn.Blocks {
		if a.in[b.Index] != nil {
			w.inBlock(b)
		}
	}
	for _, b := range a.fn.Blocks {
		for i := range b.Succs {
			if f := a.edges[[2]int{b.Index, i}]; f != nil {
				w.onEdge(b, b.Succs[i], f)
			}
		}
	}
	w.weighReturns()
	return w.found
}

// weighReturns takes back the certainty of deferred operations that fail at
// some returns only.
func (w *finder) weighReturns() {
	returns := 0
	for _, b := range w.fn.Blocks {
		for _, effects := range w.trace[b.Index] {
			if slices.ContainsFunc(effects, func(e effect) bool { return e.kind == leave }) {
				returns++
			}
		}
	}
	for i, f := range w.found {
		if f.Certain && f.At.How == Deferred && w.failing[f.At] < returns {
			w.found[i].Certain = false
		}
	}
}

// inBlock looks at the operations of b one by one.
func (w *finder) inBlock(b *ssa.BasicBlock) {
	trace := w.trace[b.Index]
	futures := w.futuresIn(b, trace)
	f := w.in[b.Index].clone()
	for i, effects := range trace {
		for _, e := range effects {
			if e.kind == operate {
				w.certain(f, e)
			}
			f.apply(e)
			if e.kind == promise {
				w.promised = e.site
				w.meet(f, futures[i+1], nil)
				w.promised = Site{}
			}
		}
	}
}

// futuresIn returns the future before each instruction of b that promises
// something, and nil before others.
func (w *finder) futuresIn(b *ssa.BasicBlock, trace [][]effect) []future {
	out := make([]future, len(trace)+1)
	f := future{}
	for k, r := range w.after[b.Index] {
		f[k] = r
	}
	keep := func(i int) {
		if i > 0 && slices.ContainsFunc(trace[i-1], func(e effect) bool { return e.kind == promise }) {
			out[i] = future{}
			for k, r := range f {
				out[i][k] = r
			}
		}
	}
	keep(len(trace))
	for i := len(trace) - 1; i >= 0; i-- {
		f.beforeAll(&w.paths, trace[i])
		keep(i)
	}
	return out
}

// certain reports an operation that fails whenever it is reached.
func (w *finder) certain(f *fact, e effect) {
	v := f.get(e.dst)
	if d, ok := defectOf(v.state, e.op); ok && !v.failed {
		w.failing[e.site]++
		w.add(Finding{Defect: d, At: e.site, By: v.by, Certain: true, Instr: e.instr})
	}
}

// defectOf returns what is wrong with an operation on a channel that is in
// exactly the given state.
func defectOf(s State, op opKind) (Defect, bool) {
	switch {
	case s == Closed && (op == opClose || op == opSpawnedClose):
		return DoubleClose, true
	case s == Closed && (op == opSend || op == opSelectSend):
		return SendClosed, true
	case s == Nil && (op == opClose || op == opSpawnedClose):
		return CloseNil, true
	case s == Nil && op == opSend:
		return NilSend, true
	case s == Nil && op == opReceive:
		return NilReceive, true
	}
	return 0, false
}

// onEdge looks at the operations that are inevitable once control goes from
// one block to another.
func (w *finder) onEdge(from, to *ssa.BasicBlock, f *fact) {
	if w.after[to.Index] == nil {
		return
	}
	future := w.futureAt(to, w.after[to.Index])
	if w.loops.back[[2]int{from.Index, to.Index}] {
		w.nextIteration(from, to, f, future)
		return
	}
	if afterChain(from, to) {
		future = future.withoutNil(f)
	}
	w.meet(f, future, nil)
}

// afterChain reports whether control goes from one block to another when none
// of several conditions holds, or when a loop has nothing to do. The author of
// a chain of cases may know that one of them always holds, and that there is
// always something to do.
func afterChain(from, to *ssa.BasicBlock) bool {
	br, ok := last(from).(*ssa.If)
	if !ok {
		return false
	}
	for _, s := range br.Block().Succs {
		if s != to && slices.ContainsFunc(s.Preds, s.Dominates) {
			return true // s is the header of a loop behind its guard
		}
	}
	if from.Succs[1] != to || len(from.Preds) != 1 {
		return false
	}
	_, ok = last(from.Preds[0]).(*ssa.If)
	return ok && from.Preds[0].Succs[1] == from
}

// withoutNil returns what is left of the future if the channels that are nil
// in f are not looked at.
func (fu future) withoutNil(f *fact) future {
	out := future{}
	for k, r := range fu {
		if f.get(k.place).state != Nil {
			out[k] = r
		}
	}
	return out
}

// nextIteration looks at the operations of a loop's next iteration. That there
// is one has to follow from the loop: it has no condition at its head, or one
// that only counts, and more than once.
func (w *finder) nextIteration(from, header *ssa.BasicBlock, f *fact, future future) {
	body := w.loops.body[header.Index]
	if c, ok := countsIn(header, from); ok && c.trips >= 0 && c.trips < 2 {
		return
	}
	if br, ok := last(header).(*ssa.If); ok && (!body[br.Block().Succs[0].Index] || !body[br.Block().Succs[1].Index]) {
		c, ok := countsIn(header, header)
		if !ok || c.trips >= 0 && c.trips < 2 {
			return
		}
		into := header.Succs[0]
		if !body[into.Index] {
			into = header.Succs[1]
		}
		if into != header && w.after[into.Index] != nil {
			// Take the arm that stays in the loop, without the header's phis:
			// only what does not change from one iteration to the next counts.
			future = w.futureAt(into, w.after[into.Index])
		}
	}
	w.meet(f, future, body)
}

// meet reports what is inevitable although the state forbids it. In a loop
// only the operations in its body count, and only if nothing has to happen
// first for which the next iteration might wait.
func (w *finder) meet(f *fact, future future, loop []bool) {
	_, returns := future[awaited{op: opReturn}]
	for _, k := range future.sorted() {
		r := future[k]
		at := r.sites[0]
		if f.mayNotGetTo(r.sites) {
			continue
		}
		if loop != nil && (!loop[at.instr.Block().Index] || r.waited || !r.prompt && k.op != opSpawnedClose) {
			continue
		}
		v := f.get(k.place)
		finding := Finding{At: at.Site, By: v.by, Loop: loop != nil, Instr: at.instr}
		if d, ok := defectOf(v.state, k.op); ok && !v.failed && d != NilSend && d != NilReceive && (loop != nil || k.op != opSpawnedClose || r.prompt) {
			finding.Defect = d
			w.add(finding)
			continue
		}
		if k.op != opClose && k.op != opSpawnedClose || !v.pending.Valid() {
			continue
		}
		if same := v.pending == at.Site; same != (loop != nil && same) {
			continue
		}
		switch {
		case v.pending.How == Deferred && returns && at.How != Deferred:
			finding.At, finding.By = v.pending, at.Site
			w.add(finding)
		case v.pending.How == Spawned && (loop != nil || v.pending == w.promised && v.pending.Prompt && (r.prompt || k.op == opClose)):
			finding.By = v.pending
			w.add(finding)
		}
	}
}

// mayNotGetTo reports whether a call before this point may not have returned
// although the sites are reached, on other paths.
func (f *fact) mayNotGetTo(sites []siteAt) bool {
	for b := range f.doubts {
		if !dominatesAll(b, sites) {
			return true
		}
	}
	return false
}

// sorted returns the awaited operations in the order of their positions.
func (f future) sorted() []awaited {
	var keys []awaited
	for k := range f {
		if k.place.Valid() {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b awaited) int {
		if c := compareSites(f[a].sites[0], f[b].sites[0]); c != 0 {
			return c
		}
		if c := int(a.op) - int(b.op); c != 0 {
			return c
		}
		return comparePlaces(a.place, b.place)
	})
	return keys
}

// add keeps f unless the same operation has been found before.
func (w *finder) add(f Finding) {
	for i, g := range w.found {
		if g.At.Pos == f.At.Pos && g.At.Inner == f.At.Inner && g.Defect == f.Defect {
			if f.Certain && !g.Certain {
				w.found[i] = f
			}
			return
		}
	}
	w.found = append(w.found, f)
}
