package explore

import (
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// A machine is an engine with an assignment of the variables: it knows which
// moves a state has and what they do.
type machine struct {
	*Engine
	vars []int
}

// A move is one thing that can happen next. I is the instance that acts, Alt the
// index of its successor or case; J and AltJ are the partner's in a rendezvous.
type move struct {
	kind moveKind
	i, j int16
	alt  int16
	altJ int16
}

type moveKind uint8

const (
	moveLocal    moveKind = iota // go on with local nodes
	moveChoose                   // take an alternative
	moveOp                       // an operation that needs no partner
	moveMeet                     // i sends to j
	moveEnv                      // a case of the environment
	moveDefault                  // the default of a select
	moveAnnounce                 // a writer announces itself; it stays where it is
	moveHalt                     // the process ends
	moveDiverge                  // i is in a cycle of local nodes for ever
)

// node returns the node at which an instance stands.
func (m *machine) node(in *inst) *model.Node {
	return &m.p.Procs[in.proc].Nodes[in.node]
}

// integer returns the integer register of an instance.
func (m *machine) integer(s *state, in *inst, reg int) *int {
	return &s.regs[int(in.reg)+m.p.Procs[in.proc].Refs+reg]
}

// decision returns the class of the choice that instance i has before it; ok is
// false if there is none: its node is no choice, or the value tested is known.
func (m *machine) decision(s *state, i int) (class model.Class, ok bool) {
	in := &s.insts[i]
	nd := m.node(in)
	switch nd.Op {
	case model.Choose:
		class = nd.Class
	case model.Test:
		if class, ok = model.Unknown(*m.integer(s, in, nd.Int)); !ok {
			return class, false
		}
		class = max(class, nd.Class)
	default:
		return class, false
	}
	if class == model.Flag && nd.Paid != 0 && *m.integer(s, in, nd.Paid-1) == 1 {
		class = model.Free
	}
	return class, true
}

// cost returns the cost of the choice that instance i has before it.
func (m *machine) cost(s *state, i int) int {
	if !s.started {
		return 0
	}
	class, _ := m.decision(s, i)
	return class.Cost()
}

// choose takes an alternative of a choice.
func (m *machine) choose(s *state, i, alt int, rec *recorder) {
	in := &s.insts[i]
	nd := m.node(in)
	rec.choice(s, i, alt, nd.Succ[alt], m.cost(s, i))
	if class, _ := m.decision(s, i); class == model.Flag && nd.Paid != 0 {
		*m.integer(s, in, nd.Paid-1) = 1
	}
	if nd.Op == model.Test {
		*m.integer(s, in, nd.Int) = alt ^ nd.Expr.Const
	}
	in.node = int32(nd.Succ[alt])
}

// moves appends the moves of a canonical state to mv. If eager, choices that cost
// are made at once, as all others are. Reduced reports whether they
// are those of one instance that moves alone while the others wait;
// enabled[i] reports whether instance i can complete the operation at which it
// stands.
func (m *machine) moves(s *state, eager bool, mv []move, enabled []bool) (_ []move, reduced bool) {
	halt := -1
	for i := range s.insts {
		nd := m.node(&s.insts[i])
		switch {
		case nd.Op.Visible():
			if (nd.Op == model.Close || nd.Op == model.Cancel) && m.soleOwner(s, i, nd) {
				enabled[i] = true
				return append(mv, move{kind: moveOp, i: int16(i)}), true
			}
		case nd.Op == model.Halt:
			halt = i
		default:
			if _, ok := m.decision(s, i); !ok {
				return append(mv, move{kind: moveLocal, i: int16(i)}), true
			}
			if eager || m.cost(s, i) == 0 {
				return chooseMoves(mv, i, nd), true
			}
		}
	}
	if halt >= 0 {
		// The end of the process does not commute with a panic of somebody else.
		mv = append(mv, move{kind: moveHalt, i: int16(halt)})
		if !m.mayPanic {
			return mv, false
		}
	}
	for i := range s.insts {
		if i > 0 && m.same(s, i-1, i) {
			continue
		}
		switch nd := m.node(&s.insts[i]); nd.Op {
		case model.Halt:
		case model.Choose, model.Test:
			mv = chooseMoves(mv, i, nd)
		case model.Select:
			mv = m.selectMoves(s, i, nd, mv, enabled)
		default:
			mv = m.opMoves(s, i, nd, mv, enabled)
		}
	}
	for i := 1; i < len(s.insts); i++ {
		if m.same(s, i-1, i) {
			enabled[i] = enabled[i-1] || enabled[i]
		}
	}
	return mv, false
}

// soleOwner reports whether nobody but instance i can ever name the open channel
// that it closes: the close commutes with everything. A cell is not used ahead of
// the others in this way: a goroutine may go on with that for ever.
func (m *machine) soleOwner(s *state, i int, nd *model.Node) bool {
	ref := s.regs[s.insts[i].reg+int32(nd.Ref)]
	if ref == 0 || s.prims[ref-1].kind != model.Chan || s.prims[ref-1].closed {
		return false
	}
	for j := range s.insts {
		in := &s.insts[j]
		if j == i {
			continue
		}
		for _, r := range m.live[in.proc][in.node] {
			if r < int32(m.p.Procs[in.proc].Refs) && s.regs[in.reg+r] == ref {
				return false
			}
		}
	}
	for k := range s.prims {
		for _, msg := range s.prims[k].queue {
			if msg.ref && msg.val == ref {
				return false
			}
		}
	}
	return true
}

func chooseMoves(mv []move, i int, nd *model.Node) []move {
	for a := range nd.Succ {
		mv = append(mv, move{kind: moveChoose, i: int16(i), alt: int16(a)})
	}
	return mv
}

// same reports whether two neighbours of a canonical state are replicas in the
// same configuration: exchanging them gives the same state.
func (m *machine) same(s *state, i, j int) bool {
	a, b := &s.insts[i], &s.insts[j]
	if a.proc != b.proc || a.node != b.node || a.flag != b.flag {
		return false
	}
	pr := m.p.Procs[a.proc]
	n := int32(pr.Refs + pr.Ints)
	return slices.Equal(s.regs[a.reg:a.reg+n], s.regs[b.reg:b.reg+n])
}

// target returns the primitive that a register names, or nil.
func (s *state) target(in *inst, reg int) *prim {
	if v := s.regs[in.reg+int32(reg)]; v != 0 {
		return &s.prims[v-1]
	}
	return nil
}

// opMoves appends the moves of an instance at a visible node other than a select.
func (m *machine) opMoves(s *state, i int, nd *model.Node, mv []move, enabled []bool) []move {
	in := &s.insts[i]
	p := s.target(in, nd.Ref)
	switch nd.Op {
	case model.Send, model.Recv:
		return m.commMoves(s, i, 0, nd.Ref, nd.Op == model.Send, false, mv, enabled)
	case model.Wait:
		if p != nil && p.kind == model.WaitGroup && p.n != 0 {
			return mv
		}
	case model.Lock:
		if p != nil && p.kind == model.Mutex && (p.writer != writerNone || p.n > 0) {
			if p.writer == writerNone && p.n > 0 {
				mv = append(mv, move{kind: moveAnnounce, i: int16(i)})
			}
			return mv
		}
	case model.RLock:
		if p != nil && p.kind == model.Mutex && p.writer != writerNone {
			return mv
		}
	case model.RUnlock:
		if p != nil && p.kind == model.Mutex && p.n == 1 && p.writer == writerPending {
			enabled[m.announced(s, p)] = true
		}
	case model.Begin:
		if p != nil && p.kind == model.Once && p.n == onceRunning {
			return mv
		}
	}
	// A nil primitive or one of another kind ends the process: that is a move.
	enabled[i] = true
	return append(mv, move{kind: moveOp, i: int16(i)})
}

// announced returns the instance that waits for the last reader of a mutex to leave.
func (m *machine) announced(s *state, p *prim) int {
	return slices.IndexFunc(s.insts, func(in inst) bool {
		return in.flag&flagPending != 0 && s.target(&in, m.node(&in).Ref) == p
	})
}

// commMoves appends the moves of a communication: case alt of a select, or a plain
// send or receive. A rendezvous is found from the side of its sender; weak says
// that this side has a default or another case that is ready, so that it does not
// wait for a partner. One of the two must wait.
func (m *machine) commMoves(s *state, i, alt, reg int, send, weak bool, mv []move, enabled []bool) []move {
	p := s.target(&s.insts[i], reg)
	if p == nil {
		return mv
	}
	if ready(p, send) {
		enabled[i] = true
		return append(mv, move{kind: moveOp, i: int16(i), alt: int16(alt)})
	}
	if !send || p.cap != 0 {
		return mv
	}
	ref := s.regs[s.insts[i].reg+int32(reg)]
	for j := range s.insts {
		if j == i || (j > 0 && j-1 != i && m.same(s, j-1, j)) {
			continue
		}
		mv = m.meetMoves(s, move{kind: moveMeet, i: int16(i), j: int16(j), alt: int16(alt)}, ref, weak, mv, enabled)
	}
	return mv
}

// meetMoves appends the ways in which instance j can receive what i sends on the
// channel ref.
func (m *machine) meetMoves(s *state, mt move, ref int, weak bool, mv []move, enabled []bool) []move {
	in := &s.insts[mt.j]
	nd := m.node(in)
	switch nd.Op {
	case model.Recv:
		if s.regs[in.reg+int32(nd.Ref)] == ref {
			enabled[mt.i], enabled[mt.j] = true, true
			mv = append(mv, mt)
		}
	case model.Select:
		if weak && (nd.Default || s.certain(in, nd)) {
			return mv
		}
		for k := range nd.Cases {
			c := &nd.Cases[k]
			if c.Env || c.Send || s.regs[in.reg+int32(c.Ref)] != ref {
				continue
			}
			enabled[mt.i], enabled[mt.j] = true, true
			mt.altJ = int16(k)
			mv = append(mv, mt)
		}
	}
	return mv
}

// ready reports whether a communication on the primitive can proceed without a
// partner, be it only into a panic.
func ready(p *prim, send bool) bool {
	switch {
	case p.kind != model.Chan || p.closed:
		return true
	case send:
		return p.cap < 0 || len(p.queue) < p.cap
	default:
		return len(p.queue) > 0
	}
}

// certain reports whether some case of a select is ready without a partner.
func (s *state) certain(in *inst, nd *model.Node) bool {
	for k := range nd.Cases {
		c := &nd.Cases[k]
		if c.Env {
			continue
		}
		if p := s.target(in, c.Ref); p != nil && ready(p, c.Send) {
			return true
		}
	}
	return false
}

// selectMoves appends the moves of an instance at a select.
func (m *machine) selectMoves(s *state, i int, nd *model.Node, mv []move, enabled []bool) []move {
	certain := s.certain(&s.insts[i], nd)
	for k := range nd.Cases {
		c := &nd.Cases[k]
		if c.Env {
			enabled[i] = true
			mv = append(mv, move{kind: moveEnv, i: int16(i), alt: int16(k)})
			continue
		}
		mv = m.commMoves(s, i, k, c.Ref, c.Send, nd.Default || certain, mv, enabled)
	}
	if nd.Default {
		enabled[i] = true
		if !certain {
			mv = append(mv, move{kind: moveDefault, i: int16(i), alt: int16(len(nd.Cases))})
		}
	}
	return mv
}
