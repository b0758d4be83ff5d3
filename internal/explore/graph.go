package explore

import (
	"cmp"
	"slices"
)

// A graph is the reachable part of the state space, built within a budget.
type graph struct {
	m         *machine
	code      coder
	maxStates int
	maxBytes  int
	bytes     int
	// exact is the cost up to which choices that cost interleave with what the
	// others do, so that the costs of states up to it are the least.
	exact int

	index map[string]int32
	nodes []node
	edges []int32
	front []level // states to expand, by cost

	words    int      // of a label set
	disabled []uint64 // label sets by state: where some instance cannot proceed
	enabled  []uint64 // and where some can
	faults   map[site]fault

	// In a marked search, hit is set as soon as the marked instance can proceed or
	// the process can end.
	marked, hit bool

	cur, next state
	mv        []move
	able      []bool
}

// A node is a state of the graph.
type node struct {
	key        string
	cost       int
	parent     int32
	via        move // from parent
	from, to   int32
	extra      int32 // successor by moveDiverge, or -1
	done       bool
	reduced    bool // only one instance moves
	alone      int16
	terminates bool // some move ends the process, or panics
}

// A level is the queue of the states of one cost; within it, states are expanded
// in the order in which they were found, so that paths are short.
type level struct {
	cost  int
	queue []int32
}

// A site identifies a panic; a fault is a cheapest way into it.
type site struct {
	proc, node, alt int
	kind            PanicKind
}

type fault struct {
	state int32
	cost  int
	via   move
}

// nodeBytes is the memory that a stored state takes beside its key, roughly.
const nodeBytes = 160

func newGraph(m *machine, opt Options) *graph {
	return &graph{
		m: m, code: coder{e: m.Engine},
		maxStates: opt.MaxStates, maxBytes: opt.MaxBytes,
		index: map[string]int32{}, faults: map[site]fault{},
		words: (len(m.places) + 63) / 64,
	}
}

func (g *graph) size() int { return len(g.nodes) }

// start adds the first state of the program. It may be followed by build.
func (g *graph) start() {
	s := &g.next
	s.add(g.m.p, 0, flagRoot)
	if !g.m.settle(s, nil) {
		g.maxStates = 0
	}
	g.add(s, 0, -1, move{})
}

// add stores a state, or a cheaper path to it, and returns its number.
func (g *graph) add(s *state, cost int, parent int32, via move) int32 {
	key := g.code.encode(s)
	if id, ok := g.index[string(key)]; ok {
		if n := &g.nodes[id]; cost < n.cost {
			// Done, if breakCycles came in between: then the cost must go on.
			n.cost, n.parent, n.via, n.done = cost, parent, via, false
			g.push(id, cost)
		}
		return id
	}
	if len(g.code.pold) > maxPrims {
		g.maxStates = 0
	}
	id := int32(len(g.nodes))
	k := string(key)
	g.index[k] = id
	g.nodes = append(g.nodes, node{key: k, cost: cost, parent: parent, via: via, extra: -1})
	g.bytes += len(k) + nodeBytes
	g.push(id, cost)
	return id
}

func (g *graph) push(id int32, cost int) {
	i, ok := slices.BinarySearchFunc(g.front, cost, func(l level, c int) int { return cmp.Compare(l.cost, c) })
	if !ok {
		g.front = slices.Insert(g.front, i, level{cost: cost})
	}
	g.front[i].queue = append(g.front[i].queue, id)
}

// pop returns the next state to expand, or -1.
func (g *graph) pop() int32 {
	for len(g.front) > 0 {
		l := &g.front[0]
		if len(l.queue) == 0 {
			g.front = g.front[1:]
			continue
		}
		id := l.queue[0]
		l.queue = l.queue[1:]
		if n := &g.nodes[id]; !n.done && n.cost == l.cost {
			return id
		}
	}
	return -1
}

// over reports whether the budget is exceeded.
func (g *graph) over() bool {
	return len(g.nodes) > g.maxStates || g.bytes > g.maxBytes
}

// build expands everything reachable. It reports false if that is over the budget.
func (g *graph) build() bool {
	for {
		for id := g.pop(); id >= 0; id = g.pop() {
			g.expand(id)
			if g.over() {
				return false
			}
			if g.hit {
				return true
			}
		}
		if !g.breakCycles() {
			return true
		}
	}
}

// expand adds the successors of a state.
func (g *graph) expand(id int32) {
	s := &g.cur
	g.code.decode(g.nodes[id].key, s)
	g.able = append(g.able[:0], make([]bool, len(s.insts))...)
	mv, reduced := g.m.moves(s, g.nodes[id].cost > g.exact, g.mv[:0], g.able)
	g.mv = mv
	g.note(id, s)
	base := g.nodes[id].cost
	from, terminates := int32(len(g.edges)), false
	for _, v := range mv {
		g.next.copyFrom(s)
		c := base
		if v.kind == moveChoose {
			c += g.m.cost(s, int(v.i))
		}
		out := g.m.apply(&g.next, v, nil)
		if out.end != goesOn {
			terminates = true
			g.fault(s, id, v, out)
			continue
		}
		if !g.m.settle(&g.next, nil) {
			g.maxStates = 0
			return
		}
		g.edges = append(g.edges, g.add(&g.next, c, id, v))
	}
	n := &g.nodes[id]
	n.done, n.reduced, n.terminates = true, reduced, terminates
	n.from, n.to = from, int32(len(g.edges))
	if reduced {
		n.alone = mv[0].i
	}
	g.hit = g.hit || g.marked && terminates
}

// note stores the label sets of a state that is being expanded. In a reduced state
// nobody but who moves counts as enabled: the state in which the others move
// follows.
func (g *graph) note(id int32, s *state) {
	for len(g.disabled) < (int(id)+1)*g.words {
		g.disabled = append(g.disabled, 0)
		g.enabled = append(g.enabled, 0)
	}
	at := int(id) * g.words
	for i := range s.insts {
		in := &s.insts[i]
		l := g.m.label[in.proc][in.node]
		switch {
		case l < 0:
		case g.able[i]:
			g.enabled[at+int(l/64)] |= 1 << (l % 64)
			g.hit = g.hit || in.flag&flagMark != 0
		default:
			g.disabled[at+int(l/64)] |= 1 << (l % 64)
		}
	}
}

// fault records a panic unless a way that is no dearer is known.
func (g *graph) fault(s *state, id int32, v move, out outcome) {
	if out.end != panics {
		return
	}
	in := &s.insts[v.i]
	at := site{int(in.proc), int(in.node), int(v.alt), out.kind}
	if f, ok := g.faults[at]; !ok || g.nodes[id].cost < f.cost {
		g.faults[at] = fault{id, g.nodes[id].cost, v}
	}
}
