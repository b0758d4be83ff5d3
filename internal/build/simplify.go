package build

import (
	"encoding/binary"

	"github.com/chanlint/chanlint/internal/model"
)

// simplify removes from a program what no event depends on: dead assignments,
// branches that make no difference, loops without events, goroutines that do
// nothing. Forking on what does not matter is what exploration spends its time
// on otherwise.
func simplify(prog *model.Program) *model.Program {
	for range 16 {
		changed := false
		for _, p := range prog.Procs {
			changed = dropDead(prog, p) || changed
			changed = dropIdle(prog, p) || changed
			changed = collapse(p) || changed
		}
		changed = dropPayloads(prog) || changed
		changed = dropWrites(prog) || changed
		if !changed {
			for _, p := range prog.Procs {
				changed = dropIndifferent(p) || changed
			}
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

// trivial reports whether n does nothing, and nobody asks whether control has
// passed it.
func trivial(n *model.Node) bool { return n.Op == model.Choose && len(n.Succ) == 1 && n.Tag == 0 }

// dropDead removes assignments to registers that nothing reads.
func dropDead(prog *model.Program, p *model.Proc) bool {
	live := liveness(p)
	read := readBy(prog)
	changed := false
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch n.Op {
		case model.Recv:
			if n.Payload.Kind != model.PayNone && !live[n.Succ[0]].has(payloadReg(p, n.Payload)) {
				n.Payload = model.Payload{}
				changed = true
			}
			continue
		case model.Select:
			for k := range n.Cases {
				cs := &n.Cases[k]
				if !cs.Send && !cs.Env && cs.Payload.Kind != model.PayNone && !live[n.Succ[k]].has(payloadReg(p, cs.Payload)) {
					cs.Payload = model.Payload{}
					changed = true
				}
			}
			continue
		case model.Read:
			if n.Payload.Kind == model.PayNone || !live[n.Succ[0]].has(payloadReg(p, n.Payload)) {
				skip(n)
				changed = true
			}
			continue
		case model.Spawn:
			changed = dropArgs(prog, read, n) || changed
			continue
		case model.Test:
			// What it decides may matter even if both ways are the same.
			if n.Succ[0] == n.Succ[1] && !live[n.Succ[0]].has(p.Refs+n.Int) {
				skip(n)
				changed = true
			}
			continue
		}
		if dst := assigned(p, n); dst >= 0 && !live[n.Succ[0]].has(dst) {
			skip(n)
			changed = true
		}
	}
	return changed
}

// dropArgs removes arguments that the spawned process does not read.
func dropArgs(prog *model.Program, read []regs, n *model.Node) bool {
	child := prog.Procs[n.Proc]
	var kept []model.Arg
	for _, a := range n.Args {
		to := a.To
		if a.IsInt {
			to += child.Refs
		}
		if read[n.Proc].has(to) {
			kept = append(kept, a)
		}
	}
	changed := len(kept) != len(n.Args)
	n.Args = kept
	return changed
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

// fingerprint encodes what n does and where it goes.
func fingerprint(n *model.Node) string {
	var key []byte
	add := func(vs ...int) {
		for _, v := range vs {
			key = binary.AppendVarint(key, int64(v))
		}
	}
	flag := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	payload := func(p model.Payload) { add(int(p.Kind), p.Reg, p.Val) }
	add(int(n.Op), int(n.Prim), n.Ref, n.Dst, n.Int, int(n.Class), n.Paid, n.Proc, n.Tag, flag(n.Default))
	add(n.Expr.Const, len(n.Expr.Terms))
	for _, t := range n.Expr.Terms {
		add(t.Var, t.Coef)
	}
	payload(n.Payload)
	add(len(n.Cases))
	for _, cs := range n.Cases {
		add(flag(cs.Env), flag(cs.Send), cs.Ref, cs.Closed, cs.Tag)
		payload(cs.Payload)
	}
	add(len(n.Args))
	for _, a := range n.Args {
		add(flag(a.IsInt), a.From, a.To)
	}
	add(n.Succ...)
	return string(key)
}

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
