// Package witness finds the defects that take several goroutines: it builds
// the model of each function that makes a channel or another primitive,
// explores it, and keeps what can be believed.
//
// A defect is certain if it shows for every size that the model leaves open,
// and if its cheapest interleaving leans on at most one condition that the
// model does not follow, and on none that is tied to what other goroutines do.
package witness

import (
	"cmp"
	"errors"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/source"
)

// Analyzer provides the [*Result] of the package under analysis.
var Analyzer = &analysis.Analyzer{
	Name:       "witness",
	Doc:        "explore the goroutines of each function that makes a channel",
	Run:        run,
	Requires:   []*analysis.Analyzer{chanssa.Analyzer},
	ResultType: reflect.TypeFor[*Result](),

	RunDespiteErrors: true, // see chanssa
}

// A Result is what the exploration of a package found.
type Result struct {
	Defects []*Defect // sorted by position
	Log     []Decision
	Source  *source.Index
	Roots   int // functions explored
	States  int

	extended int             // functions explored beyond the common budget
	maxCost  int             // how much a witness may lean on
	dear     bool            // the last exploration left out what leans on more
	leads    []*ssa.Function // those worth another look, see likelyDefects
	likely   func() []*Defect
}

// A Decision says why a root function has no verdict.
type Decision struct {
	Root   *ssa.Function
	Pos    token.Pos
	Reason string
}

// OverBudget reports whether the function has no verdict because it is too large or
// has too many interleavings.
func (d Decision) OverBudget() bool {
	return d.Reason == errOver.Error() || strings.HasPrefix(d.Reason, "too ")
}

// maxCost is how much a certain witness may lean on: one unknown flag.
const maxCost = 1

// maxBytes bounds what one exploration stores: states of many goroutines are
// large, and dear to compare.
const maxBytes = 400 << 10

// stateBytes is what a state may take on average.
const stateBytes = 240

// The first functions of a package that turn out to be too much for that get
// more: a few large ones are affordable, or one of twelve, many are not.
const (
	maxExtended    = 4
	extendedOf     = 12
	extendedStates = 6000
	extendedBytes  = 1500 << 10
)

func run(pass *analysis.Pass) (any, error) {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	res := Explore(pkg, nil)
	if len(res.Defects) > 0 {
		res.Source = source.NewIndex(pass.Files)
	}
	res.likely = sync.OnceValue(func() []*Defect {
		out := res.likelyDefects(pkg)
		if len(out) > 0 && res.Source == nil {
			res.Source = source.NewIndex(pass.Files)
		}
		return out
	})
	return res, nil
}

// Explore explores the functions of pkg, or those of them that only accepts if it
// is not nil. The result has no Source.
func Explore(pkg *chanssa.Package, only func(*ssa.Function) bool) *Result {
	res := &Result{maxCost: maxCost}
	if pkg.SSA == nil {
		return res
	}
	b := build.New(pkg)
	seen := map[token.Pos]bool{}
	roots := newRoots()
	for _, fn := range pkg.Funcs {
		attempts := roots.attempts(fn)
		if attempts == nil || only != nil && !only(fn) {
			continue
		}
		res.Roots++
		res.dear = false
		defects, failures := res.root(b, fn, attempts)
		if failures || res.dear {
			res.leads = append(res.leads, fn)
		}
		for _, d := range defects {
			if !seen[d.Op.Pos] {
				seen[d.Op.Pos] = true
				res.Defects = append(res.Defects, d)
			}
		}
	}
	slices.SortFunc(res.Defects, func(x, y *Defect) int { return cmp.Compare(x.Op.Pos, y.Op.Pos) })
	return res
}

// root returns the defects of one function. If the model is too large, it is
// built again with fewer calls inlined: what is called then escapes. Failures are
// calls by which a test fails.
func (r *Result) root(b *build.Builder, fn *ssa.Function, attempts []attempt) (found []*Defect, failures bool) {
	var last Decision
	counts := false // whether leaving numbers open makes a difference
	for i, try := range attempts {
		if try.Few && !counts {
			continue
		}
		if try.record.hopeless() {
			last = Decision{fn, fn.Pos(), "too large to follow, as most of its kind in this package"}
			continue
		}
		try.Cells = true
		m, skip := b.Build(fn, try.Limits)
		try.record.count(skip == nil)
		if skip != nil {
			last = Decision{fn, skip.Pos, skip.Reason}
			continue
		}
		if m.OrderLost {
			last = Decision{fn, fn.Pos(), "waits for a group that is not followed"}
			continue
		}
		counts, failures = m.Counts, m.Failures
		before := r.States
		found, err := r.explore(m, try.states, max(maxBytes, try.states*stateBytes))
		if errors.Is(err, errOver) && i == 0 && r.States-before > try.states && r.extended < max(maxExtended, r.Roots/extendedOf) {
			r.extended++
			found, err = r.explore(m, extendedStates, extendedBytes)
		}
		if errors.Is(err, errOver) && m.Cells {
			try.Cells = false
			if m, skip = b.Build(fn, try.Limits); skip == nil && !m.OrderLost {
				found, err = r.explore(m, try.states, max(maxBytes, try.states*stateBytes))
			}
		}
		if err == nil {
			return found, failures
		}
		last = Decision{fn, fn.Pos(), err.Error()}
	}
	r.Log = append(r.Log, last)
	return nil, failures
}

var errOver = errors.New("over budget")

