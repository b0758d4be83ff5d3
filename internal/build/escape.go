package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// emitEscape hands what the values give access to over to the environment.
func (b *builder) emitEscape(c *cursor, f *frame, vals ...ssa.Value) {
	for _, v := range vals {
		if _, ok := v.(*ssa.Const); ok {
			continue
		}
		b.escapeValue(c, b.val(f, v), direction(v.Type()), 0)
	}
}

// direction returns what a holder of a value of type t can do with a channel.
func direction(t types.Type) types.ChanDir {
	if ch, ok := t.Underlying().(*types.Chan); ok {
		return ch.Dir()
	}
	return types.SendRecv
}

func (b *builder) escapeOperands(c *cursor, f *frame, instr ssa.Instruction) {
	for _, op := range instr.Operands(nil) {
		if *op != nil {
			b.emitEscape(c, f, *op)
		}
	}
}

// escapeUnlessError lets a value escape into an interface, unless the builder
// follows the interface itself.
func (b *builder) escapeUnlessError(c *cursor, f *frame, v *ssa.MakeInterface) {
	if _, ok := b.val(f, v).(unknown); ok {
		b.emitEscape(c, f, v.X)
	}
}

func (b *builder) escapeValue(c *cursor, v value, dir types.ChanDir, depth int) {
	if depth > 4 {
		b.fail(b.root.Pos(), "values nested too deep to follow")
		return
	}
	switch v := v.(type) {
	case ref:
		b.handOver(c, c.p.refReg(v.reg), dir)
	case cancel:
		b.canceller(c, v.done)
	case group:
		b.orderLost = true
	case closure:
		for _, bind := range v.binds {
			b.escapeValue(c, bind, types.SendRecv, depth+1)
		}
	case onceFunc:
		b.escapeValue(c, v.fn, types.SendRecv, depth+1)
	case content:
		b.escapeObject(c, v.at, depth)
	case address:
		b.escapeObject(c, v, depth)
	}
}

// escapeObject hands over every cell of an object. Synchronisers that escape
// cannot be followed any more, nor before: their cells are poisoned.
func (b *builder) escapeObject(c *cursor, a address, depth int) {
	a = b.original(a)
	primCells(elemOf(a), a.path, 3, func(path string, t types.Type) {
		k := cellKey(address{a.obj, path})
		switch {
		case isChan(t):
			if !b.poisoned[k] {
				b.handOver(c, c.p.refReg(k), direction(t))
			}
		default:
			// Whoever holds a group may wait for it.
			b.waitsElsewhere = b.waitsElsewhere || primOf(t) == waitGroup || primOf(t) == errGroup
			b.poison(k)
		}
	})
	if got := b.stored(a); known(got) {
		b.escapeValue(c, got, types.SendRecv, depth+1)
	}
	if st, ok := elemOf(a).Underlying().(*types.Struct); ok {
		for i := range st.NumFields() {
			if got := b.stored(b.field(a, i)); known(got) {
				b.escapeValue(c, got, types.SendRecv, depth+1)
			}
		}
	}
}

// poison gives up on a cell, and has the model built again without it.
func (b *builder) poison(k regKey) {
	if !b.poisoned[k] {
		b.poisoned[k] = true
		b.again = true
	}
}

// handOver starts an environment process that keeps doing to the channel what
// its holder may do.
func (b *builder) handOver(c *cursor, reg int, dir types.ChanDir) {
	kind := envBoth
	switch dir {
	case types.SendOnly:
		kind = envSends
	case types.RecvOnly:
		kind = envReceives
	}
	b.spawnEnv(c, kind, reg)
}

// canceller starts a process that may cancel a context at any time.
func (b *builder) canceller(c *cursor, done regKey) { b.spawnEnv(c, envCancels, c.p.refReg(done)) }

// An envKind is a kind of environment process.
type envKind uint8

const (
	envBoth envKind = iota
	envSends
	envReceives
	envCancels
	envKinds
)

func (b *builder) spawnEnv(c *cursor, kind envKind, reg int) {
	b.envUsed[kind] = true
	id := c.emit(model.Node{Op: model.Spawn, Args: []model.Arg{{From: reg, To: 0}}}, 1)
	b.envSpawns = append(b.envSpawns, envSpawn{c.p, id, kind})
}

// An envSpawn is a Spawn node whose process number is not known yet.
type envSpawn struct {
	p    *proc
	node int
	kind envKind
}

// envProc returns the automaton of an environment process.
func envProc(kind envKind) *model.Proc {
	p := &model.Proc{Name: "environment", Refs: 1}
	switch kind {
	case envSends:
		p.Nodes = []model.Node{{Op: model.Send, Succ: []int{0}}}
	case envReceives:
		p.Nodes = []model.Node{{Op: model.Recv, Succ: []int{0, 1}}, {Op: model.End}}
	case envCancels:
		p.Nodes = []model.Node{{Op: model.Cancel, Succ: []int{1}}, {Op: model.End}}
	default:
		p.Nodes = []model.Node{
			{Op: model.Select, Cases: []model.Case{{Send: true}, {Closed: 1}}, Succ: []int{0, 0}},
			{Op: model.End},
		}
	}
	return p
}
