package explore

import (
	"encoding/binary"

	"github.com/chanlint/chanlint/internal/model"
)

// A state is one configuration of the system. Goroutines that have ended or
// diverge for ever are not in it: they do not act any more.
type state struct {
	started bool // a Make or Spawn has happened
	root    rootStatus
	insts   []inst
	prims   []prim
	regs    []int // registers of all instances
}

type rootStatus uint8

const (
	rootRuns rootStatus = iota
	rootEnded
	rootDiverges
)

// An inst is an instance of a process: one goroutine.
type inst struct {
	proc, node int32
	flag       uint8
	reg        int32 // its registers start at state.regs[reg]; references first
}

const (
	flagRoot    = 1 << iota
	flagPending // a writer that has announced itself to readers
	flagMark    // the goroutine that a marked search follows
	flagGone    // has ended; dropped with the next encoding
)

// A prim is a primitive instance.
type prim struct {
	kind   model.Prim
	closed bool
	cap    int
	n      int // counter; number of readers; progress of a once cell
	writer uint8
	queue  []msg // of a cell: its content
}

// Values of prim.writer.
const (
	writerNone uint8 = iota
	writerPending
	writerHolds
)

// Values of prim.n for a once cell.
const (
	onceFresh = iota
	onceRunning
	onceDone
)

// A msg is the content of a message: an integer, or a reference as registers
// hold it (0 nil, else 1 + the index of the primitive).
type msg struct {
	ref bool
	val int
}

// copyFrom makes s equal to t. Queues are shared: whoever appends to one copies it.
func (s *state) copyFrom(t *state) {
	s.started, s.root = t.started, t.root
	s.insts = append(s.insts[:0], t.insts...)
	s.prims = append(s.prims[:0], t.prims...)
	s.regs = append(s.regs[:0], t.regs...)
}

// add appends an instance at the entry of a process, with zero registers.
func (s *state) add(p *model.Program, proc int, flag uint8) int {
	pr := p.Procs[proc]
	off := len(s.regs)
	for range pr.Refs + pr.Ints {
		s.regs = append(s.regs, 0)
	}
	s.insts = append(s.insts, inst{proc: int32(proc), node: int32(pr.Entry), flag: flag, reg: int32(off)})
	return len(s.insts) - 1
}

// A coder turns states into canonical keys and back. It holds scratch space.
type coder struct {
	e      *Engine
	buf    []byte
	order  []int    // instances in canonical order
	color  []uint64 // by instance
	pcolor []uint64 // by primitive
	pnew   []int    // by primitive: 1 + canonical index, or 0
	pold   []int    // canonical index to primitive
}

// encode returns the canonical key of the state, valid until the next call.
// c.order and c.pold then say where its instances and primitives came from.
func (c *coder) encode(s *state) []byte {
	c.sort(s)
	c.number(s)
	head := byte(s.root) << 1
	if s.started {
		head |= 1
	}
	b := append(c.buf[:0], head)
	b = binary.AppendUvarint(b, uint64(len(c.pold)))
	for _, p := range c.pold {
		b = c.prim(b, &s.prims[p])
	}
	for _, i := range c.order {
		in := &s.insts[i]
		b = binary.AppendUvarint(b, uint64(in.proc))
		b = binary.AppendUvarint(b, uint64(in.node))
		b = append(b, in.flag)
		refs := c.e.p.Procs[in.proc].Refs
		for _, r := range c.e.live[in.proc][in.node] {
			v := s.regs[in.reg+r]
			if int(r) < refs {
				b = binary.AppendUvarint(b, uint64(c.renumber(v)))
			} else {
				b = binary.AppendVarint(b, int64(v))
			}
		}
	}
	c.buf = b
	return b
}

func (c *coder) renumber(ref int) int {
	if ref == 0 {
		return 0
	}
	return c.pnew[ref-1]
}

func (c *coder) prim(b []byte, p *prim) []byte {
	head := byte(p.kind)<<3 | p.writer<<1
	if p.closed {
		head |= 1
	}
	b = append(b, head)
	switch p.kind {
	case model.Chan:
	case model.Cell:
		return c.msg(b, p.queue[0])
	default:
		return binary.AppendVarint(b, int64(p.n))
	}
	b = binary.AppendVarint(b, int64(p.cap))
	b = binary.AppendUvarint(b, uint64(len(p.queue)))
	for _, m := range p.queue {
		b = c.msg(b, m)
	}
	return b
}

func (c *coder) msg(b []byte, m msg) []byte {
	v := m.val
	if m.ref {
		v = c.renumber(v)
	}
	return binary.AppendVarint(append(b, boolByte(m.ref)), int64(v))
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// A reader takes a key apart. Keys are made by encode, so they are well-formed.
type reader struct {
	key string
	at  int
}

func (r *reader) byte() byte {
	b := r.key[r.at]
	r.at++
	return b
}

func (r *reader) uint() int {
	v, shift := uint64(0), 0
	for {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(v)
		}
		shift += 7
	}
}

func (r *reader) int() int {
	u := uint64(r.uint())
	return int(u>>1) ^ -int(u&1)
}

// decode sets s to the state that the key stands for; dead registers are zero.
func (c *coder) decode(key string, s *state) {
	r := reader{key: key}
	head := r.byte()
	s.started, s.root = head&1 != 0, rootStatus(head>>1)
	s.insts, s.prims, s.regs = s.insts[:0], s.prims[:0], s.regs[:0]
	for range r.uint() {
		s.prims = append(s.prims, r.prim())
	}
	for r.at < len(key) {
		proc := r.uint()
		i := s.add(c.e.p, proc, 0)
		in := &s.insts[i]
		in.node = int32(r.uint())
		in.flag = r.byte()
		refs := c.e.p.Procs[proc].Refs
		for _, reg := range c.e.live[proc][in.node] {
			if int(reg) < refs {
				s.regs[in.reg+reg] = r.uint()
			} else {
				s.regs[in.reg+reg] = r.int()
			}
		}
	}
}

func (r *reader) prim() prim {
	head := r.byte()
	p := prim{kind: model.Prim(head >> 3), writer: head >> 1 & 3, closed: head&1 != 0}
	switch p.kind {
	case model.Chan:
	case model.Cell:
		p.queue = []msg{r.msg()}
		return p
	default:
		p.n = r.int()
		return p
	}
	p.cap = r.int()
	if n := r.uint(); n > 0 {
		p.queue = make([]msg, n)
		for i := range p.queue {
			p.queue[i] = r.msg()
		}
	}
	return p
}

func (r *reader) msg() msg {
	ref := r.byte() != 0
	return msg{ref, r.int()}
}
