package locks

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// An Inversion is two locks that are taken in both orders: each of two goroutines
// may hold the one that the other waits for.
type Inversion struct {
	First, Second *Order

	// Concurrent says that the package itself runs both at the same time on the same
	// object. Others may, or may not.
	Concurrent bool
}

// An Order is a lock that is taken while another one is held.
type Order struct {
	At   ssa.CallInstruction // the call that takes the lock
	Held token.Pos           // where the other one was taken
	Fn   *ssa.Function       // and in which function
	Via  *ssa.Call           // the call in Fn that leads to At; nil if At stands in Fn

	// Unlocks is where the lock that is held is given up, if another function
	// left it locked and Fn needs the lock of At to get there.
	Unlocks token.Pos

	held, taken         string // see keys
	heldRead, takenRead bool
	with                map[class]bool // other locks that are held, true if for writing
}

// maxConditions is on how many conditions it may depend whether a function takes
// a lock, for an order to count.
const maxConditions = 2

// inversions returns the pairs of locks that are taken in both orders, one for
// each pair.
func (w *world) inversions() []*Inversion {
	orders := w.orders()
	var out []*Inversion
	done := map[string]*Inversion{}
	for i, a := range orders {
		for _, b := range orders[i:] {
			if a.held != b.taken || a.taken != b.held || !conflict(a.heldRead, b.takenRead) || !conflict(b.heldRead, a.takenRead) {
				continue
			}
			if a.Unlocks.IsValid() && b.Unlocks.IsValid() || apart(a, b) {
				continue
			}
			k := min(a.held, a.taken) + " " + max(a.held, a.taken)
			old, concurrent := done[k], w.concurrent(a.Fn, b.Fn)
			if old != nil && (old.Concurrent || !concurrent) {
				continue
			}
			x := &Inversion{a, b, concurrent}
			if a.Unlocks.IsValid() {
				x.First, x.Second = b, a
			}
			if old != nil {
				*old = *x
				continue
			}
			done[k] = x
			out = append(out, x)
		}
	}
	return out
}

// conflict reports whether one way of holding a lock keeps the other from taking
// it.
func conflict(read, otherRead bool) bool { return !read || !otherRead }

// apart reports whether a lock that both hold keeps them from meeting.
func apart(a, b *Order) bool {
	for c, write := range a.with {
		if other, ok := b.with[c]; ok && (write || other) {
			return true
		}
	}
	return false
}

// orders returns the orders in which the functions of the package take locks, in
// the order of the source.
func (w *world) orders() []*Order {
	var out []*Order
	for _, fn := range w.pkg.Funcs {
		w.visit(fn, func(call *ssa.Call, s *state) {
			if len(s.held) == 0 || told(call) {
				return
			}
			for _, t := range w.takings(call) {
				if t.told || t.conditions > maxConditions {
					continue
				}
				for n, h := range s.held {
					if o := w.order(fn, n, h, t.name, t.read, s); o != nil {
						o.At = t.at
						if t.at != ssa.CallInstruction(call) {
							o.Via = call
						}
						out = append(out, o)
					}
				}
			}
		})
	}
	out = append(out, w.unlockOrders()...)
	slices.SortStableFunc(out, func(a, b *Order) int {
		if a.At.Pos() != b.At.Pos() {
			return int(a.At.Pos() - b.At.Pos())
		}
		return int(a.Held - b.Held)
	})
	return out
}

// order returns the order of taking a lock while n is held; nil if nothing is
// known of how their objects belong together.
func (w *world) order(fn *ssa.Function, n name, h hold, taken name, read bool, s *state) *Order {
	if n == taken || fresh(n, fn) || fresh(taken, fn) || w.isForeign(n) {
		return nil
	}
	held, taking, ok := w.keys(n, taken)
	if !ok {
		return nil
	}
	o := &Order{Held: h.at, Fn: fn, held: held, taken: taking, heldRead: h.read, takenRead: read, with: map[class]bool{}}
	for other, oh := range s.held {
		if other != n && other != taken {
			o.with[classOf(other)] = !oh.read
		}
	}
	return o
}

