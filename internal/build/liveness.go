package build

import "github.com/chanlint/chanlint/internal/model"

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
