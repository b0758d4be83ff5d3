package explore

import (
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// An Engine is a program prepared for exploration: what does not depend on the
// assignment of its variables is computed once. It is not modified by Explore.
type Engine struct {
	p *model.Program
	// live[proc][node] lists the registers whose value matters when control is at
	// the node, sorted: references first, then Refs + the index of an integer.
	live [][][]int32
	// label[proc][node] numbers the visible nodes, from 0; -1 for the others.
	label  [][]int32
	places []place
	// Whether some receive or read stores or compares an integer or a reference: if
	// none does, the contents of messages and cells do not matter.
	intPay, refPay bool
	mayPanic       bool
	cells          bool // some node uses a cell
}

// A place is a visible node.
type place struct{ proc, node int }

// Prepare checks a program and computes what all its explorations share. It
// returns the error of [Check].
func Prepare(p *model.Program) (*Engine, error) {
	if err := Check(p); err != nil {
		return nil, err
	}
	e := &Engine{p: p}
	e.label = make([][]int32, len(p.Procs))
	for i, proc := range p.Procs {
		e.label[i] = make([]int32, len(proc.Nodes))
		for n := range proc.Nodes {
			e.label[i][n] = -1
			if nd := &proc.Nodes[n]; nd.Op.Visible() {
				e.label[i][n] = int32(len(e.places))
				e.places = append(e.places, place{i, n})
				e.note(nd)
			}
		}
	}
	e.liveness()
	return e, nil
}

// note records which kinds of payload and of panic the program has.
func (e *Engine) note(nd *model.Node) {
	switch nd.Op {
	case model.Recv:
		e.notePayload(nd.Payload)
	case model.Read:
		e.cells = true
		e.notePayload(nd.Payload)
	case model.Write:
		e.cells = true
	case model.Exchange:
		e.cells, e.intPay = true, true
	case model.Close, model.Cancel, model.Unlock, model.RUnlock, model.Add:
		e.mayPanic = true
	case model.Select:
		for i := range nd.Cases {
			if !nd.Cases[i].Send {
				e.notePayload(nd.Cases[i].Payload)
			}
		}
	}
}

func (e *Engine) notePayload(p model.Payload) {
	e.intPay = e.intPay || p.Kind == model.PayInt
	e.refPay = e.refPay || p.Kind == model.PayRef
}

// liveness computes e.live: a register is live at a node if some path from there
// reads it for more than to compute a register that is dead. Arguments of a spawn
// are read only if they are live at the entry of the process, so the processes
// are solved together.
func (e *Engine) liveness() {
	sets := make([][][]bool, len(e.p.Procs))
	for i, proc := range e.p.Procs {
		sets[i] = make([][]bool, len(proc.Nodes))
		for n := range proc.Nodes {
			sets[i][n] = make([]bool, proc.Refs+proc.Ints)
		}
	}
	for changed := true; changed; {
		changed = false
		for i, proc := range e.p.Procs {
			for n := len(proc.Nodes) - 1; n >= 0; n-- {
				in := e.transfer(sets, i, &proc.Nodes[n])
				if !slices.Equal(in, sets[i][n]) {
					sets[i][n] = in
					changed = true
				}
			}
		}
	}
	e.live = make([][][]int32, len(sets))
	for i := range sets {
		e.live[i] = make([][]int32, len(sets[i]))
		for n, set := range sets[i] {
			for r, live := range set {
				if live {
					e.live[i][n] = append(e.live[i][n], int32(r))
				}
			}
		}
	}
}

// transfer returns the registers that are live before the node.
func (e *Engine) transfer(sets [][][]bool, proc int, nd *model.Node) []bool {
	refs := e.p.Procs[proc].Refs
	set := make([]bool, refs+e.p.Procs[proc].Ints)
	if nd.Op == model.Select {
		e.transferSelect(sets[proc], set, refs, nd)
		return set
	}
	for _, s := range nd.Succ {
		union(set, sets[proc][s])
	}
	if nd.Paid != 0 {
		set[refs+nd.Paid-1] = true
	}
	switch nd.Op {
	case model.End, model.Halt, model.Diverge:
		clear(set)
	case model.Make, model.Clear:
		set[nd.Dst] = false
	case model.Copy:
		used := set[nd.Dst]
		set[nd.Dst] = false
		set[nd.Ref] = set[nd.Ref] || used
	case model.IsNil:
		set[nd.Ref] = true
	case model.Set:
		set[refs+nd.Int] = false
	case model.CopyInt:
		used := set[refs+nd.Dst]
		set[refs+nd.Dst] = false
		set[refs+nd.Int] = set[refs+nd.Int] || used
	case model.Equal, model.Loop, model.Test:
		set[refs+nd.Int] = true
	case model.Spawn:
		callee := e.p.Procs[nd.Proc]
		entry := sets[nd.Proc][callee.Entry]
		for _, a := range nd.Args {
			if a.IsInt {
				set[refs+a.From] = set[refs+a.From] || entry[callee.Refs+a.To]
			} else {
				set[a.From] = set[a.From] || entry[a.To]
			}
		}
	case model.Send, model.Write, model.Exchange:
		e.read(set, refs, nd.Payload)
		set[nd.Ref] = true
	case model.Recv, model.Read:
		written(set, refs, nd.Payload)
		set[nd.Ref] = true
	default:
		if nd.Op.Visible() {
			set[nd.Ref] = true
		}
	}
	return set
}

// transferSelect adds what is live before a select: each case writes its payload
// on its own edges only.
func (e *Engine) transferSelect(nodes [][]bool, set []bool, refs int, nd *model.Node) {
	for i, s := range nd.Succ {
		out := slices.Clone(nodes[s])
		if i < len(nd.Cases) {
			c := &nd.Cases[i]
			if !c.Send && !c.Env {
				union(out, nodes[c.Closed])
			}
			if !c.Send {
				written(out, refs, c.Payload)
			}
		}
		union(set, out)
	}
	for i := range nd.Cases {
		c := &nd.Cases[i]
		if c.Env {
			continue
		}
		set[c.Ref] = true
		if c.Send {
			e.read(set, refs, c.Payload)
		}
	}
}

// read marks the register that a send reads, if any receive looks at it.
func (e *Engine) read(set []bool, refs int, p model.Payload) {
	switch {
	case p.Kind == model.PayInt && e.intPay:
		set[refs+p.Reg] = true
	case p.Kind == model.PayRef && e.refPay:
		set[p.Reg] = true
	}
}

// written unmarks the register that a receive writes.
func written(set []bool, refs int, p model.Payload) {
	switch p.Kind {
	case model.PayInt:
		set[refs+p.Reg] = false
	case model.PayRef:
		set[p.Reg] = false
	}
}

func union(dst, src []bool) {
	for i, b := range src {
		dst[i] = dst[i] || b
	}
}
