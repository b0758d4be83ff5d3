package typestate

import (
	"cmp"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/place"
)

// Analyzer provides the [*Result] of the package under analysis.
var Analyzer = &analysis.Analyzer{
	Name:       "chantypestate",
	Doc:        "follow channels through the states nil, open and closed",
	Run:        run,
	Requires:   []*analysis.Analyzer{chanssa.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result holds the findings of one package, sorted by position.
type Result struct {
	Findings []Finding
	world    *place.World
}

// Of returns the findings of one kind.
func (r *Result) Of(kind Defect) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Defect == kind {
			out = append(out, f)
		}
	}
	return out
}

// An engine is the analysis of one package.
type engine struct {
	world     *place.World
	paths     place.Paths
	prog      *ssa.Program
	own       map[*ssa.Function]bool // the package's functions
	modsOf    map[*ssa.Function]*mods
	callees   map[*ssa.Function][]*ssa.Function
	numbers   map[any]int // of fields and variables
	analyses  map[*ssa.Function]*flow
	summaries map[*ssa.Function]*summary
	depth     int
}

func run(pass *analysis.Pass) (any, error) {
	p := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	res := new(Result)
	if p.SSA == nil || !slices.ContainsFunc(p.Funcs, operates) {
		return res, nil
	}
	e := newEngine(pass, p)
	res.world = e.world
	for _, fn := range p.Funcs {
		if e.concerned(fn) {
			e.summaryOf(fn)
		}
	}
	for _, fn := range p.Funcs {
		if a := e.analyses[fn]; a != nil && !e.stopsPanic(fn) {
			res.Findings = append(res.Findings, a.findings()...)
		}
	}
	slices.SortStableFunc(res.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.At.Pos, b.At.Pos), cmp.Compare(a.At.Inner, b.At.Inner), cmp.Compare(a.Defect, b.Defect))
	})
	return res, nil
}

// operates reports whether fn has a channel operation of its own.
func operates(fn *ssa.Function) bool {
	for o := range op.In(fn) {
		if o.Kind != op.Make && !o.InSelect() {
			return true
		}
	}
	return false
}

func newEngine(pass *analysis.Pass, p *chanssa.Package) *engine {
	funcs := p.Funcs
	if init := p.SSA.Func("init"); init != nil {
		funcs = append(slices.Clip(funcs), init)
	}
	e := &engine{
		world:     place.NewWorld(pass.Pkg, pass.Files, pass.TypesInfo, funcs),
		prog:      p.SSA.Prog,
		own:       map[*ssa.Function]bool{},
		modsOf:    map[*ssa.Function]*mods{},
		callees:   map[*ssa.Function][]*ssa.Function{},
		numbers:   map[any]int{},
		analyses:  map[*ssa.Function]*flow{},
		summaries: map[*ssa.Function]*summary{},
	}
	for _, fn := range p.Funcs {
		e.own[fn] = true
	}
	e.computeMods(p.Funcs)
	return e
}

// concerned reports whether fn can have a finding: it closes a channel or uses
// one that may be nil, itself or through a callee that does so for certain. The
// rest of the package, most of it, is only looked at when such a function asks
// for a summary.
func (e *engine) concerned(fn *ssa.Function) bool {
	m := e.modsOf[fn]
	if m.nilOps || m.closes && closesItself(fn) {
		return true
	}
	for _, callee := range e.callees[fn] {
		if !e.modsOf[callee].closes {
			continue
		}
		if s := e.summaryOf(callee); s != nil && s.closes() {
			return true
		}
	}
	return false
}

func closesItself(fn *ssa.Function) bool {
	for o := range op.In(fn) {
		if o.Kind == op.Close {
			return true
		}
	}
	return false
}

// mods returns what fn may store to.
func (e *engine) mods(fn *ssa.Function) *mods { return e.modsOf[fn] }
