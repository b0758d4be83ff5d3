package explore

import (
	"github.com/chanlint/chanlint/internal/model"
)

// A recorder writes down the steps of a replay. It follows goroutines and
// primitives through the renumbering of canonical states. All methods do nothing
// on nil.
type recorder struct {
	steps      []Step
	gids, pids []int // by index in the state
	spawned    int
	made       int
}

// pass records that instance i goes from its node to succ. Reg is the register of
// the primitive acted on, or -1.
func (r *recorder) pass(s *state, i, alt, succ, reg int) {
	if r != nil {
		r.steps = append(r.steps, r.step(s, i, alt, succ, reg))
	}
}

// choice records that instance i takes an alternative at a cost.
func (r *recorder) choice(s *state, i, alt, succ, cost int) {
	if r != nil {
		st := r.step(s, i, alt, succ, -1)
		st.Cost = cost
		r.steps = append(r.steps, st)
	}
}

func (r *recorder) step(s *state, i, alt, succ, reg int) Step {
	in := &s.insts[i]
	st := Step{Goroutine: r.gids[i], Proc: int(in.proc), Node: int(in.node), Case: alt, Succ: succ}
	if reg >= 0 {
		if v := s.regs[int(in.reg)+reg]; v != 0 {
			st.Prim = r.pids[v-1] + 1
		}
	}
	return st
}

// closed records a receive that found the channel closed and drained.
func (r *recorder) closed(s *state, i, alt, succ, reg int) {
	if r == nil {
		return
	}
	st := r.step(s, i, alt, succ, reg)
	st.Closed = true
	r.steps = append(r.steps, st)
}

// meet records a rendezvous: the send, then the receive.
func (r *recorder) meet(s *state, mv move, a, b comm) {
	if r == nil {
		return
	}
	from := r.step(s, int(mv.i), int(mv.alt), a.succ, a.ref)
	to := r.step(s, int(mv.j), int(mv.altJ), b.succ, b.ref)
	from.Peer, to.Peer = to.Goroutine+1, from.Goroutine+1
	r.steps = append(r.steps, from, to)
}

// make records that instance i has made the last primitive of s; spawn, that it
// has started the last instance.
func (r *recorder) make(s *state, i int, nd *model.Node) {
	if r == nil {
		return
	}
	r.pids = append(r.pids, r.made)
	r.made++
	st := r.step(s, i, 0, nd.Succ[0], -1)
	st.Prim = r.made
	r.steps = append(r.steps, st)
}

func (r *recorder) spawn(s *state, i int, nd *model.Node) {
	if r == nil {
		return
	}
	r.spawned++
	r.gids = append(r.gids, r.spawned)
	st := r.step(s, i, 0, nd.Succ[0], -1)
	st.Peer = r.spawned + 1
	r.steps = append(r.steps, st)
}

// renumber follows a change to canonical numbers, as the coder has just made it.
func (r *recorder) renumber(c *coder) {
	gids := make([]int, len(c.order))
	for k, i := range c.order {
		gids[k] = r.gids[i]
	}
	pids := make([]int, len(c.pold))
	for k, p := range c.pold {
		pids[k] = r.pids[p]
	}
	r.gids, r.pids = gids, pids
}

// replay runs the cheapest path to a state and returns what happened on it. The
// state it leaves in s is the canonical one.
func (g *graph) replay(id int32, s *state) *recorder {
	var path []int32
	for n := id; n >= 0; n = g.nodes[n].parent {
		path = append(path, n)
	}
	rec := &recorder{gids: []int{0}}
	s.copyFrom(&state{})
	s.add(g.m.p, 0, flagRoot)
	g.m.settle(s, rec)
	for k := len(path) - 1; ; k-- {
		key := string(g.code.encode(s))
		rec.renumber(&g.code)
		g.code.decode(key, s)
		if k == 0 {
			return rec
		}
		g.m.apply(s, g.nodes[path[k-1]].via, rec)
		g.m.settle(s, rec)
	}
}

// collectPanics adds the panics within the cost to the result.
func (g *graph) collectPanics(r *Result, maxCost int) {
	for at, f := range g.faults {
		if f.cost > maxCost {
			continue
		}
		var s state
		rec := g.replay(f.state, &s)
		g.m.apply(&s, f.via, rec)
		last := rec.steps[len(rec.steps)-1]
		p := Panic{
			Proc: at.proc, Node: at.node, Case: at.alt, Kind: at.kind,
			Cost: f.cost, Goroutine: last.Goroutine, Trace: rec.steps,
		}
		if at.kind == SendClosed || at.kind == CloseClosed {
			p.By = g.m.closing(rec.steps, last.Prim)
		}
		r.Panics = append(r.Panics, p)
	}
	sortPanics(r.Panics)
}

// closing returns the first close of the primitive in the trace.
func (m *machine) closing(steps []Step, prim int) Step {
	for _, st := range steps {
		op := m.p.Procs[st.Proc].Nodes[st.Node].Op
		if st.Prim == prim && (op == model.Close || op == model.Cancel) {
			return st
		}
	}
	return Step{}
}
