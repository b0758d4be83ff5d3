package explore

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// The reference: every interleaving, one node at a time, without reductions. It
// follows the run time rather than the specification: a goroutine that cannot
// proceed parks at the channel, close and Unlock wake who waits, and a select takes
// its default only if nobody is parked on the other side. That its verdicts are
// those of the explorer, which knows no parking, is the proof that parking need not
// be modelled. One thing is the specification's: any of those who are parked may be
// served, not only the first. (In the run time the last of two senders is lost as
// soon as one receive is left, before it happens.)

type refInst struct {
	proc, node int
	refs, ints []int // reference: 0 nil, else 1 + primitive
	over       bool  // ended or diverges
	parked     bool
	doom       int // 1 + the case in which it was parked when the channel was closed
}

type refWaiter struct{ inst, alt int }

type refPrim struct {
	kind         model.Prim
	closed       bool
	cap, n       int // n: counter, active readers, progress of once
	queue        []msg
	sendq, recvq []refWaiter
	waiters      []int // parked in Wait or RLock
	writer       int   // 1 + the writer that holds the inner lock
	acquired     bool  // and whether it has the lock
}

type refState struct {
	started bool
	insts   []refInst
	prims   []refPrim
}

func (s *refState) clone() *refState {
	t := &refState{started: s.started, insts: slices.Clone(s.insts), prims: slices.Clone(s.prims)}
	for i := range t.insts {
		t.insts[i].refs = slices.Clone(t.insts[i].refs)
		t.insts[i].ints = slices.Clone(t.insts[i].ints)
	}
	for i := range t.prims {
		p := &t.prims[i]
		p.queue, p.sendq, p.recvq = slices.Clone(p.queue), slices.Clone(p.sendq), slices.Clone(p.recvq)
		p.waiters = slices.Clone(p.waiters)
	}
	return t
}

func (s *refState) key() string {
	var b []byte
	num := func(vs ...int) {
		for _, v := range vs {
			b = binary.AppendVarint(b, int64(v))
		}
	}
	flag := func(vs ...bool) {
		for _, v := range vs {
			b = append(b, boolByte(v))
		}
	}
	flag(s.started)
	num(len(s.insts))
	for i := range s.insts {
		in := &s.insts[i]
		num(in.proc, in.node, in.doom)
		flag(in.over, in.parked)
		num(in.refs...)
		num(in.ints...)
	}
	for i := range s.prims {
		p := &s.prims[i]
		flag(p.closed, p.acquired)
		num(int(p.kind), p.cap, p.n, p.writer, len(p.queue), len(p.sendq), len(p.recvq), len(p.waiters))
		for _, m := range p.queue {
			flag(m.ref)
			num(m.val)
		}
		for _, w := range slices.Concat(p.sendq, p.recvq) {
			num(w.inst, w.alt)
		}
		num(p.waiters...)
	}
	return string(b)
}

// A refEvent is the completion of a node by a goroutine.
type refEvent struct {
	inst, proc, node, alt, succ int
}

// A refStep is a transition. One operation can complete several.
type refStep struct {
	to     *refState // nil: the process ends
	events []refEvent
	cost   int
	panics bool
	site   site
}

// A refRun is one transition being made.
type refRun struct {
	r      *reference
	s      *refState
	events []refEvent
}

// done completes the node of an instance.
func (x *refRun) done(i, alt, succ int) {
	in := &x.s.insts[i]
	x.events = append(x.events, refEvent{i, in.proc, in.node, alt, succ})
	in.parked = false
	if succ < 0 {
		in.over = true
		return
	}
	in.node = succ
}

func (x *refRun) out() refStep { return refStep{to: x.s, events: x.events} }

// comm returns the parts of case alt of the node at which instance i stands.
func (r *reference) comm(s *refState, i, alt int) (ref int, pay model.Payload, succ, closed int) {
	in := &s.insts[i]
	nd := r.node(s, i)
	switch nd.Op {
	case model.Send:
		return in.refs[nd.Ref], nd.Payload, nd.Succ[0], 0
	case model.Recv:
		return in.refs[nd.Ref], nd.Payload, nd.Succ[0], nd.Succ[1]
	}
	c := nd.Cases[alt]
	return in.refs[c.Ref], c.Payload, nd.Succ[alt], c.Closed
}

func (x *refRun) content(i, alt int) msg {
	_, pay, _, _ := x.r.comm(x.s, i, alt)
	in := &x.s.insts[i]
	switch pay.Kind {
	case model.PayInt:
		return msg{val: in.ints[pay.Reg]}
	case model.PayConst:
		return msg{val: pay.Val}
	case model.PayRef:
		return msg{ref: true, val: in.refs[pay.Reg]}
	}
	return msg{}
}

// accept lets instance i complete a receive of m; ok is false if the channel was
// found closed.
func (x *refRun) accept(i, alt int, m msg, ok bool) {
	_, pay, succ, closed := x.r.comm(x.s, i, alt)
	x.put(i, pay, m)
	if !ok {
		succ = closed
		if x.r.node(x.s, i).Op == model.Recv {
			alt = 1
		}
	}
	x.done(i, alt, succ)
}

