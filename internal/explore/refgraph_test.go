package explore

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/chanlint/chanlint/internal/model"
)

// A refGraph is the whole state space of the reference.
type refGraph struct {
	ref    *reference
	states []*refState
	index  map[string]int
	steps  [][]refEdge
	cost   []int
	stuck  map[int][]bool // by instance: the states in which it is stuck
	panics map[site]int
}

type refEdge struct {
	refStep
	target int // -1: the process ends
}

// newRefGraph enumerates all states, or returns nil if there are more than limit.
func newRefGraph(ref *reference, limit int) *refGraph {
	g := &refGraph{ref: ref, index: map[string]int{}}
	g.add(g.ref.first())
	for id := 0; id < len(g.states); id++ {
		if len(g.states) > limit || len(g.states[id].insts) > 8 || len(g.states[id].prims) > 8 {
			return nil
		}
		s := g.states[id]
		var edges []refEdge
		for i := range s.insts {
			for _, st := range g.ref.steps(s, i) {
				e := refEdge{st, -1}
				if st.to != nil {
					e.target = g.add(st.to)
				}
				e.to = nil
				edges = append(edges, e)
			}
		}
		g.steps = append(g.steps, edges)
	}
	g.costs()
	g.findPanics()
	g.findStuck()
	return g
}

func (g *refGraph) add(s *refState) int {
	k := s.key()
	id, ok := g.index[k]
	if !ok {
		id = len(g.states)
		g.index[k] = id
		g.states = append(g.states, s)
	}
	return id
}

// costs relaxes edges until nothing changes.
func (g *refGraph) costs() {
	g.cost = slices.Repeat([]int{1 << 40}, len(g.states))
	g.cost[0] = 0
	work := []int{0}
	for len(work) > 0 {
		id := work[0]
		work = work[1:]
		for _, e := range g.steps[id] {
			if c := g.cost[id] + e.cost; e.target >= 0 && c < g.cost[e.target] {
				g.cost[e.target] = c
				work = append(work, e.target)
			}
		}
	}
}

func (g *refGraph) findPanics() {
	g.panics = map[site]int{}
	for id, edges := range g.steps {
		for _, e := range edges {
			if !e.panics {
				continue
			}
			if c, ok := g.panics[e.site]; !ok || g.cost[id] < c {
				g.panics[e.site] = g.cost[id]
			}
		}
	}
}

// findStuck decides for each instance in which states it never completes the node
// at which it stands.
func (g *refGraph) findStuck() {
	preds := make([][]int, len(g.states))
	most := 0
	for id, edges := range g.steps {
		most = max(most, len(g.states[id].insts))
		for _, e := range edges {
			if e.target >= 0 {
				preds[e.target] = append(preds[e.target], id)
			}
		}
	}
	g.stuck = map[int][]bool{}
	for i := range most {
		moves := make([]bool, len(g.states))
		var work []int
		for id, edges := range g.steps {
			for _, e := range edges {
				if e.target < 0 || slices.ContainsFunc(e.events, func(v refEvent) bool { return v.inst == i }) {
					moves[id] = true
				}
			}
			if moves[id] {
				work = append(work, id)
			}
		}
		for len(work) > 0 {
			id := work[len(work)-1]
			work = work[:len(work)-1]
			for _, p := range preds[id] {
				if !moves[p] {
					moves[p] = true
					work = append(work, p)
				}
			}
		}
		for id, s := range g.states {
			visible := i < len(s.insts) && !s.insts[i].over && g.ref.node(s, i).Op.Visible()
			moves[id] = visible && !moves[id]
		}
		g.stuck[i] = moves
	}
}

// sameSites reports whether two results have the same places, and the costs of r
// are no lower.
func sameSites(r, strict *Result) bool {
	if len(r.Stuck) != len(strict.Stuck) || len(r.Panics) != len(strict.Panics) {
		return false
	}
	for i, s := range r.Stuck {
		if t := strict.Stuck[i]; s.Proc != t.Proc || s.Node != t.Node || s.Cost < t.Cost {
			return false
		}
	}
	for i, s := range r.Panics {
		t := strict.Panics[i]
		if s.Proc != t.Proc || s.Node != t.Node || s.Case != t.Case || s.Kind != t.Kind || s.Cost < t.Cost {
			return false
		}
	}
	return true
}

// result collects what the reference found, without witnesses.
func (g *refGraph) result() *Result {
	best := map[place]int{}
	for i := range len(g.stuck) {
		for id, is := range g.stuck[i] {
			if !is {
				continue
			}
			in := &g.states[id].insts[i]
			at := place{in.proc, in.node}
			if c, ok := best[at]; !ok || g.cost[id] < c {
				best[at] = g.cost[id]
			}
		}
	}
	r := &Result{}
	for at, c := range best {
		r.Stuck = append(r.Stuck, Stuck{Proc: at.proc, Node: at.node, Cost: c})
	}
	slices.SortFunc(r.Stuck, func(a, b Stuck) int {
		return cmp.Or(cmp.Compare(a.Proc, b.Proc), cmp.Compare(a.Node, b.Node))
	})
	for at, c := range g.panics {
		r.Panics = append(r.Panics, Panic{Proc: at.proc, Node: at.node, Case: at.alt, Kind: at.kind, Cost: c})
	}
	sortPanics(r.Panics)
	return r
}

// follow returns the states in which the reference can be after a trace: parking
// may happen in between, and one operation may complete several nodes.
func (g *refGraph) follow(trace []Step) map[int]bool {
	at := make([]map[int]bool, len(trace)+1)
	for k := range at {
		at[k] = map[int]bool{}
	}
	at[0][0] = true
	for k := range trace {
		for id := range g.parked(at[k]) {
			for _, e := range g.steps[id] {
				n := len(e.events)
				if n > 0 && e.target >= 0 && k+n <= len(trace) && matches(e.events, trace[k:k+n]) &&
					e.cost == total(trace[k:k+n]) {
					at[k+n][e.target] = true
				}
			}
		}
	}
	return g.parked(at[len(trace)])
}

