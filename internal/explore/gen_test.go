package explore

import (
	"math/rand/v2"

	"github.com/chanlint/chanlint/internal/model"
)

// A source of choices: a random generator, or the input of a fuzzer.
type source interface{ IntN(n int) int }

// bytesSource draws from a byte slice, and zeros when it is used up.
type bytesSource []byte

func (b *bytesSource) IntN(n int) int {
	if len(*b) == 0 {
		return 0
	}
	v := int((*b)[0])
	*b = (*b)[1:]
	return v % n
}

func seeded(seed uint64) source { return rand.New(rand.NewPCG(seed, 1)) }

// A generator makes small programs. Registers 0 to 2 hold what the root makes, of
// the kinds in prims; register 3 is for what a process makes or receives itself.
type generator struct {
	source
	prims  []model.Prim
	nprocs int
	proc   int // being generated
	nodes  []model.Node
	// servers asks for programs in which replicas with different registers serve
	// one another for ever.
	servers bool
}

const (
	genRefs = 4
	genInts = 2
)

func (g *generator) pick(vs ...int) int { return vs[g.IntN(len(vs))] }

// generate makes a program of two to four processes.
func generate(src source) *model.Program {
	g := &generator{source: src, nprocs: src.IntN(3) + 2}
	if g.servers = g.IntN(3) == 0; g.servers {
		g.nprocs = 3
	}
	p := &model.Program{Vars: []string{"n", "m"}}
	for range g.IntN(3) + 1 {
		g.prims = append(g.prims, model.Prim(g.pick(0, 0, 0, 0, 1, 2, 2, 3, 4, 4)))
	}
	for g.proc = range g.nprocs {
		p.Procs = append(p.Procs, g.process())
	}
	return p
}

func (g *generator) process() *model.Proc {
	g.nodes = nil
	if g.proc == 0 {
		g.root()
	} else {
		events := g.IntN(4) + 1
		if g.servers {
			events = (events + 1) / 2
		}
		for range events {
			g.event()
		}
	}
	last := end
	sort := g.IntN(20)
	if g.servers && sort > 8 {
		sort = 2
	}
	switch sort {
	case 0:
		last.Op = model.Diverge
	case 1:
		last.Op = model.Halt
	case 2:
		last = jump(g.IntN(len(g.nodes) + 1))
		if g.servers && g.proc > 0 {
			last = jump(0)
		}
	}
	g.nodes = append(g.nodes, last)
	g.link()
	return &model.Proc{Refs: genRefs, Ints: genInts, Nodes: g.nodes}
}

// root makes the primitives, then mixes spawns with events.
func (g *generator) root() {
	if g.IntN(10) == 0 {
		g.emit(choose(model.Flag))
	}
	for r, kind := range g.prims {
		if g.IntN(12) == 0 {
			continue
		}
		n := mkOf(kind, r)
		n.Expr = g.expr()
		n.Expr.Const += g.pick(0, 0, 0, 1, 1, 2)
		if g.IntN(30) == 0 {
			n.Expr.Const = -1
		}
		g.emit(n)
	}
	for q := 1; q < g.nprocs; q++ {
		if g.IntN(3) == 0 {
			g.event()
		}
		if g.IntN(5) == 0 {
			g.emit(set(1, 2))
			at := len(g.nodes)
			g.emit(loop(1, at+1, at+3))
			g.spawnNode(q)
			g.emit(jump(at))
			continue
		}
		g.spawnNode(q)
		if g.servers || g.IntN(8) == 0 {
			g.spawnNode(q)
		}
	}
	for range g.IntN(4) {
		g.event()
	}
}

func (g *generator) emit(n model.Node) {
	n.Tag = len(g.nodes) + 1
	g.nodes = append(g.nodes, n)
}

func (g *generator) spawnNode(q int) {
	n := model.Node{Op: model.Spawn, Proc: q}
	for r := range genRefs {
		from := r
		if g.IntN(15) == 0 || g.servers && g.IntN(5) == 0 {
			from = g.IntN(genRefs)
		}
		n.Args = append(n.Args, model.Arg{From: from, To: r})
	}
	if g.IntN(2) == 0 {
		n.Args = append(n.Args, model.Arg{IsInt: true, From: g.IntN(genInts), To: g.IntN(genInts)})
	}
	g.emit(n)
}

