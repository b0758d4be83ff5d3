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

// regs is a set of registers: references first, integers from Proc.Refs on.
type regs []uint64

func (s regs) has(r int) bool { return s[r/64]>>(r%64)&1 != 0 }
func (s regs) add(r int)      { s[r/64] |= 1 << (r % 64) }

// liveness returns the registers that are read later, at entry to each node.
func liveness(p *model.Proc) []regs {
	words := (p.Refs+p.Ints+63)/64 + 1
	backing := make([]uint64, words*len(p.Nodes))
	live := make([]regs, len(p.Nodes))
	preds := make([][]int, len(p.Nodes))
	work := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		live[i] = backing[i*words : (i+1)*words]
		uses(p, &p.Nodes[i], live[i].add)
		for _, s := range successors(&p.Nodes[i]) {
			preds[s] = append(preds[s], i)
		}
		work[i] = i
	}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, at := range preds[i] {
			if passOn(p, &p.Nodes[at], live[i], live[at]) {
				work = append(work, at)
			}
		}
	}
	return live
}

// passOn adds to before what after reads and n does not assign. It reports
// whether that is anything new.
func passOn(p *model.Proc, n *model.Node, after, before regs) bool {
	killed := assigned(p, n)
	changed := false
	for w, bits := range after {
		if killed >= 0 && killed/64 == w {
			bits &^= 1 << (killed % 64)
		}
		if bits&^before[w] != 0 {
			before[w] |= bits
			changed = true
		}
	}
	return changed
}

// uses yields the registers that n reads.
func uses(p *model.Proc, n *model.Node, yield func(int)) {
	if n.Paid != 0 {
		yield(p.Refs + n.Paid - 1)
	}
	payload := func(pay model.Payload) {
		switch pay.Kind {
		case model.PayInt:
			yield(p.Refs + pay.Reg)
		case model.PayRef:
			yield(pay.Reg)
		}
	}
	switch n.Op {
	case model.Equal, model.Loop, model.Test, model.CopyInt:
		yield(p.Refs + n.Int)
	case model.Copy, model.IsNil, model.Recv, model.Close, model.Cancel, model.Add, model.Wait,
		model.Lock, model.Unlock, model.RLock, model.RUnlock, model.Begin, model.Finish, model.Read:
		yield(n.Ref)
	case model.Send, model.Write, model.Exchange:
		yield(n.Ref)
		payload(n.Payload)
	case model.Select:
		for _, cs := range n.Cases {
			if cs.Env {
				continue
			}
			yield(cs.Ref)
			if cs.Send {
				payload(cs.Payload)
			}
		}
	case model.Spawn:
		for _, a := range n.Args {
			if a.IsInt {
				yield(p.Refs + a.From)
			} else {
				yield(a.From)
			}
		}
	}
}

// assigned returns the register that n assigns whatever happens, or -1. A
// receive does so only on one of its ways out, which is not worth telling
// apart.
func assigned(p *model.Proc, n *model.Node) int {
	switch n.Op {
	case model.Set:
		return p.Refs + n.Int
	case model.CopyInt:
		return p.Refs + n.Dst
	case model.Make, model.Copy, model.Clear:
		return n.Dst
	case model.Read:
		switch n.Payload.Kind {
		case model.PayInt, model.PayRef:
			return payloadReg(p, n.Payload)
		}
	}
	return -1
}

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

func payloadReg(p *model.Proc, pay model.Payload) int {
	if pay.Kind == model.PayInt {
		return p.Refs + pay.Reg
	}
	return pay.Reg
}

// readBy returns, for each process, the registers that it reads anywhere.
func readBy(prog *model.Program) []regs {
	out := make([]regs, len(prog.Procs))
	for i, p := range prog.Procs {
		out[i] = make(regs, (p.Refs+p.Ints+63)/64+1)
		for j := range p.Nodes {
			uses(p, &p.Nodes[j], out[i].add)
		}
	}
	return out
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
