package build

import (
	"github.com/chanlint/chanlint/internal/model"
)

// maxSettled bounds how many flags are settled before one go statement.
const maxSettled = 2

// settleFlags lets a process that starts others in a loop decide, before it
// starts one, what a flag is that they all read and that nobody assigns: they
// then agree on it, and a witness pays for it once, not once for each of them. It
// may also leave the flag open, so that what needs no decision costs nothing. It
// reports whether there is such a flag.
func settleFlags(prog *model.Program) bool {
	changed := false
	for _, p := range prog.Procs {
		open := unknownFlags(p)
		for i := range p.Nodes {
			if p.Nodes[i].Op != model.Spawn || !repeats(p, i) {
				continue
			}
			at, shared := i, 0
			for _, a := range p.Nodes[i].Args {
				if a.IsInt && open[a.From] && shared < maxSettled {
					at = decideBefore(p, at, a.From)
					shared++
					changed = true
				}
			}
		}
	}
	return changed
}

// unknownFlags returns the integer registers that p sets to a flag that is not known,
// somewhere.
func unknownFlags(p *model.Proc) []bool {
	open := make([]bool, p.Ints)
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op == model.Set && len(n.Expr.Terms) == 0 && n.Expr.Const == unknownFlag {
			open[n.Int] = true
		}
	}
	return open
}

// repeats reports whether control can come back to the node.
func repeats(p *model.Proc, node int) bool {
	seen := make([]bool, len(p.Nodes))
	work := []int{node}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range successors(&p.Nodes[i]) {
			if s == node {
				return true
			}
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// decideBefore puts in front of a node the choice to decide the register, if it
// holds a flag that is not known. It returns where the node is then.
func decideBefore(p *model.Proc, node, reg int) int {
	at := len(p.Nodes)
	moved, decide, leave, no, yes := at, at+1, at+2, at+3, at+4
	p.Nodes = append(p.Nodes,
		p.Nodes[node],
		model.Node{Op: model.Choose, Class: model.Flag, Succ: []int{no, yes}},
		model.Node{Op: model.Choose, Class: model.Free, Succ: []int{moved, decide}},
		model.Node{Op: model.Set, Int: reg, Expr: fixed(0), Succ: []int{moved}},
		model.Node{Op: model.Set, Int: reg, Expr: fixed(1), Succ: []int{moved}},
	)
	p.Nodes[node] = model.Node{Op: model.Equal, Int: reg, Expr: fixed(unknownFlag), Succ: []int{leave, moved}}
	return moved
}
