package build

import (
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// A frame is one activation of a function in the model: the function, the
// frame and call that it was inlined at, and what its parameters are bound to.
// Frames are shared between rebuilds, so that they can serve as map keys.
type frame struct {
	fn     *ssa.Function
	parent *frame // frame of the caller in the same goroutine; nil at a goroutine's entry
	call   ssa.CallInstruction
	ret    *key   // where the caller goes on; nil at a goroutine's entry
	owner  *frame // the goroutine's entry frame
	depth  int
	nodes  int // that were built for it, in all builds
	binds  map[ssa.Value]value
	args   map[ssa.Value]frameValue
	// epilogue is what the goroutine or Once.Do does when the frame is left,
	// however it is left.
	epilogue []epilogue
	panicked bool // runs as a deferred call of a panicking frame
	subtest  bool // runs in a goroutine of its own, for which its caller waits
	iter     *iteration
	vals     map[ssa.Value]value
	loaded   map[ssa.Value]list // what loads of slice variables yield
	codes    map[ssa.Value]int  // see provenance
	foreign  map[ssa.Value]bool // see isForeign
	loops    map[*ssa.BasicBlock]*loop
}

// forget drops what was computed in an earlier build.
func (f *frame) forget() {
	if f.vals == nil {
		f.vals = map[ssa.Value]value{}
		f.loaded = map[ssa.Value]list{}
		f.codes = map[ssa.Value]int{}
		f.foreign = map[ssa.Value]bool{}
	}
	clear(f.vals)
	clear(f.loaded)
	clear(f.codes)
	clear(f.foreign)
	f.loops = nil
}

// A frameValue is an SSA value in its frame.
type frameValue struct {
	frame *frame
	val   ssa.Value
}

// argOf returns what a parameter or captured variable of f is in the frame
// that called f or started the goroutine.
func (f *frame) argOf(v ssa.Value) (frameValue, bool) {
	arg, ok := f.args[v]
	return arg, ok
}

// An epilogue is one operation at the end of a frame.
type epilogue struct {
	op  model.Opcode
	reg regKey
	n   int // for Add
}

// A key is a place to build from: an instruction of a frame, with the deferred
// calls that are pending there.
type key struct {
	frame  *frame
	block  *ssa.BasicBlock // nil while unwinding
	index  int
	defers *deferred
	env    *env
	mode   mode
	again  bool // the library function called here has called back, see callback
}

// A mode says why a frame is being left, while its block is nil.
type mode uint8

const (
	running    mode = iota
	goexiting       // runtime.Goexit: deferred calls run, the goroutine ends
	panicking       // deferred calls run until one recovers
	recovering      // one has: the rest run, then the frame returns
)

// deferred is a stack of pending deferred calls.
type deferred struct {
	next *deferred
	call *ssa.Defer
	size int
}

// maxDeferred bounds the stack, since a defer in a loop has no bound.
const maxDeferred = 16

// A proc is a process under construction.
type proc struct {
	b      *builder
	id     int
	entry  *frame
	parent *proc // the spawning process; nil for the root
	env    *env  // what slice variables hold when it starts
	spawns []int // the Spawn nodes in parent
	nodes  []model.Node
	starts map[key]int
	work   []key
	refs   map[regKey]int
	ints   map[regKey]int
	// imports are registers that the spawning process must hand over.
	importRefs []regKey
	importInts []regKey
	fresh      map[int]bool // nodes that initialise a variable
}

func (b *builder) newProc(entry *frame, parent *proc) *proc {
	p := &proc{
		b: b, id: len(b.procs), entry: entry, parent: parent,
		starts: map[key]int{}, refs: map[regKey]int{}, ints: map[regKey]int{},
		fresh: map[int]bool{},
	}
	b.procs = append(b.procs, p)
	return p
}

// refReg returns the number of the reference register that k names in p. A
// register that belongs to another goroutine is imported at the spawn.
func (p *proc) refReg(k regKey) int {
	if r, ok := p.refs[k]; ok {
		return r
	}
	r := len(p.refs)
	p.refs[k] = r
	if p.foreign(k) {
		p.importRefs = append(p.importRefs, k)
	}
	return r
}

func (p *proc) intReg(k regKey) int {
	if r, ok := p.ints[k]; ok {
		return r
	}
	r := len(p.ints)
	p.ints[k] = r
	if p.foreign(k) {
		p.importInts = append(p.importInts, k)
	}
	return r
}

func (p *proc) foreign(k regKey) bool {
	return p.parent != nil && k.frame != nil && k.frame.owner != p.entry
}

// A cursor builds a chain of nodes. Its holes are the successor slots that the
// next node fills.
type cursor struct {
	p       *proc
	holes   []hole
	tagNext int // the tag of the End node that follows
}

type hole struct{ node, succ int }

// emit appends a node with n open successors and continues after it.
func (c *cursor) emit(n model.Node, succs int) int {
	id := len(c.p.nodes)
	n.Succ = make([]int, succs)
	for i := range n.Succ {
		n.Succ[i] = -1
	}
	c.p.nodes = append(c.p.nodes, n)
	c.fill(id)
	for i := range succs {
		c.holes = append(c.holes, hole{id, i})
	}
	c.p.b.count++
	return id
}

// fill directs all holes to node id.
func (c *cursor) fill(id int) {
	for _, h := range c.holes {
		c.p.nodes[h.node].Succ[h.succ] = id
	}
	c.holes = c.holes[:0]
}

// fork appends a node with two successors and returns both ways.
func (c *cursor) fork(n model.Node) (first, second *cursor) {
	id := c.emit(n, 2)
	c.holes = nil
	return c.branch(id, 0), c.branch(id, 1)
}

// branch takes the holes of node's successor s into a cursor of their own.
func (c *cursor) branch(node int, s ...int) *cursor {
	out := &cursor{p: c.p}
	for _, s := range s {
		out.holes = append(out.holes, hole{node, s})
	}
	return out
}

// join adds the holes of others to c.
func (c *cursor) join(others ...*cursor) {
	for _, o := range others {
		c.holes = append(c.holes, o.holes...)
		o.holes = nil
	}
}

// doubt lets what follows prove nothing: it happens, or the goroutine stays where
// it is for reasons that the model does not follow.
func (c *cursor) doubt() {
	n := c.emit(model.Node{Op: model.Choose, Class: model.Opaque}, 2)
	never := c.branch(n, 1)
	c.holes = nil
	c.join(c.branch(n, 0))
	never.emit(model.Node{Op: model.Diverge}, 0)
}

// jump sends all holes to the node at which k is built, now or later.
func (c *cursor) jump(k key) {
	if len(c.holes) == 0 {
		return
	}
	c.fill(c.p.start(k))
}

// start returns the node at which k is built. The node does nothing; pruning
// removes it.
func (p *proc) start(k key) int {
	if id, ok := p.starts[k]; ok {
		return id
	}
	id := len(p.nodes)
	p.nodes = append(p.nodes, model.Node{Op: model.Choose, Succ: []int{-1}})
	p.starts[k] = id
	p.work = append(p.work, k)
	return id
}

// pushDefer returns the stack with d on top, or nil if it is too high. Stacks
// are interned, so that keys can be compared.
func (b *builder) pushDefer(stack *deferred, d *ssa.Defer) (*deferred, bool) {
	size := 1
	if stack != nil {
		size = stack.size + 1
	}
	if size > maxDeferred {
		return nil, false
	}
	k := deferKey{stack, d}
	if s, ok := b.deferStacks[k]; ok {
		return s, true
	}
	s := &deferred{next: stack, call: d, size: size}
	b.deferStacks[k] = s
	return s, true
}

type deferKey struct {
	next *deferred
	call *ssa.Defer
}
