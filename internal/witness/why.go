package witness

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/explore"
)

// A Verdict says what the exploration of one function has come to.
type Verdict struct {
	Fn     *ssa.Function
	Root   bool   // whether it is explored by itself
	Reason string // why there is no verdict; empty if there is one
	At     token.Pos
	States int
	Ops    []Operation // those that could block or panic, of all functions that were followed, by position
	// Escapes says where primitives leave what is followed.
	Escapes []build.Escape
	cells   bool // the last model has variables that several goroutines use
}

// An Operation is one operation of a verdict.
type Operation struct {
	Site    build.Site
	Outcome Outcome
}

// An Outcome says why an operation is reported or is not. Of two interleavings
// the one counts whose outcome is the greater.
type Outcome uint8

const (
	Proceeds   Outcome = iota // in every interleaving
	EndsBefore                // it blocks, but the program ends then
	OnNil                     // it waits on a nil channel
	LeansOther                // a witness needs a condition that depends on other goroutines
	LeansMore                 // a witness needs several conditions that are not followed
	SomeSizes                 // a witness exists for some sizes of loops and buffers only
	Explained                 // it is another face of a defect that is reported
	Found                     // it is a defect
)

// whyCost bounds the witnesses that a decision log knows of: it is above that of
// a condition which depends on other goroutines.
const whyCost = 3000

// Why explores every function of the package anew and says what came of it, in
// the order of pkg.Funcs: more than a run that only looks for defects remembers.
func Why(pkg *chanssa.Package) []Verdict {
	if pkg.SSA == nil {
		return nil
	}
	b := build.New(pkg)
	roots := newRoots()
	var out []Verdict
	for _, fn := range pkg.Funcs {
		v := Verdict{Fn: fn, At: fn.Pos()}
		attempts := roots.attempts(fn)
		v.Root = attempts != nil
		if !v.Root {
			v.Reason = "it makes no channel or wait group, and is followed where it is called or started"
		}
		for _, try := range attempts {
			try.Cells = true
			if v.try(b, try) {
				break
			}
			if try.Cells = false; v.cells && v.try(b, try) {
				break
			}
		}
		out = append(out, v)
	}
	return out
}

// try explores the function under one budget and reports whether that gave a
// verdict.
func (v *Verdict) try(b *build.Builder, try attempt) bool {
	m, skip := b.Build(v.Fn, try.Limits)
	if skip != nil {
		v.Reason, v.At = skip.Reason, skip.Pos
		return false
	}
	v.Escapes, v.cells = m.Escapes, m.Cells
	if m.OrderLost {
		v.Reason = "a wait group or mutex is not followed"
		return false
	}
	engine, err := explore.Prepare(m.Program)
	if err != nil {
		v.Reason = err.Error()
		return false
	}
	w := &weigher{m: m, origins: newOrigins(m), outcomes: map[int]Outcome{}}
	v.States = 0
	runs := Assignments(len(m.Program.Vars))
	for _, vars := range runs {
		res := engine.Explore(explore.Options{Vars: vars, MaxStates: try.states, MaxBytes: maxBytes, MaxCost: whyCost})
		v.States += res.States
		if res.Over {
			v.Reason = errOver.Error()
			return false
		}
		w.add(res)
	}
	v.Reason, v.Ops = "", w.ops()
	return true
}

// A weigher collects the outcomes of the operations of one model.
type weigher struct {
	m        *build.Model
	origins  *origins
	outcomes map[int]Outcome // by tag
	found    []*Defect       // in all runs
	runs     int
}

// add takes what was found under one assignment of the sizes.
func (w *weigher) add(res *explore.Result) {
	cheap := &explore.Result{}
	for _, s := range res.Stuck {
		tag := w.m.Program.Procs[s.Proc].Nodes[s.Node].Tag
		switch {
		case s.Proc >= w.m.Env:
		case s.Nil:
			w.raise(tag, OnNil)
		case s.RootEnded && isMain(w.m.Root):
			w.raise(tag, EndsBefore)
		case s.Cost > maxCost:
			w.raise(tag, leans(s.Cost))
		default:
			w.raise(tag, SomeSizes)
			cheap.Stuck = append(cheap.Stuck, s)
		}
	}
	for _, p := range res.Panics {
		tag := w.m.Program.Procs[p.Proc].Nodes[p.Node].Tag
		if p.Cost > maxCost {
			w.raise(tag, leans(p.Cost))
			continue
		}
		cheap.Panics = append(cheap.Panics, p)
	}
	found := collect(w.m, w.origins, cheap)
	if w.runs == 0 {
		w.found = found
	}
	w.found = slices.DeleteFunc(w.found, func(d *Defect) bool { return !slices.ContainsFunc(found, d.same) })
	w.runs++
}

func leans(cost int) Outcome {
	if cost >= 1000 {
		return LeansOther
	}
	return LeansMore
}

func (w *weigher) raise(tag int, o Outcome) { w.outcomes[tag] = max(w.outcomes[tag], o) }

// ops returns the operations of the model that could have been defects.
func (w *weigher) ops() []Operation {
	byPos := map[token.Pos]Outcome{}
	for _, d := range w.found {
		byPos[d.Op.Pos] = Explained
	}
	for _, d := range rootCauses(w.origins, w.found) {
		byPos[d.Op.Pos] = Found
	}
	var out []Operation
	for i, site := range w.m.Sites {
		switch site.Kind {
		case build.SiteSend, build.SiteReceive, build.SiteRange, build.SiteSelect, build.SiteWait, build.SiteLock, build.SiteClose:
			out = append(out, Operation{site, max(w.outcomes[i+1], byPos[site.Pos])})
		}
	}
	slices.SortStableFunc(out, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Site.Pos, b.Site.Pos), cmp.Compare(b.Outcome, a.Outcome))
	})
	return slices.CompactFunc(out, func(a, b Operation) bool { return a.Site.Pos == b.Site.Pos })
}
