package explore

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// The reference: every interleaving, one node at a time, without reductions. It
// follows the run time: a goroutine that cannot proceed parks at the channel, close
// and Unlock wake who waits, and a select takes its default only if nobody is parked
// on the other side. That its verdicts are those of the explorer, which knows no
// parking, is the proof that parking need not be modelled.
//
// Two things the run time does are no promises of the specification: it serves those
// who are parked first in, first out, and hands a message to a parked receiver
// rather than to the buffer. A strict reference does so. There the last of two
// senders is lost as soon as one receive is left, before that receive happens, so a
// witness can cost less than the explorer says; but the places are the same. A
// reference that is not strict serves anybody, and takes back the parking of anybody.

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

// clone copies what a transition may change in place; registers and queues are
// replaced, not changed.
func (s *refState) clone() *refState {
	return &refState{started: s.started, insts: slices.Clone(s.insts), prims: slices.Clone(s.prims)}
}

// with returns a copy of vs in which element i is v.
func with(vs []int, i, v int) []int {
	vs = slices.Clone(vs)
	vs[i] = v
	return vs
}

func (s *refState) key() string {
	b := make([]byte, 0, 256)
	num := func(vs ...int) {
		for _, v := range vs {
			if v >= 0 && v < 0x7f {
				b = append(b, byte(v))
			} else {
				b = binary.AppendVarint(append(b, 0xff), int64(v))
			}
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
		for _, w := range p.sendq {
			num(w.inst, w.alt)
		}
		for _, w := range p.recvq {
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
	return x.holds(i, pay)
}

// holds returns what a payload of instance i carries.
func (x *refRun) holds(i int, pay model.Payload) msg {
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
		in.ints = with(in.ints, pay.Reg, m.val)
	case pay.Kind == model.PayInt:
		in.ints = with(in.ints, pay.Reg, 0)
	case pay.Kind == model.PayRef && m.ref:
		in.refs = with(in.refs, pay.Reg, m.val)
	case pay.Kind == model.PayRef:
		in.refs = with(in.refs, pay.Reg, 0)
	}
}

// unpark takes an instance out of all queues.
func (x *refRun) unpark(i int) {
	for k := range x.s.prims {
		p := &x.s.prims[k]
		p.sendq, p.recvq = without(p.sendq, i), without(p.recvq, i)
	}
	x.s.insts[i].parked = false
}

func without(q []refWaiter, i int) []refWaiter {
	mine := func(w refWaiter) bool { return w.inst == i }
	if slices.ContainsFunc(q, mine) {
		return slices.DeleteFunc(slices.Clone(q), mine)
	}
	return q
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
		p.sendq = x.r.enqueue(p.sendq, refWaiter{i, alt})
	} else {
		p.recvq = x.r.enqueue(p.recvq, refWaiter{i, alt})
	}
}

// enqueue adds a waiter; a queue whose order does not matter is kept sorted.
func (r *reference) enqueue(q []refWaiter, w refWaiter) []refWaiter {
	q = append(slices.Clip(q), w)
	if r.strict {
		return q
	}
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
		// Which of several cases of one select on one channel, nothing says.
		if r.strict && partners[k].inst != partners[0].inst {
			break
		}
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
		p.queue = append(slices.Clip(p.queue), x.content(i, alt))
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
		p.queue = append(slices.Clip(p.queue), m)
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
