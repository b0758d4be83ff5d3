package witness

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/model"
)

// origins says which makes a register may name: the flow-insensitive closure
// over copies, arguments of spawns and messages.
type origins struct {
	m    *build.Model
	sets []([]map[int]bool)   // by process and register: tags of Make nodes, names of cells
	held map[int]map[int]bool // the same for what is in a cell, by its name
}

func newOrigins(m *build.Model) *origins {
	o := &origins{m: m, held: map[int]map[int]bool{}}
	for _, p := range m.Program.Procs {
		sets := make([]map[int]bool, p.Refs)
		for i := range sets {
			sets[i] = map[int]bool{}
		}
		o.sets = append(o.sets, sets)
	}
	for changed := true; changed; {
		changed = false
		for i, p := range m.Program.Procs {
			for j := range p.Nodes {
				changed = o.flow(i, j, &p.Nodes[j]) || changed
			}
		}
	}
	return o
}

// flow adds what one node passes on.
func (o *origins) flow(proc, node int, n *model.Node) bool {
	sets := o.sets[proc]
	switch n.Op {
	case model.Make:
		if n.Prim == model.Cell {
			return o.cell(sets[n.Dst], proc, node)
		}
		if n.Tag != 0 && !sets[n.Dst][n.Tag] {
			sets[n.Dst][n.Tag] = true
			return true
		}
	case model.Copy:
		return include(sets[n.Dst], sets[n.Ref])
	case model.Spawn:
		changed := false
		for _, a := range n.Args {
			if !a.IsInt {
				changed = include(o.sets[n.Proc][a.To], sets[a.From]) || changed
			}
		}
		return changed
	case model.Read, model.Write, model.Exchange:
		if n.Payload.Kind != model.PayRef {
			return false
		}
		changed := false
		for name := range sets[n.Ref] {
			if held := o.held[name]; held != nil && n.Op == model.Read {
				changed = include(sets[n.Payload.Reg], held) || changed
			} else if held != nil {
				changed = include(held, sets[n.Payload.Reg]) || changed
			}
		}
		return changed
	}
	return false
}

// cell names the cell that a node makes. The names are no tags.
func (o *origins) cell(set map[int]bool, proc, node int) bool {
	name := -1 - (proc + node*len(o.m.Program.Procs))
	if set[name] {
		return false
	}
	set[name] = true
	o.held[name] = map[int]bool{}
	return true
}

func include(dst, src map[int]bool) bool {
	changed := false
	for t := range src {
		if !dst[t] {
			dst[t] = true
			changed = true
		}
	}
	return changed
}

// made returns where the primitive that n operates on is made, if that is one
// place.
func (o *origins) made(proc int, n *model.Node) token.Pos {
	if n.Op == model.Select {
		return token.NoPos
	}
	set := o.sets[proc][n.Ref]
	if len(set) != 1 {
		return token.NoPos
	}
	for tag := range set {
		site, _ := o.m.Site(tag)
		return site.Pos
	}
	return token.NoPos
}

// partners returns the processes that have an operation which could let n
// proceed.
func (o *origins) partners(proc int, n *model.Node) map[int]bool {
	out := map[int]bool{}
	for i, p := range o.m.Program.Procs {
		if i >= o.m.Env {
			break
		}
		for j := range p.Nodes {
			if o.serves(i, &p.Nodes[j], proc, n) {
				out[i] = true
				break
			}
		}
	}
	return out
}

// servesItself reports whether n, a receive in function fn, gets what a function
// that its own goroutine calls with the channel sends. Nobody sees in fn that
// the other one may leave it out, as it does when it fails.
func (o *origins) servesItself(proc int, n *model.Node, fn *ssa.Function) bool {
	if n.Op != model.Recv {
		return false
	}
	partners := o.partners(proc, n)
	if len(partners) != 1 || !partners[proc] {
		return false
	}
	nodes := o.m.Program.Procs[proc].Nodes
	for j := range nodes {
		site, ok := o.m.Site(nodes[j].Tag)
		if !ok || site.Fn == fn || nodes[j].Op != model.Send || !o.serves(proc, &nodes[j], proc, n) {
			continue
		}
		if send, ok := site.Instr.(*ssa.Send); ok {
			_, handed := send.Chan.(*ssa.Parameter)
			return handed
		}
	}
	return false
}

// serves reports whether operation a of process i could let b of process j
// proceed.
func (o *origins) serves(i int, a *model.Node, j int, b *model.Node) bool {
	if b.Op == model.Select {
		for _, cs := range b.Cases {
			op := model.Recv
			if cs.Send {
				op = model.Send
			}
			if !cs.Env && o.serves(i, a, j, &model.Node{Op: op, Ref: cs.Ref}) {
				return true
			}
		}
		return false
	}
	if a.Op == model.Select {
		for _, cs := range a.Cases {
			op := model.Recv
			if cs.Send {
				op = model.Send
			}
			if !cs.Env && o.serves(i, &model.Node{Op: op, Ref: cs.Ref}, j, b) {
				return true
			}
		}
		return false
	}
	var fits bool
	switch b.Op {
	case model.Send:
		fits = a.Op == model.Recv
	case model.Recv:
		fits = a.Op == model.Send || a.Op == model.Close || a.Op == model.Cancel
	case model.Wait:
		fits = a.Op == model.Add && a.Expr.Const < 0
	case model.Lock, model.RLock:
		fits = a.Op == model.Unlock || a.Op == model.RUnlock
	}
	return fits && overlap(o.sets[i][a.Ref], o.sets[j][b.Ref])
}

func overlap(a, b map[int]bool) bool {
	for t := range a {
		if b[t] {
			return true
		}
	}
	return false
}

// closes reports whether any process closes what n receives from.
func (o *origins) closes(proc int, n *model.Node) bool {
	for i, p := range o.m.Program.Procs {
		for j := range p.Nodes {
			if a := &p.Nodes[j]; a.Op == model.Close && overlap(o.sets[i][a.Ref], o.sets[proc][n.Ref]) {
				return true
			}
		}
	}
	return false
}

// onlyReceives reports whether process proc receives from the channel that n
// names and never sends on it.
func (o *origins) onlyReceives(proc int, n *model.Node) bool {
	receives := false
	for j := range o.m.Program.Procs[proc].Nodes {
		a := &o.m.Program.Procs[proc].Nodes[j]
		probe := &model.Node{Op: model.Recv, Ref: n.Ref}
		if a.Op != model.Close && a.Op != model.Cancel && o.serves(proc, a, proc, probe) {
			return false // it sends
		}
		probe.Op = model.Send
		receives = receives || o.serves(proc, a, proc, probe)
	}
	return receives
}

// follows reports whether process proc, having passed node from, may serve b of
// process j later.
func (o *origins) follows(proc, from, j int, b *model.Node) bool {
	nodes := o.m.Program.Procs[proc].Nodes
	seen := make([]bool, len(nodes))
	stack := append([]int(nil), nodes[from].Succ...)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[i] {
			continue
		}
		seen[i] = true
		if o.serves(proc, &nodes[i], j, b) {
			return true
		}
		stack = append(stack, nodes[i].Succ...)
		for _, cs := range nodes[i].Cases {
			if !cs.Send && !cs.Env {
				stack = append(stack, cs.Closed)
			}
		}
	}
	return false
}
