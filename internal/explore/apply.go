package explore

import (
	"github.com/chanlint/chanlint/internal/model"
)

// An outcome says what a move led to.
type outcome struct {
	end  endKind
	kind PanicKind
}

type endKind uint8

const (
	goesOn endKind = iota
	halts
	panics
)

// apply changes s, which must be canonical but for shared queues, by one of its
// moves; rec, if not nil, is told what happens. If the system goes on, settle must
// follow.
func (m *machine) apply(s *state, mv move, rec *recorder) outcome {
	i := int(mv.i)
	in := &s.insts[i]
	nd := m.node(in)
	switch mv.kind {
	case moveLocal:
		// settle does it.
	case moveChoose:
		m.choose(s, i, int(mv.alt), rec)
	case moveEnv:
		c := &nd.Cases[mv.alt]
		if !c.Send {
			m.store(s, in, c.Payload, msg{})
		}
		fallthrough
	case moveDefault:
		rec.pass(s, i, int(mv.alt), nd.Succ[mv.alt], -1)
		in.node = int32(nd.Succ[mv.alt])
	case moveAnnounce:
		in.flag |= flagPending
		s.target(in, nd.Ref).writer = writerPending
	case moveHalt:
		rec.pass(s, i, 0, -1, -1)
		return outcome{end: halts}
	case moveDiverge:
		rec.pass(s, i, 0, -1, -1)
		s.remove(i, rootDiverges)
	case moveMeet:
		m.meet(s, mv, rec)
	case moveOp:
		return m.operate(s, i, int(mv.alt), rec)
	}
	return outcome{}
}

// remove takes an instance that does not act any more out of the state.
func (s *state) remove(i int, root rootStatus) {
	in := &s.insts[i]
	if in.flag&flagRoot != 0 {
		s.root = root
	}
	in.flag |= flagGone
}

// A comm is one communication of an instance at a send, a receive or a select.
type comm struct {
	send         bool
	ref          int // register
	payload      model.Payload
	succ, closed int // successor nodes
}

func commOf(nd *model.Node, alt int) comm {
	switch nd.Op {
	case model.Send:
		return comm{true, nd.Ref, nd.Payload, nd.Succ[0], -1}
	case model.Recv:
		return comm{false, nd.Ref, nd.Payload, nd.Succ[0], nd.Succ[1]}
	}
	c := &nd.Cases[alt]
	return comm{c.Send, c.Ref, c.Payload, nd.Succ[alt], c.Closed}
}

// meet lets two instances communicate on an unbuffered channel.
func (m *machine) meet(s *state, mv move, rec *recorder) {
	from, to := &s.insts[mv.i], &s.insts[mv.j]
	a, b := commOf(m.node(from), int(mv.alt)), commOf(m.node(to), int(mv.altJ))
	rec.meet(s, mv, a, b)
	m.store(s, to, b.payload, m.load(s, from, a.payload))
	from.node, to.node = int32(a.succ), int32(b.succ)
}

// load returns the content of a message; what no receive looks at is left out.
func (m *machine) load(s *state, in *inst, p model.Payload) msg {
	switch p.Kind {
	case model.PayInt:
		if m.intPay {
			return msg{val: s.regs[int(in.reg)+m.p.Procs[in.proc].Refs+p.Reg]}
		}
	case model.PayConst:
		if m.intPay {
			return msg{val: p.Val}
		}
	case model.PayRef:
		if m.refPay {
			return msg{ref: true, val: s.regs[int(in.reg)+p.Reg]}
		}
	}
	return msg{}
}

// store puts the content of a message into a register; what is not of the
// register's sort becomes its zero value.
func (m *machine) store(s *state, in *inst, p model.Payload, v msg) {
	if v.ref != (p.Kind == model.PayRef) {
		v.val = 0
	}
	switch p.Kind {
	case model.PayInt:
		s.regs[int(in.reg)+m.p.Procs[in.proc].Refs+p.Reg] = v.val
	case model.PayRef:
		s.regs[int(in.reg)+p.Reg] = v.val
	}
}

// communicate does a send or receive that is ready without a partner.
func (m *machine) communicate(s *state, i, alt int, rec *recorder) outcome {
	in := &s.insts[i]
	c := commOf(m.node(in), alt)
	p := s.target(in, c.ref)
	switch {
	case p.kind != model.Chan:
		rec.pass(s, i, alt, -1, c.ref)
		return outcome{end: halts}
	case c.send && p.closed:
		rec.pass(s, i, alt, -1, c.ref)
		return outcome{panics, SendClosed}
	case c.send:
		n := len(p.queue)
		p.queue = append(p.queue[:n:n], m.load(s, in, c.payload))
		rec.pass(s, i, alt, c.succ, c.ref)
		in.node = int32(c.succ)
	case len(p.queue) > 0:
		v := p.queue[0]
		p.queue = p.queue[1:]
		rec.pass(s, i, alt, c.succ, c.ref)
		m.store(s, in, c.payload, v)
		in.node = int32(c.succ)
	default:
		rec.closed(s, i, closedCase(m.node(in), alt), c.closed, c.ref)
		m.store(s, in, c.payload, msg{})
		in.node = int32(c.closed)
	}
	return outcome{}
}