func (g *generator) expr() model.Expr {
	e := model.Expr{}
	switch g.IntN(8) {
	case 0:
		e.Terms = []model.Term{{Var: 0, Coef: 1}}
	case 1:
		e.Terms = []model.Term{{Var: 0, Coef: 1}, {Var: 1, Coef: -1}}
		e.Const = 1
	}
	return e
}

// ref returns a register that probably holds a primitive of the kind, and whether
// there is one.
func (g *generator) ref(kind model.Prim) (int, bool) {
	at := g.IntN(len(g.prims))
	for k := range g.prims {
		if r := (at + k) % len(g.prims); g.prims[r] == kind {
			return r, true
		}
	}
	return at, false
}

func (g *generator) channel() int {
	if r, ok := g.ref(model.Chan); ok && g.IntN(10) != 0 {
		return r
	}
	return 3
}

// event emits a node or two that do something.
func (g *generator) event() {
	sort := g.IntN(14)
	if g.servers && g.IntN(2) == 0 {
		sort = g.pick(0, 3)
	}
	switch sort {
	case 0, 1, 2:
		g.emit(model.Node{Op: model.Send, Ref: g.channel(), Payload: g.payload()})
	case 3, 4, 5:
		g.emit(model.Node{Op: model.Recv, Ref: g.channel(), Payload: g.payload()})
	case 6:
		g.emit(on(model.Opcode(g.pick(int(model.Close), int(model.Close), int(model.Cancel))), g.channel()))
	case 7, 8:
		g.selects()
	case 9, 10:
		n := choose(model.Class(g.pick(0, 0, 1, 1, 2)))
		n.Paid = g.pick(0, 0, 1, 2)
		g.emit(n)
	case 11:
		g.localNode()
	default:
		g.sync()
	}
}

func (g *generator) payload() model.Payload {
	switch g.IntN(8) {
	case 0, 1:
		return model.Payload{Kind: model.PayInt, Reg: g.IntN(genInts)}
	case 2:
		return model.Payload{Kind: model.PayConst, Val: g.IntN(3)}
	case 3:
		return model.Payload{Kind: model.PayRef, Reg: g.pick(0, 3, 3)}
	}
	return model.Payload{}
}

func (g *generator) selects() {
	n := model.Node{Op: model.Select, Default: g.IntN(3) == 0}
	for range g.IntN(3) + g.pick(0, 1, 1, 1, 1) {
		c := model.Case{Send: g.IntN(2) == 0, Ref: g.channel(), Payload: g.payload()}
		c.Env = g.IntN(8) == 0
		n.Cases = append(n.Cases, c)
	}
	g.emit(n)
}

func (g *generator) localNode() {
	r := g.IntN(genRefs)
	i := g.IntN(genInts)
	switch g.IntN(12) {
	case 8:
		g.emit(model.Node{Op: model.CopyInt, Int: i, Dst: g.IntN(genInts)})
	case 9, 10:
		if g.IntN(3) != 0 {
			g.emit(set(i, g.pick(model.UnknownFree, model.UnknownFree, model.UnknownFlag, model.UnknownOpaque)))
		}
		// What one test decides, the next one must find.
		g.testNode(i)
		g.emit(model.Node{Op: model.Send, Ref: g.channel()})
		g.testNode(i)
		g.emit(on(model.Recv, g.channel()))
	case 0:
		g.emit(mk(3, g.IntN(2)))
	case 1:
		g.emit(model.Node{Op: model.Copy, Ref: r, Dst: g.IntN(genRefs)})
	case 2:
		g.emit(model.Node{Op: model.Clear, Dst: r})
	case 3, 4:
		g.emit(on(model.IsNil, r))
	case 5:
		e := g.expr()
		e.Const += g.IntN(5)
		g.emit(model.Node{Op: model.Set, Int: i, Expr: e})
	case 6:
		g.emit(model.Node{Op: model.Equal, Int: i, Expr: konst(g.IntN(3))})
	case 7:
		if q := g.proc + 1; q < g.nprocs {
			g.spawnNode(q)
		}
	default:
		g.emit(set(i, g.IntN(3)))
		g.emit(model.Node{Op: model.Loop, Int: i})
	}
}

