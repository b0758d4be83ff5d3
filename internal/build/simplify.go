package build

import (
	"fmt"

	"github.com/chanlint/chanlint/internal/model"
)

// simplify removes from a program what no event depends on: dead assignments,
// branches that make no difference, loops without events, goroutines that do
// nothing. Forking on what does not matter is what exploration spends its time
// on otherwise.
func simplify(prog *model.Program, env int) *model.Program {
	for range 8 {
		changed := false
		for _, p := range prog.Procs {
			changed = dropDead(prog, p) || changed
			changed = dropIdle(prog, p) || changed
			changed = collapse(p) || changed
		}
		if !changed {
			break
		}
	}
	for _, p := range prog.Procs {
		compact(p)
	}
	return prog
}

// skip makes a node do nothing: its first successor takes its place.
func skip(n *model.Node) { *n = model.Node{Op: model.Choose, Succ: n.Succ[:1]} }

func trivial(n *model.Node) bool { return n.Op == model.Choose && len(n.Succ) == 1 }

// liveness returns the registers that are read later, at entry to each node:
// references first, integers from p.Refs on.
func liveness(prog *model.Program, p *model.Proc) [][]bool {
	live := make([][]bool, len(p.Nodes))
	for i := range live {
		live[i] = make([]bool, p.Refs+p.Ints)
	}
	for changed := true; changed; {
		changed = false
		for i := len(p.Nodes) - 1; i >= 0; i-- {
			n := &p.Nodes[i]
			for r := range p.Refs + p.Ints {
				if live[i][r] || !liveAt(prog, p, live, n, r) {
					continue
				}
				live[i][r] = true
				changed = true
			}
		}
	}
	return live
}

func liveAt(prog *model.Program, p *model.Proc, live [][]bool, n *model.Node, r int) bool {
	if reads(prog, p, n, r) {
		return true
	}
	if writes(p, n, r) {
		return false
	}
	for _, s := range successors(n) {
		if live[s][r] {
			return true
		}
	}
	return false
}

func reads(prog *model.Program, p *model.Proc, n *model.Node, r int) bool {
	if r >= p.Refs {
		reg := r - p.Refs
		switch n.Op {
		case model.Equal, model.Loop:
			return n.Int == reg
		case model.Send:
			return n.Payload.Kind == model.PayInt && n.Payload.Reg == reg
		case model.Select:
			for _, cs := range n.Cases {
				if cs.Send && cs.Payload.Kind == model.PayInt && cs.Payload.Reg == reg {
					return true
				}
			}
		case model.Spawn:
			for _, a := range n.Args {
				if a.IsInt && a.From == reg {
					return true
				}
			}
		}
		return false
	}
	switch n.Op {
	case model.Copy, model.IsNil, model.Recv, model.Close, model.Cancel, model.Add, model.Wait,
		model.Lock, model.Unlock, model.RLock, model.RUnlock, model.Begin, model.Finish:
		return n.Ref == r
	case model.Send:
		return n.Ref == r || n.Payload.Kind == model.PayRef && n.Payload.Reg == r
	case model.Select:
		for _, cs := range n.Cases {
			if !cs.Env && (cs.Ref == r || cs.Send && cs.Payload.Kind == model.PayRef && cs.Payload.Reg == r) {
				return true
			}
		}
	case model.Spawn:
		for _, a := range n.Args {
			if !a.IsInt && a.From == r {
				return true
			}
		}
	}
	return false
}

// writes reports whether n assigns register r whatever happens. A receive does
// so only on one of its ways out, which is not worth telling apart.
func writes(p *model.Proc, n *model.Node, r int) bool {
	if r >= p.Refs {
		return n.Op == model.Set && n.Int == r-p.Refs
	}
	switch n.Op {
	case model.Make, model.Copy, model.Clear:
		return n.Dst == r
	}
	return false
}

// dropDead removes assignments to registers that nothing reads.
func dropDead(prog *model.Program, p *model.Proc) bool {
	live := liveness(prog, p)
	changed := false
	for i := range p.Nodes {
		n := &p.Nodes[i]
		dst := -1
		switch n.Op {
		case model.Make, model.Copy, model.Clear:
			dst = n.Dst
		case model.Set:
			dst = p.Refs + n.Int
		case model.Recv:
			if n.Payload.Kind != model.PayNone && !live[n.Succ[0]][payloadReg(p, n.Payload)] {
				n.Payload = model.Payload{}
				changed = true
			}
			continue
		case model.Spawn:
			changed = dropArgs(prog, n) || changed
			continue
		default:
			continue
		}
		if !live[n.Succ[0]][dst] {
			skip(n)
			changed = true
		}
	}
	return changed
}

func payloadReg(p *model.Proc, pay model.Payload) int {
	if pay.Kind == model.PayInt {
		return p.Refs + pay.Reg
	}
	return pay.Reg
}