func total(steps []Step) int {
	sum := 0
	for _, st := range steps {
		sum += st.Cost
	}
	return sum
}

// parked closes a set of states under steps that complete nothing.
func (g *refGraph) parked(set map[int]bool) map[int]bool {
	var work []int
	for id := range set {
		work = append(work, id)
	}
	for len(work) > 0 {
		id := work[len(work)-1]
		work = work[:len(work)-1]
		for _, e := range g.steps[id] {
			if e.target >= 0 && len(e.events) == 0 && !set[e.target] {
				set[e.target] = true
				work = append(work, e.target)
			}
		}
	}
	return set
}

// matches reports whether the events are those of the steps, in any order.
func matches(events []refEvent, steps []Step) bool {
	if len(events) != len(steps) {
		return false
	}
	for _, st := range steps {
		want := refEvent{st.Goroutine, st.Proc, st.Node, st.Case, st.Succ}
		if !slices.Contains(events, want) {
			return false
		}
	}
	return true
}

// disagreement compares the explorer with the reference and returns what differs,
// or "". Known is false if the reference is over its limit.
func disagreement(p *model.Program, vars []int, limit int) (diff string, known bool) {
	g := newRefGraph(&reference{p: p, vars: vars}, limit)
	strict := newRefGraph(&reference{p: p, vars: vars, strict: true}, limit)
	if g == nil || strict == nil {
		return "", false
	}
	var bad []string
	for _, maxCost := range []int{math.MaxInt, 1, 0} {
		r := Explore(p, Options{Vars: vars, MaxStates: 10 * limit, MaxBytes: 1 << 30, MaxCost: maxCost})
		all := g.result()
		all.drop(maxCost)
		if got, want := verdictOf(r), verdictOf(all); got != want || r.Unsure != 0 || r.Rough {
			return fmt.Sprintf("explorer up to %d: %s (unsure %d, rough %v)\nreference: %s", maxCost, got, r.Unsure, r.Rough, want), true
		}
		for i := range r.Stuck {
			bad = append(bad, g.refuteStuck(&r.Stuck[i])...)
		}
		for i := range r.Panics {
			bad = append(bad, g.refutePanic(&r.Panics[i])...)
		}
		if maxCost == math.MaxInt && !sameSites(r, strict.result()) {
			bad = append(bad, fmt.Sprintf("explorer: %s\nstrict reference: %s", verdictOf(r), verdictOf(strict.result())))
		}
	}
	return strings.Join(bad, "\n"), true
}

// refuteStuck says what is wrong with a witness, by running it.
func (g *refGraph) refuteStuck(w *Stuck) (bad []string) {
	name := fmt.Sprintf("stuck %d:%d", w.Proc, w.Node)
	if c := g.price(w.Trace); c != w.Cost {
		bad = append(bad, fmt.Sprintf("%s: the trace costs %d, not %d", name, c, w.Cost))
	}
	if g.divergence(w.Trace) {
		return bad
	}
	end := g.follow(w.Trace)
	claims := append([]Blocked{{w.Goroutine, w.Proc, w.Node}}, w.Also...)
	for _, b := range claims {
		ok := false
		for id := range end {
			s := g.states[id]
			ok = ok || b.Goroutine < len(s.insts) && g.stuck[b.Goroutine][id] && g.cost[id] <= w.Cost &&
				s.insts[b.Goroutine].proc == b.Proc && s.insts[b.Goroutine].node == b.Node
		}
		if !ok {
			bad = append(bad, fmt.Sprintf("%s: the trace does not lead to %+v", name, b))
		}
	}
	for id := range end {
		s := g.states[id]
		if ended := s.insts[0].over && g.ref.node(s, 0).Op == model.End; ended != w.RootEnded {
			bad = append(bad, name+": RootEnded is wrong")
			break
		}
	}
	return bad
}

// divergence reports whether the trace takes a cycle of local nodes for the end
// of a goroutine: that, the reference does not do.
func (g *refGraph) divergence(trace []Step) bool {
	return slices.ContainsFunc(trace, func(st Step) bool {
		op := g.ref.p.Procs[st.Proc].Nodes[st.Node].Op
		return st.Succ < 0 && !op.Visible() && op > model.Diverge
	})
}

// price sums the choices of a trace after its first Make or Spawn. That a choice
// costs what it should, follow sees to.
func (g *refGraph) price(trace []Step) int {
	sum, started := 0, false
	for _, st := range trace {
		switch nd := &g.ref.p.Procs[st.Proc].Nodes[st.Node]; nd.Op {
		case model.Make, model.Spawn:
			started = true
		case model.Choose, model.Test:
			if started && st.Succ >= 0 {
				sum += st.Cost
			}
		}
	}
	return sum
}

// refutePanic says what is wrong with the witness of a panic.
func (g *refGraph) refutePanic(w *Panic) (bad []string) {
	if c := g.price(w.Trace); c != w.Cost {
		return []string{fmt.Sprintf("panic %d:%d: the trace costs %d, not %d", w.Proc, w.Node, c, w.Cost)}
	}
	if g.divergence(w.Trace) {
		return nil
	}
	at := site{w.Proc, w.Node, w.Case, w.Kind}
	for id := range g.follow(w.Trace[:len(w.Trace)-1]) {
		for _, e := range g.steps[id] {
			if e.panics && e.site == at && g.cost[id] <= w.Cost {
				return nil
			}
		}
	}
	return []string{fmt.Sprintf("panic %+v: the trace does not lead there", at)}
}
