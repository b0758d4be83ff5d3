package explore

import (
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// A reference holds the program that the reference semantics runs.
type reference struct {
	p      *model.Program
	vars   []int
	strict bool
}

func (r *reference) node(s *refState, i int) *model.Node {
	return &r.p.Procs[s.insts[i].proc].Nodes[s.insts[i].node]
}

func (r *reference) run(s *refState) *refRun { return &refRun{r: r, s: s.clone()} }

func (r *reference) panics(s *refState, i, alt int, kind PanicKind) refStep {
	in := &s.insts[i]
	return refStep{panics: true, site: site{in.proc, in.node, alt, kind}}
}

func (r *reference) first() *refState {
	return &refState{insts: []refInst{r.fresh(0)}}
}

func (r *reference) fresh(proc int) refInst {
	p := r.p.Procs[proc]
	return refInst{proc: proc, node: p.Entry, refs: make([]int, p.Refs), ints: make([]int, p.Ints)}
}

// steps returns the transitions of one instance.
func (r *reference) steps(s *refState, i int) []refStep {
	in := &s.insts[i]
	nd := r.node(s, i)
	switch {
	case in.over:
		return nil
	case in.doom > 0:
		return []refStep{r.panics(s, i, in.doom-1, SendClosed)}
	case nd.Op == model.Select:
		return r.selects(s, i, nd)
	case in.parked:
		return r.unparks(s, i, nd)
	case nd.Op == model.Halt:
		return []refStep{{}}
	case nd.Op == model.Choose, nd.Op == model.Test && in.ints[nd.Int] >= model.UnknownFree:
		return r.chooses(s, i, nd)
	case !nd.Op.Visible():
		return []refStep{r.local(s, i, nd)}
	case nd.Op == model.Send || nd.Op == model.Recv:
		return r.sendRecv(s, i, nd)
	}
	ref := in.refs[nd.Ref]
	if ref == 0 {
		switch nd.Op {
		case model.Close:
			return []refStep{r.panics(s, i, 0, CloseNil)}
		case model.Cancel:
			x := r.run(s)
			x.done(i, 0, nd.Succ[0])
			return []refStep{x.out()}
		}
		return []refStep{{}}
	}
	return r.acts(s, i, nd, ref-1)
}

// unparks takes back the parking at a channel.
func (r *reference) unparks(s *refState, i int, nd *model.Node) []refStep {
	switch nd.Op {
	case model.Send, model.Recv, model.Select:
		if !r.strict {
			x := r.run(s)
			x.unpark(i)
			return []refStep{x.out()}
		}
	}
	return nil
}

func (r *reference) chooses(s *refState, i int, nd *model.Node) []refStep {
	ints := s.insts[i].ints
	class := nd.Class
	if nd.Op == model.Test {
		class = max(class, model.Class(min(ints[nd.Int]-2, 2)))
	}
	var out []refStep
	for a, succ := range nd.Succ {
		x := r.run(s)
		in := &x.s.insts[i]
		price := class.Cost()
		if class == model.Flag && nd.Paid != 0 {
			price -= int(boolByte(ints[nd.Paid-1] == 1))
			in.ints = with(in.ints, nd.Paid-1, 1)
		}
		switch {
		case nd.Op == model.Test && a == 0:
			in.ints = with(in.ints, nd.Int, nd.Expr.Const)
		case nd.Op == model.Test:
			in.ints = with(in.ints, nd.Int, 1-nd.Expr.Const)
		}
		x.done(i, a, succ)
		st := x.out()
		if s.started {
			st.cost = price
		}
		out = append(out, st)
	}
	return out
}

func (r *reference) local(s *refState, i int, nd *model.Node) refStep {
	x := r.run(s)
	in := &x.s.insts[i]
	succ := 0
	switch nd.Op {
	case model.End, model.Diverge:
		x.done(i, 0, -1)
		return x.out()
	case model.Make:
		x.s.started = true
		p := refPrim{kind: nd.Prim}
		if nd.Prim == model.Cell {
			p.queue = []msg{{}}
		}
		if nd.Prim == model.Chan {
			p.cap = nd.Expr.Eval(r.vars)
		}
		x.s.prims = append(x.s.prims, p)
		in.refs = with(in.refs, nd.Dst, len(x.s.prims))
	case model.Copy:
		in.refs = with(in.refs, nd.Dst, in.refs[nd.Ref])
	case model.Clear:
		in.refs = with(in.refs, nd.Dst, 0)
	case model.IsNil:
		succ = int(boolByte(in.refs[nd.Ref] != 0))
	case model.Set:
		in.ints = with(in.ints, nd.Int, nd.Expr.Eval(r.vars))
	case model.CopyInt:
		in.ints = with(in.ints, nd.Dst, in.ints[nd.Int])
	case model.Equal, model.Test:
		succ = int(boolByte(in.ints[nd.Int] != nd.Expr.Eval(r.vars)))
	case model.Loop:
		if in.ints[nd.Int] > 0 {
			in.ints = with(in.ints, nd.Int, in.ints[nd.Int]-1)
		} else {
			succ = 1
		}
	case model.Spawn:
		x.s.started = true
		child := r.fresh(nd.Proc)
		for _, a := range nd.Args {
			if a.IsInt {
				child.ints[a.To] = in.ints[a.From]
			} else {
				child.refs[a.To] = in.refs[a.From]
			}
		}
		x.s.insts = append(x.s.insts, child)
	}
	x.done(i, succ, nd.Succ[succ])
	return x.out()
}

func (r *reference) sendRecv(s *refState, i int, nd *model.Node) []refStep {
	x := r.run(s)
	send := nd.Op == model.Send
	ref := s.insts[i].refs[nd.Ref]
	if ref != 0 && s.prims[ref-1].kind != model.Chan {
		return []refStep{{}}
	}
	if ref == 0 || !refReady(&s.prims[ref-1], send) {
		x.park(i, 0, send)
		return []refStep{x.out()}
	}
	return r.communicates(s, i, 0, send)
}

func (r *reference) selects(s *refState, i int, nd *model.Node) []refStep {
	var out []refStep
	for k, c := range nd.Cases {
		if c.Env {
			x := r.run(s)
			x.unpark(i)
			if !c.Send {
				x.put(i, c.Payload, msg{})
			}
			x.done(i, k, nd.Succ[k])
			out = append(out, x.out())
		}
	}
	if s.insts[i].parked {
		return append(out, r.unparks(s, i, nd)...)
	}
	ready := false
	for k, c := range nd.Cases {
		if c.Env || s.insts[i].refs[c.Ref] == 0 {
			continue
		}
		p := &s.prims[s.insts[i].refs[c.Ref]-1]
		if p.kind != model.Chan {
			ready = true
			out = append(out, refStep{})
		} else if refReady(p, c.Send) {
			ready = true
			out = append(out, r.communicates(s, i, k, c.Send)...)
		}
	}
	if ready {
		return out
	}
	x := r.run(s)
	if nd.Default {
		x.done(i, len(nd.Cases), nd.Succ[len(nd.Cases)])
		return append(out, x.out())
	}
	x.s.insts[i].parked = true
	for k, c := range nd.Cases {
		if !c.Env {
			x.park(i, k, c.Send)
		}
	}
	return append(out, x.out())
}

// acts does an operation on a primitive that is not nil.
func (r *reference) acts(s *refState, i int, nd *model.Node, k int) []refStep {
	want := map[model.Opcode]model.Prim{
		model.Add: model.WaitGroup, model.Wait: model.WaitGroup,
		model.Lock: model.Mutex, model.Unlock: model.Mutex, model.RLock: model.Mutex, model.RUnlock: model.Mutex,
		model.Begin: model.Once, model.Finish: model.Once,
		model.Read: model.Cell, model.Write: model.Cell, model.Exchange: model.Cell,
	}
	if s.prims[k].kind != want[nd.Op] {
		return []refStep{{}}
	}
	x := r.run(s)
	p := &x.s.prims[k]
	succ := 0
	switch nd.Op {
	case model.Close:
		if p.closed {
			return []refStep{r.panics(s, i, 0, CloseClosed)}
		}
		x.closeChan(p)
	case model.Cancel:
		if !p.closed {
			x.closeChan(p)
		}
	case model.Add:
		p.n += nd.Expr.Eval(r.vars)
		if p.n < 0 {
			return []refStep{r.panics(s, i, 0, NegativeCounter)}
		}
		if p.n == 0 {
			x.wakeAll(p)
		}
	case model.Wait:
		if p.n > 0 {
			return []refStep{x.wait(i, p)}
		}
	case model.Begin:
		switch p.n {
		case 0:
			p.n = 1
		case 1:
			return nil
		default:
			succ = 1
		}
	case model.Finish:
		p.n = 2
	case model.Read:
		x.put(i, nd.Payload, p.queue[0])
	case model.Exchange:
		if p.queue[0].ref || p.queue[0].val != nd.Expr.Eval(r.vars) {
			succ = 1
			break
		}
		p.queue = []msg{x.holds(i, nd.Payload)}
	case model.Write:
		p.queue = []msg{x.holds(i, nd.Payload)}
	default:
		return r.locks(x, i, nd, p)
	}
	x.done(i, succ, nd.Succ[succ])
	return []refStep{x.out()}
}

// wait parks an instance until wakeAll.
func (x *refRun) wait(i int, p *refPrim) refStep {
	x.s.insts[i].parked = true
	p.waiters = append(slices.Clip(p.waiters), i)
	slices.Sort(p.waiters)
	return x.out()
}

func (x *refRun) wakeAll(p *refPrim) {
	for _, j := range p.waiters {
		x.done(j, 0, x.r.node(x.s, j).Succ[0])
	}
	p.waiters = nil
}

// locks follows sync.RWMutex: a writer takes an inner lock, announces itself, and
// waits for the readers that are active; readers that come later park until its
// Unlock lets them all in.
func (r *reference) locks(x *refRun, i int, nd *model.Node, p *refPrim) []refStep {
	switch nd.Op {
	case model.Lock:
		if p.writer != 0 {
			return nil
		}
		p.writer = i + 1
		if p.n > 0 {
			x.s.insts[i].parked = true
			return []refStep{x.out()}
		}
		p.acquired = true
	case model.Unlock:
		if !p.acquired {
			return []refStep{r.panics(x.s, i, 0, UnlockUnlocked)}
		}
		p.writer, p.acquired = 0, false
		p.n += len(p.waiters)
		x.done(i, 0, nd.Succ[0])
		x.wakeAll(p)
		return []refStep{x.out()}
	case model.RLock:
		if p.writer != 0 {
			return []refStep{x.wait(i, p)}
		}
		p.n++
	case model.RUnlock:
		if p.n == 0 {
			return []refStep{r.panics(x.s, i, 0, UnlockUnlocked)}
		}
		p.n--
		x.done(i, 0, nd.Succ[0])
		if w := p.writer - 1; p.n == 0 && w >= 0 && !p.acquired {
			p.acquired = true
			x.done(w, 0, r.node(x.s, w).Succ[0])
		}
		return []refStep{x.out()}
	}
	x.done(i, 0, nd.Succ[0])
	return []refStep{x.out()}
}
