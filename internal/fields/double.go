package fields

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// doubleCloses returns the closes that may meet another close of the same
// channel, or themselves.
func (w *world) doubleCloses() []Finding {
	var out []Finding
	closes := w.closes()
	for _, s := range closes {
		if w.overBudget() || s.Class.Field == nil || w.recovers(s.Fn) {
			continue
		}
		p := w.protectionOf(s.Instr)
		if p.once.valid() {
			continue
		}
		if f, ok := w.ineffectiveGuard(s, p, closes); ok {
			out = append(out, f)
			continue
		}
		if p.atomic {
			continue
		}
		if f, ok := w.racyCheck(s, p); ok {
			out = append(out, f)
			continue
		}
		if f, ok := w.untestedFlag(s, p); ok {
			out = append(out, f)
			continue
		}
		if f, ok := w.restarted(s, p); ok {
			out = append(out, f)
			continue
		}
		if f, ok := w.calledBack(s, p); ok {
			out = append(out, f)
		}
	}
	return out
}

// racyCheck finds a close behind a check that another goroutine may pass as
// well before either closes.
func (w *world) racyCheck(s *Site, p protection) (Finding, bool) {
	for _, g := range w.guards(s.Instr) {
		check := w.checkOf(g, s)
		if check == nil {
			continue
		}
		if !w.concurrent(s) || !w.shared(*check, s) {
			return Finding{}, false
		}
		at := w.guardPos(g)
		if !at.IsValid() {
			return Finding{}, false
		}
		return w.finding(DoubleClose, s, []analysis.RelatedInformation{note(at, "the check")},
			"may be closed by another goroutine after the check at %s; no lock is held over both", w.line(s, at)), true
	}
	return Finding{}, false
}

// ineffectiveGuard finds a close behind a check that another close of the
// channel leaves as it is.
func (w *world) ineffectiveGuard(s *Site, p protection, closes []*Site) (Finding, bool) {
	if !slices.ContainsFunc(p.loads, func(l load) bool {
		return l.key.field != nil && (l.how == direct || l.how == polled)
	}) {
		return Finding{}, false
	}
	for _, other := range closes {
		if other == s || other.Class != s.Class || other.Fn == s.Fn || w.sameGoroutine(s.Fn, other.Fn) || w.sameRoot(s.Fn, other.Fn) || w.distinct(s, other) || w.branchesOf(s, other) || w.branchesOf(other, s) {
			continue
		}
		if !w.later(other, s) {
			continue
		}
		changed := w.changesWith(other)
		if w.opposed(other.Instr, s.Instr) || changed.meets(w.effective(s, p, other)) || changed[key{field: s.Class.Field}] {
			continue
		}
		gs := w.guards(s.Instr)
		if len(gs) == 0 {
			continue
		}
		at := w.guardPos(gs[0])
		by := w.start(other)
		return w.finding(DoubleClose, s, []analysis.RelatedInformation{note(by, "the other close"), note(at, "the check")},
			"may already be closed at %s, which changes nothing that the check at %s depends on", w.line(s, by), w.line(s, at)), true
	}
	return Finding{}, false
}

// branchesOf reports whether b belongs to a function that only the function of a
// calls or starts, on paths that do not pass a.
func (w *world) branchesOf(a, b *Site) bool {
	callers := w.callersOf(b.Fn)
	return len(callers) > 0 && !w.entersFromOutside(b.Fn) && !slices.ContainsFunc(callers, func(e edge) bool {
		return e.from != a.Fn || w.reaches(e.at, a.Instr) || w.reaches(a.Instr, e.at)
	})
}

// effective returns what the conditions above s depend on, as far as other
// cannot change it between the condition and s: if a lock keeps the two closes
// apart, a condition has to be tested under that lock.
func (w *world) effective(s *Site, p protection, other *Site) keys {
	lo := w.locksAt(other.Instr)
	if !w.locksAt(s.Instr).exclude(lo) {
		return p.keys
	}
	out := keys{}
	for _, l := range p.loads {
		if l.atomic || w.locksAt(l.at).exclude(lo) {
			out[l.key] = true
		}
	}
	return out
}

// opposed reports whether a and b stand under opposite values of one flag.
func (w *world) opposed(a, b ssa.Instruction) bool {
	values := w.flags(a)
	for k, v := range w.flags(b) {
		if o, ok := values[k]; ok && o != v {
			return true
		}
	}
	return false
}

// flags returns the fields of type bool that instr stands under, with their
// values.
func (w *world) flags(instr ssa.Instruction) map[key]bool {
	out := map[key]bool{}
	for _, g := range w.guards(instr) {
		v, value := g.branch.Cond, g.taken
		for {
			not, ok := v.(*ssa.UnOp)
			if !ok || not.Op != token.NOT {
				break
			}
			v, value = not.X, !value
		}
		if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
			if k := w.keyOfAddress(ld.X); k.field != nil {
				out[k] = value
			}
		}
	}
	return out
}

// later reports whether s can run after other: something from outside, or a
// goroutine that goes on, leads there.
func (w *world) later(other, s *Site) bool {
	return len(w.roots(s.Fn)) > 0 && len(w.roots(other.Fn)) > 0
}

