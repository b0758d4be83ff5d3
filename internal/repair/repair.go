// Package repair suggests fixes for sends that block forever, where a fix is
// mechanical and certain: a buffer with room for everything that is ever sent,
// or a case for the end of the context that the receiver leaves for.
//
// A fix is offered only if it has been tried: the package is type-checked and
// explored again as it would be, and the leak has to be gone, with nothing new
// in its place and nothing left in the functions concerned.
package repair

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/witness"
)

// A Fixer finds fixes for the defects of one package.
type Fixer struct {
	pass   *analysis.Pass
	pkg    *chanssa.Package
	res    *witness.Result
	models map[*ssa.Function]*build.Model
}

// New returns a Fixer for the package of pass, whose analyzer must require
// [witness.Analyzer] and [chanssa.Analyzer].
func New(pass *analysis.Pass) *Fixer {
	return &Fixer{
		pass:   pass,
		pkg:    pass.ResultOf[chanssa.Analyzer].(*chanssa.Package),
		res:    pass.ResultOf[witness.Analyzer].(*witness.Result),
		models: map[*ssa.Function]*build.Model{},
	}
}

// Send returns the fix for a send that blocks forever, or nothing if there is
// none that is certain.
func (f *Fixer) Send(d *witness.Defect) []analysis.SuggestedFix {
	if _, plain := d.Op.Instr.(*ssa.Send); !plain || d.Kind != witness.Blocked {
		return nil
	}
	site := f.makeAt(d.Made)
	if site == nil {
		return nil
	}
	if fix, ok := f.buffer(d, site); ok {
		return []analysis.SuggestedFix{fix}
	}
	if fix, ok := f.leave(d, site); ok {
		return []analysis.SuggestedFix{fix}
	}
	return nil
}

// makeAt returns the make of a channel that stands at pos, or nil.
func (f *Fixer) makeAt(pos token.Pos) *ssa.MakeChan {
	if !pos.IsValid() {
		return nil
	}
	for _, fn := range f.pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				if mk, ok := instr.(*ssa.MakeChan); ok && mk.Pos() == pos {
					return mk
				}
			}
		}
	}
	return nil
}

// modelOf returns the model of a function, or nil if it has none.
func (f *Fixer) modelOf(fn *ssa.Function) *build.Model {
	if m, ok := f.models[fn]; ok {
		return m
	}
	m := modelOf(f.pkg, fn)
	f.models[fn] = m
	return m
}

// limits are the models that are tried, in this order: without the calls that
// make the first too large, more escapes from the second.
var limits = [...]build.Limits{{Depth: build.Depth, Nodes: 1000}, {Depth: 0, Nodes: 400}}

func modelOf(pkg *chanssa.Package, fn *ssa.Function) *build.Model {
	for _, l := range limits {
		if m, skip := build.New(pkg).Build(fn, l); skip == nil && !m.OrderLost {
			return m
		}
	}
	return nil
}

// tagOf returns the tag of the node that makes the channel of mk, 0 if the model
// has none.
func tagOf(m *build.Model, mk ssa.Instruction) int {
	for i, s := range m.Sites {
		if s.Instr == mk && s.Kind == build.SiteMake {
			return i + 1
		}
	}
	return 0
}

// nodes yields the nodes of the processes of the program itself.
func nodes(m *build.Model, yield func(proc int, n *model.Node)) {
	for i, p := range m.Program.Procs[:m.Env] {
		for j := range p.Nodes {
			yield(i, &p.Nodes[j])
		}
	}
}