// closedCase returns what [Step] calls the case of a receive from a closed channel.
func closedCase(nd *model.Node, alt int) int {
	if nd.Op == model.Recv {
		return 1
	}
	return alt
}

// operate does an operation that needs no partner.
func (m *machine) operate(s *state, i, alt int, rec *recorder) outcome {
	in := &s.insts[i]
	nd := m.node(in)
	if nd.Op == model.Send || nd.Op == model.Recv || nd.Op == model.Select {
		return m.communicate(s, i, alt, rec)
	}
	out, succ := outcome{}, 0
	p := s.target(in, nd.Ref)
	switch {
	case p == nil && nd.Op == model.Cancel:
	case p == nil && nd.Op == model.Close:
		out = outcome{panics, CloseNil}
	case p == nil || p.kind != kindOf(nd.Op):
		out = outcome{end: halts}
	case p.kind == model.Mutex:
		out = lockOp(in, p, nd.Op)
	case p.kind == model.Cell:
		succ = m.cellOp(s, in, p, nd)
	default:
		out, succ = m.otherOp(p, nd)
	}
	if out.end != goesOn {
		rec.pass(s, i, 0, -1, nd.Ref)
		return out
	}
	rec.pass(s, i, succ, nd.Succ[succ], nd.Ref)
	in.node = int32(nd.Succ[succ])
	if nd.Op == model.RUnlock && p.n == 0 && p.writer == writerPending {
		m.handOver(s, p, rec)
	}
	return out
}

// handOver gives a mutex that its last reader leaves to the writer that has
// announced itself.
func (m *machine) handOver(s *state, p *prim, rec *recorder) {
	i := m.announced(s, p)
	in := &s.insts[i]
	nd := m.node(in)
	rec.pass(s, i, 0, nd.Succ[0], nd.Ref)
	lockOp(in, p, model.Lock)
	in.node = int32(nd.Succ[0])
}

// kindOf returns the kind of primitive that an opcode acts on.
func kindOf(op model.Opcode) model.Prim {
	switch op {
	case model.Add, model.Wait:
		return model.WaitGroup
	case model.Lock, model.Unlock, model.RLock, model.RUnlock:
		return model.Mutex
	case model.Begin, model.Finish:
		return model.Once
	case model.Read, model.Write, model.Exchange:
		return model.Cell
	}
	return model.Chan
}

// lockOp does an operation on a mutex that can proceed.
func lockOp(in *inst, p *prim, op model.Opcode) outcome {
	switch op {
	case model.Lock:
		in.flag &^= flagPending
		p.writer = writerHolds
	case model.Unlock:
		if p.writer != writerHolds {
			return outcome{panics, UnlockUnlocked}
		}
		p.writer = writerNone
	case model.RLock:
		p.n++
	case model.RUnlock:
		if p.n == 0 {
			return outcome{panics, UnlockUnlocked}
		}
		p.n--
	}
	return outcome{}
}

// cellOp uses a cell, and returns the index of the successor.
func (m *machine) cellOp(s *state, in *inst, p *prim, nd *model.Node) int {
	switch nd.Op {
	case model.Read:
		m.store(s, in, nd.Payload, p.queue[0])
		return 0
	case model.Exchange:
		if c := p.queue[0]; c.ref || c.val != nd.Expr.Eval(m.vars) {
			return 1
		}
	}
	p.queue = []msg{m.load(s, in, nd.Payload)}
	return 0
}

// otherOp does an operation on a channel, wait group or once cell that can proceed,
// and returns the index of the successor.
func (m *machine) otherOp(p *prim, nd *model.Node) (outcome, int) {
	switch nd.Op {
	case model.Close:
		if p.closed {
			return outcome{panics, CloseClosed}, 0
		}
		p.closed = true
	case model.Cancel:
		p.closed = true
	case model.Add:
		if p.n += nd.Expr.Eval(m.vars); p.n < 0 {
			return outcome{panics, NegativeCounter}, 0
		}
	case model.Begin:
		if p.n == onceDone {
			return outcome{}, 1
		}
		p.n = onceRunning
	case model.Finish:
		p.n = onceDone
	}
	return outcome{}, 0
}