func (g *generator) testNode(i int) {
	next := len(g.nodes) + 1
	g.emit(model.Node{
		Op: model.Test, Int: i, Expr: konst(g.IntN(2)), Class: model.Class(g.pick(0, 0, 0, 1, 2)),
		Paid: g.pick(0, 0, 1, 2), Succ: []int{next, next + 1},
	})
}

// sync emits operations on a wait group, mutex or once cell, in plausible pairs
// more often than not.
func (g *generator) sync() {
	kind := model.Prim(g.IntN(4) + 1)
	r, ok := g.ref(kind)
	if !ok && g.IntN(20) != 0 {
		kind = g.prims[r]
	}
	switch kind {
	case model.Chan:
		g.emit(on(model.Recv, r))
	case model.WaitGroup:
		if g.IntN(2) == 0 {
			g.emit(on(model.Wait, r))
		} else {
			g.emit(add(r, g.pick(1, 1, -1, -1, 2, 0)))
		}
	case model.Mutex:
		read := g.IntN(2) == 0
		lock, unlock := model.Lock, model.Unlock
		if read {
			lock, unlock = model.RLock, model.RUnlock
		}
		if g.IntN(8) != 0 {
			g.emit(on(lock, r))
		}
		if g.IntN(2) == 0 {
			g.emit(model.Node{Op: model.Send, Ref: g.channel()})
		}
		if g.IntN(8) != 0 {
			g.emit(on(unlock, r))
		}
	case model.Cell:
		g.cell(r)
	case model.Once:
		g.emit(on(model.Begin, r))
		if g.IntN(3) == 0 {
			g.emit(on(model.Recv, g.channel()))
		}
		if g.IntN(8) != 0 {
			g.emit(on(model.Finish, r))
		}
	}
}

// cell emits a use of a cell, and after a read something that depends on it.
func (g *generator) cell(r int) {
	op := model.Opcode(g.pick(int(model.Read), int(model.Read), int(model.Write), int(model.Exchange)))
	pay := g.payload()
	g.emit(model.Node{Op: op, Ref: r, Expr: konst(g.IntN(2)), Payload: pay})
	switch {
	case op == model.Read && pay.Kind == model.PayInt:
		g.emit(model.Node{Op: model.Equal, Int: pay.Reg, Expr: konst(g.IntN(3))})
	case op == model.Read && pay.Kind == model.PayRef:
		g.emit(on(model.Opcode(g.pick(int(model.IsNil), int(model.Close), int(model.Recv))), pay.Reg))
	}
}

// link gives the nodes their successors: mostly the next, sometimes another.
func (g *generator) link() {
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.Succ != nil {
			for k := range n.Succ {
				n.Succ[k] = min(n.Succ[k], len(g.nodes)-1)
			}
			continue
		}
		switch n.Op {
		case model.End, model.Halt, model.Diverge:
		case model.Recv, model.IsNil, model.Equal, model.Loop, model.Test, model.Exchange:
			n.Succ = []int{g.target(i, 3), g.target(i, 3)}
		case model.Begin:
			n.Succ = []int{g.target(i, 12), min(i+2, len(g.nodes)-1)}
		case model.Choose:
			n.Succ = []int{i + 1, g.target(i, 1)}
			if g.IntN(8) == 0 {
				n.Succ = n.Succ[:1]
			}
		case model.Select:
			for k := range n.Cases {
				n.Succ = append(n.Succ, g.target(i, 3))
				n.Cases[k].Closed = g.target(i, 2)
			}
			if n.Default {
				n.Succ = append(n.Succ, g.target(i, 3))
			}
		default:
			n.Succ = []int{g.target(i, 30)}
		}
	}
}

// target returns where node i goes: once in about odds somewhere else.
func (g *generator) target(i, odds int) int {
	if g.IntN(odds+1) != 0 {
		return i + 1
	}
	if g.IntN(4) == 0 {
		return g.IntN(i + 1)
	}
	return i + 1 + g.IntN(len(g.nodes)-i-1)
}
