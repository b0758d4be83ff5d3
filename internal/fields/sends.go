package fields

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
)

// sendsOnClosed returns the sends that no order separates from a close.
func (w *world) sendsOnClosed() []Finding {
	var out []Finding
	for _, c := range w.closes() {
		if c.Class.Elem || w.overBudget() {
			continue
		}
		for _, s := range w.sites {
			if s.Class != c.Class || s.Kind != op.Send || s.Store || s.Fresh || w.inTest(s.Fn) || w.recovers(s.Fn) {
				continue
			}
			if f, ok := w.sendMeets(s, c); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// sendMeets decides about one send and one close.
func (w *world) sendMeets(s, c *Site) (Finding, bool) {
	if w.sameGoroutine(s.Fn, c.Fn) || c.Class.Made != nil && (outermost(s.Fn) == outermost(c.Fn) || w.counts(c)) {
		return Finding{}, false
	}
	by := w.start(c)
	if q := w.quitBeside(s, c); q.IsValid() && !w.joined(root{}, c) && !w.locksAt(s.Instr).exclude(w.locksAt(c.Instr)) {
		return w.finding(SendClosed, s, []analysis.RelatedInformation{note(by, "the close"), note(q, "the other case")},
			"may be closed at %s while this select waits; that the case at %s is ready as well does not keep it from choosing the send", w.line(s, by), w.line(s, q)), true
	}
	if s.Fn == c.Fn || w.distinct(s, c) || w.mutuallyOrdered(s, c) {
		return Finding{}, false // who closes sends as well
	}
	for _, r := range w.roots(s.Fn) {
		if r.kind != goroutine && r.kind != callback || !w.elsewhere(r, c) || w.joined(r, c) || w.closedBefore(c, r) {
			continue
		}
		at := w.where(r.at)
		if !at.IsValid() {
			continue
		}
		if r.kind == callback && (w.mayUnregister(c) || !w.callableAgain(c.Fn)) {
			continue
		}
		if r.kind == callback {
			return w.finding(SendClosed, s, []analysis.RelatedInformation{note(by, "the close"), note(at, "the function is handed on here")},
				"may be closed at %s while the function that is handed on at %s still sends", w.line(s, by), w.line(s, at)), true
		}
		return w.finding(SendClosed, s, []analysis.RelatedInformation{note(by, "the close"), note(at, "the goroutine starts here")},
			"may be closed at %s, which does not wait for the goroutine started at %s", w.line(s, by), w.line(s, at)), true
	}
	return Finding{}, false
}

// outermost returns the declared function that fn is part of.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// counts reports whether the closing function receives from the channel itself:
// it may know that nothing more comes.
func (w *world) counts(c *Site) bool {
	for _, s := range w.sites {
		if s.Class == c.Class && s.Kind == op.Receive && s.Fn == c.Fn {
			return true
		}
	}
	return false
}

// elsewhere reports whether another goroutine than r reaches the close. Two that
// run the same function are taken to work on different objects.
func (w *world) elsewhere(r root, c *Site) bool {
	for _, o := range w.roots(c.Fn) {
		if o.kind != r.kind || o.fn != r.fn {
			return true
		}
	}
	return false
}

// mayUnregister reports whether code of other packages runs before the close,
// which may see to it that functions that it was given are not called any more.
func (w *world) mayUnregister(c *Site) bool {
	for _, b := range c.Fn.Blocks {
		for _, i := range b.Instrs {
			if w.reaches(i, c.Instr) && w.callsOut(i, maxCallers) {
				return true
			}
		}
	}
	return false
}

// callsOut reports whether instr calls code of other packages that may do
// anything.
func (w *world) callsOut(instr ssa.Instruction, depth int) bool {
	call, ok := instr.(ssa.CallInstruction)
	if _, isGo := instr.(*ssa.Go); !ok || isGo {
		return false
	}
	c := call.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	if fn := w.callee(c); fn != nil {
		if depth == 0 {
			return true
		}
		for _, b := range fn.Blocks {
			for _, i := range b.Instrs {
				if w.callsOut(i, depth-1) {
					return true
				}
			}
		}
		return false
	}
	switch pkg, _ := calleeName(c); pkg {
	case "fmt", "log", "log/slog", "errors", "strings", "strconv", "sync", "sync/atomic", "time", "context":
		return false
	}
	return true
}

// mutuallyOrdered reports whether locks or counts keep the two apart: a lock
// around the send is taken before the close, or a counter that goes down to
// zero says that the close is the last thing to happen.
func (w *world) mutuallyOrdered(s, c *Site) bool {
	before := w.barriers(c.Instr)
	for k := range w.around(s.Instr) {
		if before[k] {
			return true
		}
	}
	return w.locksAt(s.Instr).exclude(w.locksAt(c.Instr)) || w.countsDown(c) || w.inOnceFunc(c.Fn)
}

// inOnceFunc reports whether fn is what sync.OnceFunc was given: where it is
// called from is not followed.
func (w *world) inOnceFunc(fn *ssa.Function) bool {
	return slices.ContainsFunc(w.callersOf(fn), func(e edge) bool { return e.mode == once && e.key.field == nil })
}

// countsDown reports whether the close is behind a condition on something that
// is decremented there.
func (w *world) countsDown(c *Site) bool {
	p := w.protectionOf(c.Instr)
	for _, l := range p.loads {
		for _, b := range l.at.Parent().Blocks {
			for _, i := range b.Instrs {
				if w.decrements(i) == l.key && l.key.valid() {
					return true
				}
			}
		}
	}
	return false
}

// decrements returns the key of what instr decrements by one, if it does.
func (w *world) decrements(instr ssa.Instruction) key {
	var val ssa.Value
	var k key
	switch instr := instr.(type) {
	case *ssa.Store:
		val, k = instr.Val, w.keyOfAddress(instr.Addr)
	case *ssa.MapUpdate:
		val, k = instr.Value, w.keyOfContainer(instr.Map)
	case *ssa.Call:
		if pkg, name := calleeName(instr.Common()); pkg == "sync/atomic" && strings.HasPrefix(name, "Add") {
			return w.keyOfAddress(instr.Common().Args[0])
		}
		return key{}
	default:
		return key{}
	}
	if bin, ok := val.(*ssa.BinOp); ok && bin.Op == token.SUB {
		return k
	}
	return key{}
}

// quitBeside returns another receive case of the send's select, of a channel
// that the closing side closes as well or waits for.
func (w *world) quitBeside(s, c *Site) token.Pos {
	sel, ok := s.Instr.(*ssa.Select)
	if !ok {
		return token.NoPos
	}
	changed := w.changes(c.Instr)
	cond := w.protectionOf(c.Instr)
	for o := range op.Of(sel) {
		if o.Kind != op.Receive {
			continue
		}
		q, _ := w.classOf(o.Chan)
		if !q.valid() || q == s.Class || !isSignalType(o.Chan.Type()) {
			continue
		}
		k := q.closed()
		if changed[k] || cond.keys[k] {
			return o.Pos
		}
	}
	return token.NoPos
}

// isSignalType reports whether a channel carries nothing.
func isSignalType(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// closedBefore reports whether the close belongs to the function that starts
// the goroutine and stands before that.
func (w *world) closedBefore(c *Site, r root) bool {
	_, deferred := c.Instr.(*ssa.Defer)
	return c.Fn == r.from && !deferred && !w.reaches(r.at, c.Instr)
}

// recovers reports whether fn, or the function around it, stops panics.
func (w *world) recovers(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				d, ok := instr.(*ssa.Defer)
				if !ok {
					continue
				}
				if callee := w.callee(d.Common()); callee != nil && callsRecover(callee) {
					return true
				}
			}
		}
	}
	return false
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if bi, ok := call.Common().Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}
