package build

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// emitEscape hands what the values give access to over to the environment.
func (b *builder) emitEscape(c *cursor, f *frame, vals ...ssa.Value) {
	for _, v := range vals {
		if _, ok := v.(*ssa.Const); ok {
			continue
		}
		b.escape(c, b.val(f, v), direction(v.Type()))
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

// escapeUnlessKnown lets a slice or array escape if what is done with it leads
// to elements that are not known.
func (b *builder) escapeUnlessKnown(c *cursor, f *frame, v, of ssa.Value) {
	if !known(b.val(f, v)) && known(b.val(f, of)) {
		b.emitEscape(c, f, of)
	}
}

// An escape is one escape of a value. Objects refer to each other in cycles:
// each is handed over once.
type escape struct {
	b    *builder
	c    *cursor
	seen map[address]bool
	// code: a function escapes. When it will be called and how often nobody knows,
	// but what it does then is not up to the environment.
	code bool
}

// escape hands what v gives access to over to the environment. The holder of a
// channel can do with it what dir says.
func (b *builder) escape(c *cursor, v value, dir types.ChanDir) {
	e := &escape{b: b, c: c, seen: map[address]bool{}}
	e.value(v, dir)
}

func (e *escape) value(v value, dir types.ChanDir) {
	switch v := v.(type) {
	case ref:
		e.handOver(e.c.p.refReg(v.reg), dir)
	case cond:
		e.b.poison(v.key)
	case weighted:
		e.b.poison(v.places)
	case boxed:
		e.value(v.ref, direction(v.typ))
	case cancel:
		e.spawn(envCancels, e.c.p.refReg(v.done))
	case group:
		e.b.orderLost = true
	case closure:
		code := e.code
		e.code = true
		for _, bind := range v.binds {
			e.value(bind, types.SendRecv)
		}
		e.code = code
	case onceFunc:
		e.value(v.fn, types.SendRecv)
	case content:
		e.object(v.at)
	case list:
		for s := v.seq; s != nil; s = s.init {
			e.object(s.last)
		}
	case address:
		e.object(v)
	}
}

// object hands over every cell of an object. Synchronisers that escape cannot
// be followed any more, nor before: their cells are poisoned.
func (e *escape) object(a address) {
	b := e.b
	a = b.original(a)
	if e.seen[a] {
		return
	}
	e.seen[a] = true
	b.handed[a] = true
	b.lose(a)
	b.unshare(a)
	primCells(elemOf(a), a.path, 3, func(path string, t types.Type) {
		k := cellKey(address{a.obj, path})
		switch {
		case isChan(t):
			if !b.poisoned[k] {
				e.handOver(e.c.p.refReg(k), direction(t))
			}
		default:
			// Whoever holds a group may wait for it.
			if primOf(t) == waitGroup || primOf(t) == errGroup {
				b.waitsElsewhere = true
				b.escaped(true)
			}
			b.poison(k)
		}
	})
	e.pointers(a, elemOf(a), 3)
}

// pointers hands over what the variable at a points to.
func (e *escape) pointers(a address, t types.Type, depth int) {
	if st, ok := t.Underlying().(*types.Struct); ok && depth > 0 {
		for i := range st.NumFields() {
			e.pointers(e.b.field(a, i), st.Field(i).Type(), depth-1)
		}
		return
	}
	if arr, ok := t.Underlying().(*types.Array); ok && followsArray(arr) {
		for i := range int(arr.Len()) {
			e.pointers(e.b.field(a, i), arr.Elem(), depth)
		}
		return
	}
	if followsSlice(t) {
		e.b.poison(nilKey(a)) // from now on, what is stored escapes at once
		return
	}
	if got := e.b.stored(a); known(got) {
		e.value(got, types.SendRecv)
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
func (e *escape) handOver(reg int, dir types.ChanDir) {
	kind := envBoth
	switch dir {
	case types.SendOnly:
		kind = envSends
	case types.RecvOnly:
		kind = envReceives
	}
	e.spawn(kind, reg)
	if dir != types.RecvOnly {
		e.spawn(envCancels, reg) // whoever may send may close
	}
}

// An envKind is a kind of environment process.
type envKind uint8

const (
	envBoth envKind = iota
	envSends
	envReceives
	envCancels // at any time
	envCode    // added: what it does proves nothing, see escape

	envPropagates = 2 * envCode // cancels a context when its parent ends
	envKinds      = envPropagates + 1
)

func (e *escape) spawn(kind envKind, reg int) {
	b, c := e.b, e.c
	b.escaped(false)
	if e.code {
		kind += envCode
	}
	b.envUsed[kind] = true
	id := c.emit(model.Node{Op: model.Spawn, Args: []model.Arg{{From: reg, To: 0}}}, 1)
	b.envSpawns = append(b.envSpawns, envSpawn{c.p, id, kind})
}

// An Escape is an instruction that hands a primitive over to what is not
// followed.
type Escape struct {
	Instr ssa.Instruction
	Order bool // a wait group or mutex, without which the model has no verdict
}

// maxEscapes bounds how many escapes are recorded: nobody reads more.
const maxEscapes = 32

// escaped records an escape at the instruction that is built.
func (b *builder) escaped(order bool) {
	e := Escape{b.at, order}
	if b.at != nil && len(b.escapes) < maxEscapes && !slices.Contains(b.escapes, e) {
		b.escapes = append(b.escapes, e)
	}
}

// An envSpawn is a Spawn node whose process number is not known yet.
type envSpawn struct {
	p    *proc
	node int
	kind envKind
}

// envProc returns the automaton of an environment process.
func envProc(kind envKind) *model.Proc {
	if kind == envPropagates {
		return &model.Proc{Name: "context", Refs: 2, Nodes: []model.Node{
			{Op: model.Recv, Ref: 0, Succ: []int{1, 1}},
			{Op: model.Cancel, Ref: 1, Succ: []int{2}},
			{Op: model.End},
		}}
	}
	if kind >= envCode {
		p := envProc(kind - envCode)
		p.Entry = len(p.Nodes)
		p.Nodes = append(p.Nodes,
			model.Node{Op: model.Choose, Class: model.Opaque, Succ: []int{0, p.Entry + 1}},
			model.Node{Op: model.End})
		return p
	}
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
