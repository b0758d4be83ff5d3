package locks

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A writing is a place where a lock is taken for writing.
type writing struct {
	pos  token.Pos
	fn   *ssa.Function
	held map[class]bool // with other locks held
}

// writer returns a place where another goroutine may take the lock n for writing
// while a reader is at s; NoPos if there is none. A lock that both hold keeps
// them apart.
func (w *world) writer(fn *ssa.Function, n name, s *state) token.Pos {
	if w.writers == nil {
		w.readWriters()
	}
	var found token.Pos
	for _, x := range w.writers[classOf(n)] {
		apart := false
		for other := range s.held {
			apart = apart || x.held[classOf(other)] && other != n
		}
		if !apart && (!found.IsValid() || x.pos < found) {
			found = x.pos
		}
	}
	return found
}

func (w *world) readWriters() {
	w.writers = map[class][]writing{}
	for _, fn := range w.pkg.Funcs {
		w.visit(fn, func(call *ssa.Call, s *state) {
			n, what, ok := w.operation(&call.Call)
			if !ok || what != lock || fresh(n, fn) {
				return
			}
			x := writing{pos: call.Pos(), fn: fn, held: map[class]bool{}}
			for other := range s.held {
				x.held[classOf(other)] = true
			}
			w.writers[classOf(n)] = append(w.writers[classOf(n)], x)
		})
	}
}

// fresh reports whether the lock lies in an object that fn itself makes.
func fresh(n name, fn *ssa.Function) bool {
	v, ok := n.root.(*ssa.Alloc)
	return ok && place.Fresh(v, fn)
}
