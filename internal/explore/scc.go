package explore

// succ calls f for every successor of a state.
func (g *graph) succ(id int32, f func(int32)) {
	n := &g.nodes[id]
	for _, t := range g.edges[n.from:n.to] {
		f(t)
	}
	if n.extra >= 0 {
		f(n.extra)
	}
}

// degree and edge give random access to the successors.
func (g *graph) degree(id int32) int32 {
	n := &g.nodes[id]
	if n.extra >= 0 {
		return n.to - n.from + 1
	}
	return n.to - n.from
}

func (g *graph) edge(id, k int32) int32 {
	n := &g.nodes[id]
	if n.from+k < n.to {
		return g.edges[n.from+k]
	}
	return n.extra
}

// components returns the strongly connected components of the graph, each after
// those that it reaches, and the component of every state (Tarjan, Depth-first
// search and linear graph algorithms, 1972, without recursion).
func (g *graph) components() (comps [][]int32, comp []int32) {
	n := len(g.nodes)
	comp = make([]int32, n)
	low := make([]int32, n) // 0: not visited; else 1 + index
	num := make([]int32, n)
	all := make([]int32, 0, n) // backs comps
	var stack []int32
	type frame struct{ id, next int32 }
	var calls []frame
	count := int32(0)
	for root := range g.nodes {
		if num[root] != 0 {
			continue
		}
		calls = append(calls[:0], frame{int32(root), 0})
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			id := f.id
			if f.next == 0 && num[id] == 0 {
				count++
				num[id], low[id] = count, count
				comp[id] = -1
				stack = append(stack, id)
			}
			if f.next < g.degree(id) {
				t := g.edge(id, f.next)
				f.next++
				if num[t] == 0 {
					calls = append(calls, frame{t, 0})
				} else if comp[t] < 0 {
					low[id] = min(low[id], num[t])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1].id
				low[up] = min(low[up], low[id])
			}
			if low[id] != num[id] {
				continue
			}
			from := len(all)
			for {
				t := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				comp[t] = int32(len(comps))
				all = append(all, t)
				if t == id {
					break
				}
			}
			comps = append(comps, all[from:len(all):len(all)])
		}
	}
	return comps, comp
}

// bottom reports whether no edge leaves the component.
func (g *graph) bottom(comp []int32, members []int32) bool {
	leaves := false
	for _, id := range members {
		g.succ(id, func(t int32) { leaves = leaves || comp[t] != comp[id] })
	}
	return !leaves
}

// breakCycles looks for components that are never left and in which goroutines
// move alone, for ever, through local nodes while the others wait. There, such a
// goroutine is taken to diverge, so that the others move. It reports whether there
// are new states to expand.
func (g *graph) breakCycles() bool {
	if !g.anyReducedCycle() {
		return false
	}
	comps, comp := g.components()
	found := false
	for _, members := range comps {
		first, alone := members[0], true
		for _, id := range members {
			first = min(first, id)
			alone = alone && g.nodes[id].reduced
		}
		if !alone || !g.bottom(comp, members) {
			continue
		}
		found = true
		n := g.nodes[first]
		g.code.decode(n.key, &g.next)
		via := move{kind: moveDiverge, i: n.alone}
		g.m.apply(&g.next, via, nil)
		extra := g.add(&g.next, n.cost, first, via)
		g.nodes[first].extra = extra
	}
	return found
}

// anyReducedCycle reports whether some reduced state has an edge back to a state
// found no later: without one there is no cycle of reduced states.
func (g *graph) anyReducedCycle() bool {
	for id := range g.nodes {
		if !g.nodes[id].reduced || g.nodes[id].extra >= 0 {
			continue
		}
		back := false
		g.succ(int32(id), func(t int32) { back = back || t <= int32(id) })
		if back {
			return true
		}
	}
	return false
}