// unlockOrders returns the orders that unlocking takes: a function that takes one
// lock in order to unlock another one, which some function has left locked. Others
// that unlock it, without any lock, make it right.
func (w *world) unlockOrders() []*Order {
	var out []*Order
	free := map[class]bool{}
	for _, fn := range w.pkg.Funcs {
		if len(w.summary(fn).frees) == 0 {
			continue
		}
		w.visit(fn, func(call *ssa.Call, s *state) {
			n, what, ok := w.operation(&call.Call)
			if !ok || what != unlock && what != readUnlock {
				return
			}
			if !w.release(s.clone(), n, false) {
				return
			}
			found := false
			for gate, h := range s.held {
				held, taking, ok := w.keys(n, gate)
				at := w.callAt(fn, h.at)
				if !ok || at == nil || w.isForeign(gate) {
					continue
				}
				found = true
				out = append(out, &Order{
					At: at, Held: call.Pos(), Fn: fn, Unlocks: call.Pos(),
					held: held, taken: taking, heldRead: what == readUnlock, takenRead: h.read,
				})
			}
			if !found {
				free[w.relatedClass(n)] = true
			}
		})
	}
	return slices.DeleteFunc(out, func(o *Order) bool {
		call := w.callAt(o.Fn, o.Unlocks)
		n, _, _ := w.operation(call.Common())
		return free[w.relatedClass(n)]
	})
}

// relatedClass is the class of n, or of the container that it is found in.
func (w *world) relatedClass(n name) class { return classOf(w.relation(n)) }

// callAt returns the call in fn at a position, or nil.
func (w *world) callAt(fn *ssa.Function, pos token.Pos) ssa.CallInstruction {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && call.Pos() == pos {
				return call
			}
		}
	}
	return nil
}

// keys returns what the two locks are called from the object that they have in
// common; ok is false if there is none. A pointer back to the owner of a container
// is followed to the owner.
func (w *world) keys(a, b name) (x, y string, ok bool) {
	a, b = w.relation(a), w.relation(b)
	if a.root != b.root {
		return "", "", false
	}
	p, q := steps(a.path), steps(b.path)
	if _, global := a.root.(*ssa.Global); !global {
		for len(p) > 1 && len(q) > 1 && p[0].Field == q[0].Field {
			p, q = p[1:], q[1:]
		}
	}
	p, q = w.toOwner(p, q)
	q, p = w.toOwner(q, p)
	root := ""
	if g, ok := a.root.(*ssa.Global); ok {
		root = g.Name()
	}
	return root + w.key(p), root + w.key(q), len(p) > 0 && len(q) > 0
}

// toOwner rewrites two paths from an element of a container, of which the first
// one leads through the pointer to the owner, to paths from the owner.
func (w *world) toOwner(p, q []*place.Path) (_, _ []*place.Path) {
	if len(p) < 3 || p[1].Field != nil {
		return p, q
	}
	back, ok := w.backs[p[0].Field]
	if !ok || len(q) > 0 && q[0].Field == p[0].Field {
		return p, q
	}
	prefix := append(steps(back.container), w.paths.Append(nil, w.element))
	return p[2:], append(prefix, q...)
}

func steps(p *place.Path) []*place.Path {
	var out []*place.Path
	for ; p != nil; p = p.Parent {
		out = append(out, p)
	}
	slices.Reverse(out)
	return out
}

// key returns a string for a path: equal strings are equal paths.
func (w *world) key(path []*place.Path) string {
	var b strings.Builder
	for _, p := range path {
		if p.Field == nil {
			b.WriteString("*")
			continue
		}
		if _, ok := w.ids[p.Field]; !ok {
			w.ids[p.Field] = len(w.ids)
		}
		fmt.Fprintf(&b, ".%d", w.ids[p.Field])
	}
	return b.String()
}