// untestedFlag finds a close in a function that others can call again and that
// sets a flag that other functions test and this one does not.
func (w *world) untestedFlag(s *Site, p protection) (Finding, bool) {
	if !w.callableAgain(s.Fn) {
		return Finding{}, false
	}
	for _, b := range s.Fn.Blocks {
		for _, i := range b.Instrs {
			st, ok := i.(*ssa.Store)
			if !ok || !(w.reaches(s.Instr, i) || dominates(i, s.Instr)) {
				continue
			}
			k := w.keyOfAddress(st.Addr)
			if k.field == nil || !isFlag(k.field.Type()) || p.keys[k] {
				continue
			}
			if test := w.testOf(k, s.Fn); test != nil {
				at := w.where(st)
				t := w.where(test)
				return w.finding(DoubleClose, s, []analysis.RelatedInformation{note(at, "the flag is set here"), note(t, "and tested here")},
					"is closed again if %s is called again: it sets %s at %s and does not test it, as %s does at %s",
					name(s.Fn), k.field.Name(), w.line(s, at), name(test.Parent()), w.line(s, t)), true
			}
		}
	}
	return Finding{}, false
}

func isFlag(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// callableAgain reports whether code outside the package can call fn as often
// as it likes.
func (w *world) callableAgain(fn *ssa.Function) bool {
	for _, r := range w.roots(fn) {
		if r.kind == outside {
			return true
		}
	}
	return false
}

// testOf returns a branch in another function that depends on the flag.
func (w *world) testOf(k key, but *ssa.Function) ssa.Instruction {
	for _, fn := range w.pkg.Funcs {
		if fn == but || w.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			br, ok := last(b).(*ssa.If)
			if !ok {
				continue
			}
			for _, l := range w.conditionOf(br.Cond).loads {
				if l.key == k {
					if ld, ok := l.at.(*ssa.UnOp); ok {
						return ld
					}
				}
			}
		}
	}
	return nil
}

// restarted finds a close at the end of a goroutine that can be started again
// for the same object.
func (w *world) restarted(s *Site, p protection) (Finding, bool) {
	roots := w.roots(s.Fn)
	if len(roots) != 1 || roots[0].kind != goroutine || s.Class.Elem {
		return Finding{}, false
	}
	r := roots[0]
	if !w.callableAgain(r.from) || w.startsFresh(r) {
		return Finding{}, false
	}
	sp := w.protectionOf(r.at)
	if sp.atomic || sp.once.valid() || len(sp.keys) > 0 {
		return Finding{}, false
	}
	remade := false
	for _, m := range w.sites {
		if m.Class != s.Class || !m.Store {
			continue
		}
		if m.Fn == r.from {
			return Finding{}, false // made for this run
		}
		remade = remade || !m.Fresh && !w.inTest(m.Fn)
	}
	if !remade {
		return Finding{}, false
	}
	at := w.where(r.at)
	return w.finding(DoubleClose, s, []analysis.RelatedInformation{note(at, "the goroutine starts here")},
		"is closed again if %s starts this goroutine a second time at %s, which nothing prevents", name(r.from), w.line(s, at)), true
}

// calledBack finds a close in a method that others can call and that the
// package itself calls as well, in a goroutine of its own.
func (w *world) calledBack(s *Site, p protection) (Finding, bool) {
	if len(p.keys) > 0 || !isExported(s.Fn) || !w.isShown(s.Fn) || s.Class.Elem || w.servesDeep(s.Fn, maxCallers) {
		return Finding{}, false
	}
	for _, m := range w.sites {
		if m.Class == s.Class && m.Store && !m.Fresh && !w.inTest(m.Fn) {
			return Finding{}, false // made again
		}
	}
	for _, e := range w.callersOf(s.Fn) {
		if e.mode != called || len(e.args()) == 0 || isFresh(e.args()[0], e.from) {
			continue
		}
		for _, r := range w.roots(e.from) {
			if r.kind != goroutine || w.inTest(r.fn) || !worksOn(r.fn, s.Base) {
				continue
			}
			at := w.where(e.at)
			return w.finding(DoubleClose, s, []analysis.RelatedInformation{note(at, "the call"), note(w.where(r.at), "the goroutine starts here")},
				"is closed again if %s is called after the goroutine started at %s has called it at %s",
				name(s.Fn), w.line(s, w.where(r.at)), w.line(s, at)), true
		}
	}
	return Finding{}, false
}

// startsFresh reports whether the goroutine works on an object that was made
// in the function that starts it.
func (w *world) startsFresh(r root) bool {
	call, ok := r.at.(ssa.CallInstruction)
	if !ok {
		return false
	}
	for _, arg := range call.Common().Args {
		if isFresh(arg, r.from) {
			return true
		}
	}
	if mc, ok := call.Common().Value.(*ssa.MakeClosure); ok {
		for _, b := range mc.Bindings {
			if isFresh(b, r.from) {
				return true
			}
		}
	}
	return false
}
