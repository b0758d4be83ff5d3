// Package locks finds the deadlocks of mutexes that show in the order in which
// functions take them, whatever channels do meanwhile.
//
// Of each function it computes which locks are certainly held at each point, and
// sums up what a call of it takes, gives up and leaves locked, in the names of the
// caller. A lock is named by the object it lies in: the parameter, global or local
// variable from which a path of fields leads to it. Two locks of one type are two
// locks: where names cannot be followed, nothing is known.
//
// Nothing is reported of a lock that one goroutine may give up for another: of its
// class, some function gives up a lock that it has not taken, and is started as a
// goroutine, handed on, or called from other packages.
package locks

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/source"
)

// Analyzer provides the [*Result] of the package under analysis.
var Analyzer = &analysis.Analyzer{
	Name:       "locks",
	Doc:        "find deadlocks in the order in which functions take locks",
	Run:        run,
	Requires:   []*analysis.Analyzer{chanssa.Analyzer},
	ResultType: reflect.TypeFor[*Result](),

	RunDespiteErrors: true, // see chanssa
}

// A Result is what the locks of a package show.
type Result struct {
	Defects []*Defect // sorted by position

	// Inversions are the pairs of locks that are taken in both orders.
	Inversions []*Inversion

	// Left are the returns that leave a lock locked, sorted by position.
	Left []*Left

	// Unsignalled are the calls of Cond.Wait on what nobody signals, sorted by
	// position.
	Unsignalled []*ssa.Call

	Source *source.Index
}

// A Kind is a kind of deadlock.
type Kind uint8

const (
	// Again: a lock is taken by the goroutine that holds it.
	Again Kind = iota

	// Reader: a lock is taken for reading by a goroutine that holds it for
	// reading, and others take it for writing. A writer that waits in between
	// keeps out the second reader, for which it waits itself: see the
	// documentation of sync.RWMutex.
	Reader
)

// A Defect is one deadlock.
type Defect struct {
	Kind  Kind
	At    ssa.CallInstruction // the call of the method that blocks
	Held  token.Pos           // where the goroutine has taken the lock before
	Fn    *ssa.Function       // and in which function
	Via   *ssa.Call           // the call in Fn that leads to At; nil if At stands in Fn
	Other token.Pos           // of Reader: a Lock for writing
}

// pos is where the goroutine goes wrong.
func (d *Defect) pos() token.Pos {
	if d.Via != nil {
		return d.Via.Pos()
	}
	return d.At.Pos()
}

func run(pass *analysis.Pass) (any, error) {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	res := new(Result)
	if pkg.SSA == nil || !imports(pkg.SSA.Pkg, "sync") {
		return res, nil
	}
	w := newWorld(pkg)
	res.Defects = w.find()
	res.Inversions = w.inversions()
	for _, fn := range pkg.Funcs {
		for _, l := range w.left(fn) {
			// Behind a Lock that blocks, no return is reached.
			if !slices.ContainsFunc(res.Defects, func(d *Defect) bool { return d.Held == l.Held }) {
				res.Left = append(res.Left, l)
			}
		}
	}
	slices.SortFunc(res.Left, func(a, b *Left) int {
		return cmp.Or(cmp.Compare(a.Return, b.Return), cmp.Compare(a.Held, b.Held))
	})
	res.Unsignalled = w.unsignalled(func(name string) bool { return source.InIgnoredFiles(pass, name) })
	if len(res.Defects)+len(res.Inversions)+len(res.Left)+len(res.Unsignalled) > 0 {
		res.Source = source.NewIndex(pass.Files)
	}
	return res, nil
}

func imports(pkg *types.Package, path string) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == path })
}

// find returns the defects of all functions, one for each call.
func (w *world) find() []*Defect {
	for _, fn := range w.pkg.Funcs {
		w.summary(fn)
	}
	w.findForeign()
	var found []*Defect
	for _, fn := range w.pkg.Funcs {
		w.visit(fn, func(call *ssa.Call, s *state) {
			for _, t := range w.takings(call) {
				if d := w.again(fn, call, s, t); d != nil {
					found = append(found, d)
				}
			}
		})
	}
	slices.SortStableFunc(found, func(a, b *Defect) int {
		return cmp.Or(cmp.Compare(a.pos(), b.pos()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.At.Pos(), b.At.Pos()))
	})
	return slices.CompactFunc(found, func(a, b *Defect) bool { return a.pos() == b.pos() })
}

// again returns the defect of taking t at call while s holds it; nil if there is
// none.
func (w *world) again(fn *ssa.Function, call *ssa.Call, s *state, t taking) *Defect {
	h, ok := s.held[t.name]
	if !ok || t.regains || t.conditions > 0 || w.isForeign(t.name) {
		return nil
	}
	d := &Defect{Kind: Again, At: t.at, Held: h.at, Fn: fn}
	if t.at != ssa.CallInstruction(call) {
		d.Via = call
	}
	if t.read && h.read {
		d.Kind = Reader
		d.Other = w.writer(fn, t.name, s)
		if !d.Other.IsValid() {
			return nil
		}
	}
	return d
}

// takings returns what a call takes, in the names of the function it stands in.
func (w *world) takings(call *ssa.Call) []taking {
	if n, what, ok := w.operation(&call.Call); ok {
		if what != lock && what != readLock {
			return nil
		}
		return []taking{{name: n, read: what == readLock, at: call}}
	}
	callee := w.callee(&call.Call)
	if callee == nil {
		return nil
	}
	var out []taking
	for _, t := range w.summary(callee).takes {
		if n, ok := w.translate(t.name, &call.Call, callee); ok {
			t.name = n
			out = append(out, t)
		}
	}
	return out
}
