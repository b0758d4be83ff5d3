package repair

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/source"
	"github.com/chanlint/chanlint/internal/witness"
)

// released reports whether nobody is left behind at the channel when a context
// that comes from outside ends at one moment for everybody who watches it. The
// model alone does not show that: to it, such a context may end for one
// goroutine and never for another.
func (v *version) released(d *witness.Defect, mk *ssa.MakeChan) bool {
	m := modelOf(v.pkg, v.now(mk.Parent()))
	made := sameMake(v.from.Funcs, v.pkg.Funcs, mk)
	tag := tagOf(m, made)
	if made == nil || tag == 0 {
		return false
	}
	index := source.NewIndex(v.files)
	contextOf := func(cs model.Case) *types.Var {
		site, ok := m.Site(cs.Tag)
		if !ok || !cs.Env || cs.Send {
			return nil
		}
		return doneOf(v.info, index.Node(site.Pos))
	}
	regs := flow(m.Program, func(n *model.Node) bool { return n.Op == model.Make && n.Tag == tag })
	ctx, sends := givesUp(m, regs, v.now(d.Op.Fn), contextOf)
	if !sends {
		return false
	}
	p := m.Program
	if ctx != nil {
		p = together(m, func(cs model.Case) bool { return contextOf(cs) == ctx })
		regs = flow(p, func(n *model.Node) bool { return n.Op == model.Make && n.Tag == tag })
	}
	return !strands(p, m.Env, regs)
}

// givesUp returns the context from outside for which the sends in fn give up,
// or nil. ok is false if there are none.
func givesUp(m *build.Model, regs [][]bool, fn *ssa.Function, contextOf func(model.Case) *types.Var) (ctx *types.Var, ok bool) {
	nodes(m, func(i int, n *model.Node) {
		site, _ := m.Site(n.Tag)
		if n.Op != model.Select || site.Fn != fn {
			return
		}
		for _, cs := range n.Cases {
			ok = ok || cs.Send && !cs.Env && regs[i][cs.Ref]
		}
		for _, cs := range n.Cases {
			if got := contextOf(cs); got != nil {
				ctx = got
			}
		}
	})
	return ctx, ok
}

// strands reports whether a goroutine may be stuck at the channel that regs
// hold, at whatever cost.
func strands(p *model.Program, env int, regs [][]bool) bool {
	for _, vars := range witness.Assignments(len(p.Vars)) {
		res, ok := explored(p, vars)
		if !ok {
			return true
		}
		for _, s := range res.Stuck {
			if s.Proc < env && touches(&p.Procs[s.Proc].Nodes[s.Node], regs[s.Proc]) {
				return true
			}
		}
	}
	return false
}

// touches reports whether n waits for a primitive in one of the registers.
func touches(n *model.Node, regs []bool) bool {
	if n.Op != model.Select {
		return regs[n.Ref]
	}
	for _, cs := range n.Cases {
		if !cs.Env && regs[cs.Ref] {
			return true
		}
	}
	return false
}

// together returns the program with one context in the place of the cases of
// the environment that belong to it: it ends at some moment, for all of them, or
// never.
func together(m *build.Model, belongs func(model.Case) bool) *model.Program {
	p := clone(m.Program)
	context := len(p.Procs)
	for i, proc := range p.Procs[:m.Env] {
		done := proc.Refs
		proc.Refs++
		for j := range proc.Nodes {
			n := &proc.Nodes[j]
			if n.Op == model.Spawn && n.Proc < m.Env {
				n.Args = append(n.Args, model.Arg{From: done, To: m.Program.Procs[n.Proc].Refs})
			}
			for k, cs := range n.Cases {
				if belongs(cs) {
					n.Cases[k] = model.Case{Ref: done, Closed: n.Succ[k], Tag: cs.Tag}
				}
			}
		}
		if i == 0 {
			entry := len(proc.Nodes)
			proc.Nodes = append(proc.Nodes,
				model.Node{Op: model.Make, Dst: done, Succ: []int{entry + 1}},
				model.Node{Op: model.Spawn, Proc: context, Args: []model.Arg{{From: done}}, Succ: []int{proc.Entry}})
			proc.Entry = entry
		}
	}
	p.Procs = append(p.Procs, &model.Proc{Name: "context", Refs: 1, Nodes: []model.Node{
		{Op: model.Choose, Succ: []int{1, 2}},
		{Op: model.Cancel, Succ: []int{2}},
		{Op: model.End},
	}})
	return p
}

// sameMake returns the make that mk has become: the one with its number in its
// function.
func sameMake(from, to []*ssa.Function, mk *ssa.MakeChan) *ssa.MakeChan {
	for i, fn := range from {
		if fn != mk.Parent() {
			continue
		}
		nth := 0
		for _, other := range makes(fn) {
			if other == mk {
				break
			}
			nth++
		}
		if now := makes(to[i]); nth < len(now) {
			return now[nth]
		}
	}
	return nil
}

func makes(fn *ssa.Function) []*ssa.MakeChan {
	var out []*ssa.MakeChan
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if mk, ok := instr.(*ssa.MakeChan); ok {
				out = append(out, mk)
			}
		}
	}
	return out
}
