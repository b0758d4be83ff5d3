package repair

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/model"
)

// A usage is all that a model does with the channel of one make.
type usage struct {
	m     *build.Model
	tag   int                     // of the make
	regs  [][]bool                // by process: the registers that hold the channel
	procs map[int]bool            // that operate on the channel
	heard bool                    // whether anybody receives
	sends map[ssa.Instruction]int // with the process
	own   map[ssa.Instruction]bool
}

// usageOf returns what m does with the channel made by mk. It returns nil if
// that is not all: if a register holds this channel or another one, if a message
// carries it, if others may send on it, or if a select does.
func usageOf(m *build.Model, mk *ssa.MakeChan) *usage {
	if m == nil {
		return nil
	}
	u := &usage{m: m, tag: tagOf(m, mk), procs: map[int]bool{}, sends: map[ssa.Instruction]int{}, own: map[ssa.Instruction]bool{}}
	if u.tag == 0 {
		return nil
	}
	u.regs = flow(m.Program, func(n *model.Node) bool { return n.Op == model.Make && n.Tag == u.tag })
	others := flow(m.Program, func(n *model.Node) bool {
		return n.Op == model.Make && n.Tag != u.tag || n.Op == model.Recv && n.Payload.Kind == model.PayRef
	})
	for i, regs := range u.regs {
		for r, held := range regs {
			if held && others[i][r] {
				return nil
			}
		}
	}
	whole := true
	nodes(m, func(i int, n *model.Node) { whole = u.add(i, n) && whole })
	for i, p := range m.Program.Procs[m.Env:] {
		u.heard = u.heard || slices.Contains(u.regs[m.Env+i], true)
		whole = whole && !slices.ContainsFunc(p.Nodes, func(n model.Node) bool { return !u.harmless(m.Env+i, &n) })
	}
	if !whole {
		return nil
	}
	return u
}

// harmless reports whether what the environment does leaves the number of sends
// on the channel as it is.
func (u *usage) harmless(i int, n *model.Node) bool {
	switch n.Op {
	case model.Send:
		return !u.regs[i][n.Ref]
	case model.Select:
		return !slices.ContainsFunc(n.Cases, func(cs model.Case) bool { return cs.Send && u.regs[i][cs.Ref] })
	}
	return true
}

// add adds one node. It reports whether the operation can be followed.
func (u *usage) add(i int, n *model.Node) bool {
	site, _ := u.m.Site(n.Tag)
	switch n.Op {
	case model.Send:
		if n.Payload.Kind == model.PayRef && u.regs[i][n.Payload.Reg] {
			return false
		}
		if u.regs[i][n.Ref] {
			u.procs[i] = true
			u.sends[site.Instr] = i
			u.own[site.Instr] = true
		}
	case model.Recv, model.Close:
		if u.regs[i][n.Ref] {
			u.procs[i] = true
			u.heard = u.heard || n.Op == model.Recv
			u.own[site.Instr] = u.own[site.Instr] || n.Op == model.Close
		}
	case model.Select:
		for _, cs := range n.Cases {
			switch {
			case cs.Env:
			case cs.Send && (u.regs[i][cs.Ref] || cs.Payload.Kind == model.PayRef && u.regs[i][cs.Payload.Reg]):
				return false
			case u.regs[i][cs.Ref]:
				u.procs[i], u.heard = true, true
			}
		}
	}
	return true
}

// flow returns, by process, the reference registers that may hold what the nodes
// that are sources store.
func flow(p *model.Program, source func(*model.Node) bool) [][]bool {
	sets := make([][]bool, len(p.Procs))
	for i, proc := range p.Procs {
		sets[i] = make([]bool, proc.Refs)
	}
	changed := true
	set := func(i, reg int) {
		if !sets[i][reg] {
			sets[i][reg], changed = true, true
		}
	}
	for changed {
		changed = false
		for i, proc := range p.Procs {
			for j := range proc.Nodes {
				n := &proc.Nodes[j]
				switch {
				case source(n) && n.Op == model.Make:
					set(i, n.Dst)
				case source(n):
					set(i, n.Payload.Reg)
				case n.Op == model.Copy && sets[i][n.Ref]:
					set(i, n.Dst)
				case n.Op == model.Spawn:
					for _, a := range n.Args {
						if !a.IsInt && sets[i][a.From] {
							set(n.Proc, a.To)
						}
					}
				}
			}
		}
	}
	return sets
}