func (x *refRun) put(i int, pay model.Payload, m msg) {
	in := &x.s.insts[i]
	switch {
	case pay.Kind == model.PayInt && !m.ref:
		in.ints[pay.Reg] = m.val
	case pay.Kind == model.PayInt:
		in.ints[pay.Reg] = 0
	case pay.Kind == model.PayRef && m.ref:
		in.refs[pay.Reg] = m.val
	case pay.Kind == model.PayRef:
		in.refs[pay.Reg] = 0
	}
}

// unpark takes an instance out of all queues.
func (x *refRun) unpark(i int) {
	mine := func(w refWaiter) bool { return w.inst == i }
	for k := range x.s.prims {
		p := &x.s.prims[k]
		p.sendq = slices.DeleteFunc(p.sendq, mine)
		p.recvq = slices.DeleteFunc(p.recvq, mine)
	}
	x.s.insts[i].parked = false
}

// park puts an instance into the queue of one case.
func (x *refRun) park(i, alt int, send bool) {
	x.s.insts[i].parked = true
	ref, _, _, _ := x.r.comm(x.s, i, alt)
	if ref == 0 {
		return
	}
	p := &x.s.prims[ref-1]
	if send {
		p.sendq = insertWaiter(p.sendq, refWaiter{i, alt})
	} else {
		p.recvq = insertWaiter(p.recvq, refWaiter{i, alt})
	}
}

// insertWaiter keeps a queue sorted: its order does not matter.
func insertWaiter(q []refWaiter, w refWaiter) []refWaiter {
	q = append(q, w)
	slices.SortFunc(q, func(a, b refWaiter) int {
		return cmp.Or(cmp.Compare(a.inst, b.inst), cmp.Compare(a.alt, b.alt))
	})
	return q
}

// refReady reports whether a communication proceeds without parking.
func refReady(p *refPrim, send bool) bool {
	if send {
		return p.closed || len(p.recvq) > 0 || p.cap < 0 || len(p.queue) < p.cap
	}
	return p.closed || len(p.sendq) > 0 || len(p.queue) > 0
}

// communicates returns the ways to do a communication that is ready: one for each
// partner that is parked.
func (r *reference) communicates(s *refState, i, alt int, send bool) []refStep {
	ref, _, _, _ := r.comm(s, i, alt)
	p := &s.prims[ref-1]
	partners := p.sendq
	if send {
		partners = p.recvq
	}
	if p.closed || len(partners) == 0 {
		return []refStep{r.run(s).communicate(i, alt, send, 0)}
	}
	var out []refStep
	for k := range partners {
		out = append(out, r.run(s).communicate(i, alt, send, k))
	}
	return out
}

// communicate does a communication that is ready, with parked partner k if there
// is one.
func (x *refRun) communicate(i, alt int, send bool, k int) refStep {
	ref, _, succ, _ := x.r.comm(x.s, i, alt)
	p := &x.s.prims[ref-1]
	switch {
	case send && p.closed:
		return x.r.panics(x.s, i, alt, SendClosed)
	case send && len(p.recvq) > 0:
		w := p.recvq[k]
		m := x.content(i, alt)
		x.unpark(w.inst)
		x.done(i, alt, succ)
		x.accept(w.inst, w.alt, m, true)
	case send:
		p.queue = append(p.queue, x.content(i, alt))
		x.done(i, alt, succ)
	case len(p.sendq) > 0:
		x.takeFromSender(p, i, alt, k)
	case len(p.queue) > 0:
		m := p.queue[0]
		p.queue = p.queue[1:]
		x.accept(i, alt, m, true)
	default:
		x.accept(i, alt, msg{}, false)
	}
	return x.out()
}

// takeFromSender receives while a sender is parked: it refills the buffer, if
// there is one.
func (x *refRun) takeFromSender(p *refPrim, i, alt, k int) {
	w := p.sendq[k]
	m := x.content(w.inst, w.alt)
	_, _, succ, _ := x.r.comm(x.s, w.inst, w.alt)
	x.unpark(w.inst)
	if p.cap > 0 {
		p.queue = append(p.queue, m)
		m, p.queue = p.queue[0], p.queue[1:]
		x.accept(i, alt, m, true)
		x.done(w.inst, w.alt, succ)
		return
	}
	x.done(w.inst, w.alt, succ)
	x.accept(i, alt, m, true)
}

// closeChan wakes everybody.
func (x *refRun) closeChan(p *refPrim) {
	p.closed = true
	for len(p.recvq) > 0 {
		w := p.recvq[0]
		x.unpark(w.inst)
		x.accept(w.inst, w.alt, msg{}, false)
	}
	for len(p.sendq) > 0 {
		w := p.sendq[0]
		x.unpark(w.inst)
		x.s.insts[w.inst].doom = w.alt + 1
	}
}
