package explore

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// A verdict says, for every component of a finished graph, what holds in all its
// continuations.
type verdict struct {
	g     *graph
	comps [][]int32
	comp  []int32
	// By component: whether a continuation ends the process; which labels are
	// enabled in some state that it reaches; at which labels some instance is
	// disabled in every state that it reaches.
	ends   []bool
	some   []uint64
	always []uint64
	leaf   []bool
	order  []int32 // states by cost, then in the order in which they were found
	left   int     // what marked searches may still store
	// Label sets: those that have a witness; that ran out of budget; that may need
	// a marked search and are worth one.
	settled, unsure, possible []uint64
}

func newVerdict(g *graph) *verdict {
	v := &verdict{g: g, left: g.maxStates}
	v.comps, v.comp = g.components()
	n, w := len(v.comps), g.words
	v.ends = make([]bool, n)
	v.leaf = make([]bool, n)
	v.some = make([]uint64, n*w)
	v.always = make([]uint64, n*w)
	for c, members := range v.comps {
		v.leaf[c] = true
		some, always := v.some[c*w:(c+1)*w], v.always[c*w:(c+1)*w]
		for k := range always {
			always[k] = ^uint64(0)
		}
		for _, id := range members {
			v.ends[c] = v.ends[c] || g.nodes[id].terminates
			for k := range w {
				some[k] |= g.enabled[int(id)*w+k]
				always[k] &= g.disabled[int(id)*w+k]
			}
			g.succ(id, func(t int32) { v.inherit(c, int(v.comp[t])) })
		}
	}
	v.order = make([]int32, len(g.nodes))
	for i := range v.order {
		v.order[i] = int32(i)
	}
	slices.SortStableFunc(v.order, func(a, b int32) int { return cmp.Compare(g.nodes[a].cost, g.nodes[b].cost) })
	return v
}

// inherit adds what holds in component t to what holds in c, which reaches it.
func (v *verdict) inherit(c, t int) {
	if c == t {
		return
	}
	w := v.g.words
	v.leaf[c] = false
	v.ends[c] = v.ends[c] || v.ends[t]
	for k := range w {
		v.some[c*w+k] |= v.some[t*w+k]
		v.always[c*w+k] &= v.always[t*w+k]
	}
}

// collect adds a witness for every label at which an instance is stuck in a state
// within the cost.
func (v *verdict) collect(r *Result, maxCost int) {
	g := v.g
	v.settled = make([]uint64, g.words)
	v.unsure = make([]uint64, g.words)
	v.possible = make([]uint64, g.words)
	v.filter()
	for _, id := range v.order {
		if g.nodes[id].cost > maxCost {
			break
		}
		if !v.ends[v.comp[id]] {
			v.visit(r, id)
		}
	}
	for k, set := range v.unsure {
		r.Unsure += bits.OnesCount64(set &^ v.settled[k])
	}
	slices.SortFunc(r.Stuck, func(a, b Stuck) int {
		return cmp.Or(cmp.Compare(a.Proc, b.Proc), cmp.Compare(a.Node, b.Node))
	})
}

// visit adds witnesses for the labels at which an instance is stuck in the state
// and that have none yet.
func (v *verdict) visit(r *Result, id int32) {
	g := v.g
	for k := range g.words {
		at := int(v.comp[id])*g.words + k
		open := g.disabled[int(id)*g.words+k] &^ v.settled[k]
		sure := open &^ v.some[at]
		maybe := open & v.some[at] & v.always[at] & v.possible[k] &^ v.unsure[k]
		for set := sure | maybe; set != 0; set &= set - 1 {
			l, bit := k*64+bits.TrailingZeros64(set), set&-set
			if i := v.witness(id, l, bit&sure != 0); i >= 0 {
				v.settled[k] |= bit
				at := id
				if bit&sure != 0 {
					at = v.pastCells(id)
					i = v.witness(at, l, true)
				}
				r.Stuck = append(r.Stuck, v.stuck(at, i, l))
			} else if v.left <= 0 {
				v.unsure[k] |= bit
			}
		}
	}
}

// maxPast is how many uses of cells a witness is followed past at most.
const maxPast = 32

