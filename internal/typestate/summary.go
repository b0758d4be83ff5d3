package typestate

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A summary is what a function of the package does to channels that its caller
// knows: those in parameters, in fields reached from them, and in variables of
// enclosing functions and of the package.
type summary struct {
	ops     []summaryOp // inevitable once the function is called, on the channel the place holds on entry
	exits   []exit      // states on every normal return
	results []exit      // states of the results, by index; place is unused
}

// closes reports whether the summary has anything that matters beyond sends
// and receives.
func (s *summary) closes() bool {
	for _, o := range s.ops {
		if o.op == opClose {
			return true
		}
	}
	for _, r := range s.results {
		if r.state == Closed || r.state == Nil {
			return true
		}
	}
	return len(s.exits) > 0
}

type summaryOp struct {
	place   place.Place
	op      opKind
	pos     token.Pos     // of the operation itself
	callee  *ssa.Function // the function summarized
	prompt  bool          // nothing can come before the operation
	byDefer bool          // by a deferred call
}

type exit struct {
	place place.Place
	state State // Closed or Nil
	by    Site
}

// maxDepth bounds the chain of calls that is followed.
const maxDepth = 100

// summaryOf returns the summary of a function of the package, or nil if nothing
// is known: it is being analyzed (it is recursive), over budget, or has nothing
// to do with channels.
func (e *engine) summaryOf(fn *ssa.Function) *summary {
	if s, ok := e.summaries[fn]; ok {
		return s
	}
	e.summaries[fn] = nil
	m := e.modsOf[fn]
	if e.depth >= maxDepth || !m.touches && !m.nilOps && (!m.closes || !e.concerned(fn)) {
		return nil
	}
	e.depth++
	a := e.analyze(fn)
	e.depth--
	if a == nil {
		return nil
	}
	e.analyses[fn] = a
	s := a.summarize()
	e.summaries[fn] = s
	return s
}

func (a *flow) summarize() *summary {
	s := new(summary)
	if !a.recovers(a.fn) && a.after[0] != nil {
		for k, r := range a.futureAt(a.fn.Blocks[0], a.after[0]) {
			if k.place.Valid() && a.formal(k.place) && k.op != opSpawnedClose {
				s.ops = append(s.ops, summaryOp{k.place, k.op, r.sites[0].innermost(), a.fn, r.prompt, r.byDefer})
			}
		}
	}
	slices.SortFunc(s.ops, func(x, y summaryOp) int {
		return cmp.Or(cmp.Compare(x.pos, y.pos), cmp.Compare(x.op, y.op), comparePlaces(x.place, y.place))
	})
	a.summarizeExits(s)
	return s
}

func comparePlaces(p, q place.Place) int {
	return cmp.Or(cmp.Compare(p.Root.Pos(), q.Root.Pos()), cmp.Compare(p.Root.Name(), q.Root.Name()), cmp.Compare(p.Path.String(), q.Path.String()))
}

// holdsChan reports whether p is a channel, as opposed to a pointer on the way
// to one.
func holdsChan(p place.Place) bool {
	t := p.Root.Type()
	if f := p.Field(); f != nil {
		t = f.Type()
	} else if ptr, ok := t.Underlying().(*types.Pointer); ok && p.Mem {
		t = ptr.Elem()
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// formalName returns a name of p that callers know, if there is one: p may lie
// behind a pointer that is still where the function loaded it from. It is
// invalid otherwise.
func (f *fact) formalName(p place.Place, a *flow) place.Place {
	if a.formal(p) {
		return p
	}
	if !p.Mem {
		return place.Place{}
	}
	best := place.Place{}
	for q, v := range f.vals {
		if v.obj == p.Root && q.Mem && a.formal(q) && (!best.Valid() || comparePlaces(q, best) < 0) {
			best = q
		}
	}
	if best.Valid() {
		best.Path = a.paths.Join(a.paths.Append(best.Path, nil), p.Path)
	}
	return best
}

// formal reports whether the callers of the function can name p.
func (a *flow) formal(p place.Place) bool {
	switch root := p.Root.(type) {
	case *ssa.Parameter, *ssa.Global:
		return true
	case *ssa.Alloc:
		return root.Parent() != a.fn
	}
	return false
}

func (a *flow) summarizeExits(s *summary) {
	var out *fact
	var returned [][]value
	for _, b := range a.fn.Blocks {
		ret, ok := last(b).(*ssa.Return)
		if !ok || a.in[b.Index] == nil || b == a.fn.Recover {
			continue
		}
		f := a.through(a.in[b.Index], b, nil)
		vals := make([]value, len(ret.Results))
		for i, r := range ret.Results {
			vals[i] = f.get(place.Register(r))
		}
		returned = append(returned, vals)
		out = facts{}.Merge(out, f)
	}
	if out == nil || out.lost {
		return
	}
	for p, v := range out.vals {
		if p = out.formalName(p, a); p.Valid() && holdsChan(p) && (v.state == Closed || v.state == Nil && p.Mem) {
			s.exits = append(s.exits, exit{p, v.state, v.by})
		}
	}
	slices.SortFunc(s.exits, func(x, y exit) int {
		return cmp.Or(comparePlaces(x.place, y.place), cmp.Compare(x.by.Pos, y.by.Pos), cmp.Compare(x.by.Inner, y.by.Inner), cmp.Compare(x.state, y.state))
	})
	s.exits = slices.CompactFunc(s.exits, func(x, y exit) bool { return x.place == y.place })
	for i := range returned[0] {
		v := returned[0][i]
		for _, vals := range returned[1:] {
			v = v.merge(vals[i]).settled()
		}
		s.results = append(s.results, exit{state: v.state, by: v.by})
	}
}