// dropArgs removes arguments that the spawned process does not read.
func dropArgs(prog *model.Program, n *model.Node) bool {
	child := prog.Procs[n.Proc]
	var kept []model.Arg
	for _, a := range n.Args {
		if readsAnywhere(prog, child, a) {
			kept = append(kept, a)
		}
	}
	changed := len(kept) != len(n.Args)
	n.Args = kept
	return changed
}

func readsAnywhere(prog *model.Program, p *model.Proc, a model.Arg) bool {
	r := a.To
	if a.IsInt {
		r += p.Refs
	}
	for i := range p.Nodes {
		if reads(prog, p, &p.Nodes[i], r) {
			return true
		}
	}
	return false
}

// dropIdle removes the spawning of processes that never do anything visible.
func dropIdle(prog *model.Program, p *model.Proc) bool {
	changed := false
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op == model.Spawn && idle(prog.Procs[n.Proc]) {
			skip(n)
			changed = true
		}
	}
	return changed
}

func idle(p *model.Proc) bool {
	for i := range p.Nodes {
		switch op := p.Nodes[i].Op; {
		case op.Visible(), op == model.Spawn, op == model.Halt:
			return false
		}
	}
	return true
}

// collapse redirects successors past nodes that do nothing, and merges nodes
// that do the same and go on alike.
func collapse(p *model.Proc) bool {
	target := forward(p)
	for i := range p.Nodes {
		redirect(&p.Nodes[i], target)
	}
	p.Entry = target[p.Entry]
	changed := false
	seen := map[string]int{}
	same := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		same[i] = i
		if trivial(n) {
			continue
		}
		if simplifyBranch(p, i) {
			changed = true
			continue
		}
		k := fingerprint(n)
		if first, ok := seen[k]; ok {
			same[i] = first
			continue
		}
		seen[k] = i
	}
	for i := range p.Nodes {
		for j, s := range p.Nodes[i].Succ {
			if same[s] != s {
				p.Nodes[i].Succ[j] = same[s]
				changed = true
			}
		}
		for j := range p.Nodes[i].Cases {
			if cs := &p.Nodes[i].Cases[j]; !cs.Send && !cs.Env && same[cs.Closed] != cs.Closed {
				cs.Closed = same[cs.Closed]
				changed = true
			}
		}
	}
	p.Entry = same[p.Entry]
	return changed
}

func redirect(n *model.Node, target []int) {
	for j, s := range n.Succ {
		n.Succ[j] = target[s]
	}
	for j := range n.Cases {
		if cs := &n.Cases[j]; !cs.Send && !cs.Env {
			cs.Closed = target[cs.Closed]
		}
	}
}

// forward returns, for each node, the first node from it on that does
// something. A cycle of nodes that do nothing becomes a node that diverges.
func forward(p *model.Proc) []int {
	target := make([]int, len(p.Nodes))
	for i := range target {
		target[i] = -1
	}
	for i := range p.Nodes {
		var chain []int
		onChain := map[int]bool{}
		at := i
		for target[at] < 0 && trivial(&p.Nodes[at]) && !onChain[at] {
			onChain[at] = true
			chain = append(chain, at)
			at = p.Nodes[at].Succ[0]
		}
		if onChain[at] {
			p.Nodes[at] = model.Node{Op: model.Diverge}
		}
		end := at
		if target[at] >= 0 {
			end = target[at]
		}
		target[at] = end
		for _, c := range chain {
			target[c] = end
		}
	}
	return target
}

// simplifyBranch simplifies a branch whose outcome does not matter: its ways
// lead to the same place, or back to itself without an event.
func simplifyBranch(p *model.Proc, i int) bool {
	n := &p.Nodes[i]
	switch n.Op {
	case model.Choose:
		var kept []int
		for _, s := range n.Succ {
			dup := s == i
			for _, k := range kept {
				dup = dup || k == s
			}
			if !dup {
				kept = append(kept, s)
			}
		}
		if len(kept) == 0 {
			*n = model.Node{Op: model.Diverge}
			return true
		}
		if len(kept) < len(n.Succ) {
			n.Succ = kept
			return true
		}
	case model.Equal, model.IsNil:
		if n.Succ[0] == n.Succ[1] {
			skip(n)
			return true
		}
	case model.Loop:
		if n.Succ[0] == i || n.Succ[0] == n.Succ[1] {
			n.Succ = n.Succ[1:]
			skip(n)
			return true
		}
	}
	return false
}

func fingerprint(n *model.Node) string { return fmt.Sprintf("%+v", *n) }

// compact drops unreachable nodes.
func compact(p *model.Proc) {
	index := make([]int, len(p.Nodes))
	for i := range index {
		index[i] = -1
	}
	var order []int
	add := func(i int) {
		if index[i] < 0 {
			index[i] = len(order)
			order = append(order, i)
		}
	}
	add(p.Entry)
	for k := 0; k < len(order); k++ {
		for _, s := range successors(&p.Nodes[order[k]]) {
			add(s)
		}
	}
	nodes := make([]model.Node, len(order))
	for k, i := range order {
		nodes[k] = p.Nodes[i]
		redirect(&nodes[k], index)
	}
	p.Nodes, p.Entry = nodes, 0
}