// pastCells returns a state that is reached from this one by uses of cells alone, if
// some goroutine is about to use one: where it goes from there, it may be stuck too.
// Who is stuck for certain stays so.
func (v *verdict) pastCells(id int32) int32 {
	g := v.g
	if !g.m.cells {
		return id
	}
	var s state
	for range maxPast {
		g.code.decode(g.nodes[id].key, &s)
		next := int32(-1)
		g.succ(id, func(t int32) {
			n := &g.nodes[t]
			if next < 0 && n.parent == id && n.via.kind == moveOp && n.cost == g.nodes[id].cost {
				switch g.m.node(&s.insts[n.via.i]).Op {
				case model.Read, model.Write, model.Exchange:
					next = t
				}
			}
		})
		if next < 0 {
			break
		}
		id = next
	}
	return id
}

// filter sets possible to the labels that a marked search may confirm: an instance
// that is stuck in any state is stuck in some state of every component that it
// reaches and that is never left.
func (v *verdict) filter() {
	g := v.g
	for c, members := range v.comps {
		if !v.leaf[c] || v.ends[c] {
			continue
		}
		for k := range g.words {
			at := c*g.words + k
			// Sure here, a label may still need a marked search in a state before.
			v.possible[k] |= v.always[at] &^ v.some[at]
			for set := v.some[at] & v.always[at] &^ v.possible[k]; set != 0; set &= set - 1 {
				l := k*64 + bits.TrailingZeros64(set)
				// Out of budget, the label stays: visit counts it.
				if v.witness(members[0], l, false) >= 0 || v.left <= 0 {
					v.possible[k] |= set & -set
				}
			}
		}
	}
}

// witness returns an instance at the label that is stuck in the state, or -1.
func (v *verdict) witness(id int32, label int, sure bool) int {
	g := v.g
	var s state
	g.code.decode(g.nodes[id].key, &s)
	for i := range s.insts {
		in := &s.insts[i]
		if int(g.m.label[in.proc][in.node]) != label || i > 0 && g.m.same(&s, i-1, i) {
			continue
		}
		if sure || v.never(&s, i) {
			return i
		}
	}
	return -1
}

// never reports whether instance i completes its operation in no continuation of
// the state, by a search in which the instance carries a mark. Out of budget, it
// reports false.
func (v *verdict) never(s *state, i int) bool {
	if v.left <= 0 {
		return false
	}
	g := newGraph(v.g.m, Options{MaxStates: v.left, MaxBytes: v.g.maxBytes})
	g.marked, g.exact = true, -1
	g.next.copyFrom(s)
	g.next.insts[i].flag |= flagMark
	g.add(&g.next, 0, -1, move{})
	ok := g.build()
	if !ok {
		v.left = 0
		return false
	}
	v.left -= g.size()
	return !g.hit
}

// stuck makes the witness: instance i of the state cannot proceed.
func (v *verdict) stuck(id int32, i, label int) Stuck {
	g := v.g
	var s state
	rec := g.replay(id, &s)
	at := g.m.places[label]
	w := Stuck{
		Proc: at.proc, Node: at.node, Cost: g.nodes[id].cost,
		Goroutine: rec.gids[i], Trace: rec.steps, RootEnded: s.root == rootEnded,
	}
	if nd := &g.code.e.p.Procs[at.proc].Nodes[at.node]; nd.Op == model.Send || nd.Op == model.Recv {
		w.Nil = s.regs[int(s.insts[i].reg)+nd.Ref] == 0
	}
	some := v.some[int(v.comp[id])*g.words:]
	for j := range s.insts {
		in := &s.insts[j]
		l := g.m.label[in.proc][in.node]
		if j == i || l < 0 || some[l/64]>>(l%64)&1 != 0 {
			continue
		}
		w.Also = append(w.Also, Blocked{rec.gids[j], int(in.proc), int(in.node)})
	}
	slices.SortFunc(w.Also, func(a, b Blocked) int { return cmp.Compare(a.Goroutine, b.Goroutine) })
	return w
}

func sortPanics(ps []Panic) {
	slices.SortFunc(ps, func(a, b Panic) int {
		return cmp.Or(cmp.Compare(a.Proc, b.Proc), cmp.Compare(a.Node, b.Node),
			cmp.Compare(a.Case, b.Case), cmp.Compare(a.Kind, b.Kind))
	})
}
