package typestate

import (
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// An effectKind says what an instruction does to places. One instruction has a
// sequence of effects. The forward analysis computes them, because naming a
// place takes its knowledge; the backward analysis reads them in reverse.
type effectKind uint8

const (
	define   effectKind = iota // the register dst gets a new value that is not tracked
	move                       // dst gets the value of src
	rebind                     // dst gets a value in state val
	operate                    // the operation op happens to the channel in dst
	becomes                    // the channel in dst is in state val afterwards; not an operation
	kill                       // other code may have stored to the places that match
	allocate                   // dst's root is a new object full of zero values
	register                   // the deferred call is registered
	promise                    // a deferred call or goroutine is certain to close the channel in dst
	doubt                      // instr may not return
	wait                       // instr may wait or run unknown code
	leave                      // the function returns or panics, after its deferred calls
)

// An opKind is an operation that panics or blocks in some state.
type opKind uint8

const (
	opNone opKind = iota
	opClose
	opSend
	opSelectSend
	opReceive
	opSpawnedClose // a close in a goroutine that starts here
	opReturn       // not an operation: the function returns or panics
)

type effect struct {
	kind     effectKind
	dst, src place.Place
	op       opKind
	site     Site
	val      value
	match    func(place.Place) bool
	instr    ssa.Instruction
	prompt   bool // operate: nothing can come before the operation
	byDefer  bool // operate: by a deferred call of the callee
}

// apply updates f with one effect.
func (f *fact) apply(e effect) {
	switch e.kind {
	case define:
		f.forget(e.dst.Root)
	case move:
		f.move(e.dst, e.src)
	case rebind:
		if e.dst.IsRegister() {
			f.forget(e.dst.Root)
		}
		f.set(e.dst, e.val)
	case operate:
		clear(f.doubts)
		f.operate(e)
	case becomes:
		f.update(e.dst, func(v value) value {
			v.state, v.by = e.val.state, e.val.by
			return v
		})
	case kill:
		f.kill(e.match)
	case allocate:
		f.forget(e.dst.Root)
		f.zero[e.dst.Root] = false
	case doubt:
		f.doubts[e.instr.Block()] = true
	case register:
		f.defers[e.instr.(*ssa.Defer)] = true
	case promise:
		f.update(e.dst, func(v value) value {
			v.pending = earlier(v.pending, e.site)
			return v
		})
	}
}

// forget makes room for a new value of register r: nothing that was known
// through the old one still bears its name.
func (f *fact) forget(r ssa.Value) {
	for p, v := range f.vals {
		if p.Root == r {
			delete(f.vals, p)
		} else if v.obj == r {
			v.obj = nil
			f.vals[p] = v
		}
	}
	delete(f.zero, r)
}

func (f *fact) set(p place.Place, v value) { f.put(f.canon(p), v) }

// move gives dst the value of src. Loading a place whose content has no name
// yet names it after the register.
func (f *fact) move(dst, src place.Place) {
	dst, src = f.canon(dst), f.canon(src)
	v := f.get(src)
	if dst.IsRegister() {
		if v.obj == nil || v.obj != dst.Root {
			f.forget(dst.Root)
		}
		if v.obj == nil {
			v.obj = dst.Root
			if !isConst(src) {
				f.put(src, v)
				f.reroot(src)
			}
		}
	}
	f.put(dst, v)
}

// reroot gives the places behind the pointer in p the names that begin at the
// object, now that it has one.
func (f *fact) reroot(p place.Place) {
	behind := f.a.paths.Append(p.Path, nil)
	for q, v := range f.vals {
		if q.Root == p.Root && q.Mem && prefix(behind, q.Path) {
			delete(f.vals, q)
			f.put(f.canon(q), v)
		}
	}
}

// update changes the value of the channel in p under all its names.
func (f *fact) update(p place.Place, change func(value) value) {
	if isConst(p) {
		return
	}
	p = f.canon(p)
	v := f.get(p)
	f.put(p, change(v))
	if v.obj == nil {
		return
	}
	for q, w := range f.vals {
		if w.obj == v.obj && q != p {
			f.put(q, change(w))
		}
	}
	if r := place.Register(v.obj); r != p {
		if w := f.get(r); w.obj == v.obj {
			f.put(r, change(w))
		}
	}
}

// operate applies what an operation says about its channel when it completes.
// One that cannot complete leaves a mark, so that one defect is not followed by
// others.
func (f *fact) operate(e effect) {
	f.update(e.dst, func(v value) value {
		if _, fails := defectOf(v.state, e.op); fails {
			v.failed = true
			return v
		}
		switch e.op {
		case opClose:
			v.state, v.by = Closed, e.site
		case opSend:
			v.state &= Open
		case opReceive:
			v.state &^= Nil
		}
		return v
	})
}

// kill forgets the content of the places that match, and exposes fresh objects
// that other code can see.
func (f *fact) kill(match func(place.Place) bool) {
	for p := range f.vals {
		if p.Mem && match(p) && !f.a.world.NeverAssigned(p) {
			f.put(p, value{state: Any})
		}
	}
	for r := range f.zero {
		if f.a.escapes(r) {
			f.zero[r] = true
		}
	}
}
