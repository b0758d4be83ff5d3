package explore

import (
	"github.com/chanlint/chanlint/internal/model"
)

// maxLocal bounds the local steps between two looks at the state; where it stops,
// a state is stored, so that a cycle of local nodes closes.
const maxLocal = 64

// settle lets every instance run through its local nodes up to a visible node or a
// choice. It reports false if there are too many instances.
func (m *machine) settle(s *state, rec *recorder) bool {
	for i := 0; i < len(s.insts); i++ {
		for range maxLocal {
			if s.insts[i].flag&flagGone != 0 || !m.local(s, i, rec) {
				break
			}
		}
		if len(s.insts) > maxInsts {
			return false
		}
	}
	return true
}

// local does one deterministic local step of an instance and reports whether it
// could.
func (m *machine) local(s *state, i int, rec *recorder) bool {
	in := &s.insts[i]
	nd := m.node(in)
	refs := int32(m.p.Procs[in.proc].Refs)
	succ := 0
	switch nd.Op {
	case model.End:
		rec.pass(s, i, 0, -1, -1)
		s.remove(i, rootEnded)
		return false
	case model.Diverge:
		rec.pass(s, i, 0, -1, -1)
		s.remove(i, rootDiverges)
		return false
	case model.Choose:
		if len(nd.Succ) > 1 || m.cost(s, i) != 0 {
			return false
		}
	case model.Test:
		v := *m.integer(s, in, nd.Int)
		if _, unknown := model.Unknown(v); unknown {
			return false
		}
		if v != nd.Expr.Const {
			succ = 1
		}
	case model.CopyInt:
		*m.integer(s, in, nd.Dst) = *m.integer(s, in, nd.Int)
	case model.Make:
		s.started = true
		s.prims = append(s.prims, newPrim(nd, m.vars))
		s.regs[in.reg+int32(nd.Dst)] = len(s.prims)
		rec.make(s, i, nd)
		in.node = int32(nd.Succ[0])
		return true
	case model.Copy:
		s.regs[in.reg+int32(nd.Dst)] = s.regs[in.reg+int32(nd.Ref)]
	case model.Clear:
		s.regs[in.reg+int32(nd.Dst)] = 0
	case model.IsNil:
		if s.regs[in.reg+int32(nd.Ref)] != 0 {
			succ = 1
		}
	case model.Set:
		s.regs[in.reg+refs+int32(nd.Int)] = nd.Expr.Eval(m.vars)
	case model.Equal:
		if s.regs[in.reg+refs+int32(nd.Int)] != nd.Expr.Eval(m.vars) {
			succ = 1
		}
	case model.Loop:
		if r := &s.regs[in.reg+refs+int32(nd.Int)]; *r > 0 {
			*r--
		} else {
			succ = 1
		}
	case model.Spawn:
		m.spawn(s, i, nd, rec)
		return true
	default:
		return false
	}
	rec.pass(s, i, succ, nd.Succ[succ], -1)
	in.node = int32(nd.Succ[succ])
	return true
}

func newPrim(nd *model.Node, vars []int) prim {
	p := prim{kind: nd.Prim, cap: capacity(nd, vars)}
	if nd.Prim == model.Cell {
		p.queue = make([]msg, 1)
	}
	return p
}

// capacity returns the capacity of the channel that a Make makes; all negative
// ones are the same.
func capacity(nd *model.Node, vars []int) int {
	if nd.Prim != model.Chan {
		return 0
	}
	return max(nd.Expr.Eval(vars), -1)
}

// spawn starts an instance of the node's process.
func (m *machine) spawn(s *state, i int, nd *model.Node, rec *recorder) {
	s.started = true
	j := s.add(m.p, nd.Proc, 0)
	in, child := &s.insts[i], &s.insts[j]
	refs, childRefs := m.p.Procs[in.proc].Refs, m.p.Procs[nd.Proc].Refs
	for _, a := range nd.Args {
		if a.IsInt {
			s.regs[int(child.reg)+childRefs+a.To] = s.regs[int(in.reg)+refs+a.From]
		} else {
			s.regs[int(child.reg)+a.To] = s.regs[int(in.reg)+a.From]
		}
	}
	rec.spawn(s, i, nd)
	in.node = int32(nd.Succ[0])
}