// explore returns the defects of one model.
func (r *Result) explore(m *build.Model, states, bytes int) ([]*Defect, error) {
	engine, err := explore.Prepare(m.Program)
	if err != nil {
		return nil, err
	}
	var found []*Defect
	origins := newOrigins(m)
	for i, vars := range Assignments(len(m.Program.Vars)) {
		res := engine.Explore(explore.Options{Vars: vars, MaxStates: states, MaxBytes: bytes, MaxCost: r.maxCost})
		r.States += res.States
		r.dear = r.dear || res.Dear
		if res.Over {
			return nil, cmp.Or(res.Err, errOver)
		}
		defects := collect(m, origins, res)
		if i == 0 {
			found = defects
		} else {
			found = slices.DeleteFunc(found, func(d *Defect) bool {
				return !slices.ContainsFunc(defects, d.same)
			})
		}
		if len(found) == 0 {
			return nil, nil
		}
	}
	return rootCauses(origins, found), nil
}

// Assignments returns the values that are tried for n free variables. A defect
// has to show under all of them: under equal sizes, since what looks unrelated
// may be equal by contract, and under unequal ones, either way round.
func Assignments(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	all := func(v int) []int { return slices.Repeat([]int{v}, n) }
	out := [][]int{all(2), all(3)}
	if n > 1 {
		for i := range min(n, 4) {
			high, low := all(2), all(4)
			high[i], low[i] = 4, 2
			out = append(out, high, low)
		}
	}
	return out
}

// collect turns what the explorer found into defects, leaving out the
// environment's own processes.
func collect(m *build.Model, origins *origins, res *explore.Result) []*Defect {
	var out []*Defect
	for _, s := range res.Stuck {
		n := &m.Program.Procs[s.Proc].Nodes[s.Node]
		site, ok := m.Site(n.Tag)
		if s.Proc >= m.Env || !ok || s.Nil {
			continue // nilchan reports what waits on a nil channel
		}
		if origins.servesItself(s.Proc, n, site.Fn) {
			continue
		}
		if s.RootEnded && isMain(m.Root) {
			continue // the program ends, and its goroutines with it
		}
		d := &Defect{Kind: Blocked, Op: site, Root: m.Root, model: m, trace: s.Trace, cost: s.Cost, goroutine: s.Goroutine, proc: s.Proc, node: s.Node}
		for _, a := range s.Also {
			also, ok := m.Site(m.Program.Procs[a.Proc].Nodes[a.Node].Tag)
			if !ok || a.Proc >= m.Env {
				continue
			}
			d.Also = append(d.Also, also)
			d.blocked = append(d.blocked, a)
		}
		d.explain(origins)
		d.Closed = n.Op == model.Recv && origins.closes(s.Proc, n)
		out = append(out, d)
	}
	for _, p := range res.Panics {
		if d := panicDefect(m, origins, p); d != nil && !recovers(d.Op.Fn) && !recovers(m.Fns[p.Proc]) && !recovers(m.Root) {
			out = append(out, d)
		}
	}
	return out
}

// isMain reports whether fn is the function whose return ends the program.
func isMain(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && fn.Name() == "main" && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}

// recovers reports whether fn has a deferred literal that recovers: a panic in
// it is then the program's own affair.
func recovers(fn *ssa.Function) bool { return fn != nil && fn.Recover != nil && build.Recovers(fn) }

func panicDefect(m *build.Model, origins *origins, p explore.Panic) *Defect {
	if p.Proc >= m.Env || p.By.Proc >= m.Env || p.Kind > explore.CloseNil {
		return nil
	}
	n := &m.Program.Procs[p.Proc].Nodes[p.Node]
	tag := n.Tag
	if n.Op == model.Select && p.Case < len(n.Cases) {
		tag = n.Cases[p.Case].Tag
	}
	site, ok := m.Site(tag)
	if !ok {
		return nil
	}
	d := &Defect{Kind: Panics, Panic: p.Kind, Op: site, Root: m.Root, model: m, trace: p.Trace, goroutine: p.Goroutine, proc: p.Proc, node: p.Node}
	d.explain(origins)
	if p.Kind != explore.CloseNil {
		by := &m.Program.Procs[p.By.Proc].Nodes[p.By.Node]
		d.By, ok = m.Site(by.Tag)
		if !ok {
			return nil
		}
		d.Concurrent = p.By.Goroutine != p.Goroutine
		d.ByReceiver = d.Concurrent && origins.onlyReceives(p.By.Proc, by)
	}
	return d
}

// Blocked returns the operations of the given kinds that block forever, but for
// those that do so because of a lock.
func (r *Result) Blocked(kinds ...build.SiteKind) []*Defect {
	return blockedOf(r.Defects, kinds)
}

// blockedOf returns those of the defects that [Result.Blocked] is about.
func blockedOf(defects []*Defect, kinds []build.SiteKind) []*Defect {
	return pick(defects, func(d *Defect) bool {
		return d.Kind == Blocked && !d.Locked && slices.Contains(kinds, d.Op.Kind)
	})
}

// UnderLock returns the operations that block forever and hold a lock which the
// counterpart needs.
func (r *Result) UnderLock() []*Defect {
	return pick(r.Defects, func(d *Defect) bool {
		return d.Kind == Blocked && d.Locked && d.Op.Kind != build.SiteLock
	})
}

// AtLock returns the calls that take a lock which nobody will give up.
func (r *Result) AtLock() []*Defect {
	return pick(r.Defects, func(d *Defect) bool { return d.Kind == Blocked && d.Op.Kind == build.SiteLock })
}

// Panicking returns the operations that panic in the given way in another
// goroutine than the one that closes the channel.
func (r *Result) Panicking(kind explore.PanicKind) []*Defect {
	return pick(r.Defects, func(d *Defect) bool {
		return d.Kind == Panics && d.Panic == kind && d.Concurrent
	})
}

func pick(defects []*Defect, keep func(*Defect) bool) []*Defect {
	var out []*Defect
	for _, d := range defects {
		if keep(d) {
			out = append(out, d)
		}
	}
	return out
}
