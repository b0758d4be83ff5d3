package repair

import (
	"math"
	"slices"

	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/model"
)

// clone returns a copy of p whose nodes can be changed.
func clone(p *model.Program) *model.Program {
	out := &model.Program{Vars: p.Vars}
	for _, proc := range p.Procs {
		c := *proc
		c.Nodes = slices.Clone(proc.Nodes)
		for i := range c.Nodes {
			n := &c.Nodes[i]
			n.Succ = slices.Clone(n.Succ)
			n.Cases = slices.Clone(n.Cases)
			n.Args = slices.Clone(n.Args)
		}
		out.Procs = append(out.Procs, &c)
	}
	return out
}

// maxStates and maxBytes bound one exploration. Fixes are rare, so they may take more
// than a search for defects.
const (
	maxStates = 20000
	maxBytes  = 8 << 20
)

// waits reports whether a send on the channel may have to wait if the channel
// has the given capacity. The program is explored with a trap, an operation that
// panics, behind every send that finds the buffer full. ok is false if that
// takes too long.
func (u *usage) waits(capacity int, vars []int) (trapped, ok bool) {
	p := clone(u.m.Program)
	traps := map[[2]int]bool{}
	for i, proc := range p.Procs[:u.m.Env] {
		nothing := proc.Refs // a register that is never assigned
		proc.Refs++
		for j := range proc.Nodes {
			n := &proc.Nodes[j]
			switch {
			case n.Op == model.Make && n.Tag == u.tag:
				n.Expr = model.Expr{Const: capacity}
			case n.Op == model.Send && u.regs[i][n.Ref]:
				trap := len(proc.Nodes)
				traps[[2]int{i, trap}] = true
				*n = model.Node{
					Op: model.Select, Default: true, Succ: []int{n.Succ[0], trap}, Tag: n.Tag,
					Cases: []model.Case{{Send: true, Ref: n.Ref, Payload: n.Payload, Tag: n.Tag}},
				}
				proc.Nodes = append(proc.Nodes, model.Node{Op: model.Close, Ref: nothing, Succ: []int{trap}})
			}
		}
	}
	res, ok := explored(p, vars)
	if !ok {
		return false, false
	}
	for _, hit := range res.Panics {
		if hit.Kind == explore.CloseNil && traps[[2]int{hit.Proc, hit.Node}] {
			return true, true
		}
	}
	return false, true
}

// explored explores p whatever it costs: what is missing from the result cannot
// happen. ok is false if that takes too long.
func explored(p *model.Program, vars []int) (res *explore.Result, ok bool) {
	engine, err := explore.Prepare(p)
	if err != nil {
		return nil, false
	}
	res = engine.Explore(explore.Options{Vars: vars, MaxStates: maxStates, MaxBytes: maxBytes, MaxCost: math.MaxInt})
	return res, !res.Over && res.Unsure == 0
}
