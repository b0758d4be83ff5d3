package build

import "github.com/chanlint/chanlint/internal/model"

// dropPayloads removes the payloads of sends on channels from which nobody
// takes one: what a message would have carried then need not be decided.
func dropPayloads(prog *model.Program) bool {
	c := newChannels(prog)
	received := map[int]bool{}
	c.each(func(proc, ref int, send bool, pay *model.Payload) {
		if !send && pay.Kind == model.PayInt {
			received[c.class(proc, ref)] = true
		}
	})
	changed := false
	c.each(func(proc, ref int, send bool, pay *model.Payload) {
		if send && (pay.Kind == model.PayInt || pay.Kind == model.PayConst) && !received[c.class(proc, ref)] {
			*pay = model.Payload{}
			changed = true
		}
	})
	return changed
}

// dropWrites removes the writes of cells that nobody reads, and the reads of cells
// that nobody writes.
func dropWrites(prog *model.Program) bool {
	if !hasCells(prog) {
		return false
	}
	c := newChannels(prog)
	read, written := map[int]bool{}, map[int]bool{}
	c.eachUse(func(proc int, n *model.Node) {
		class := c.class(proc, n.Ref)
		read[class] = read[class] || n.Op != model.Write
		written[class] = written[class] || n.Op != model.Read
	})
	changed := false
	c.eachUse(func(proc int, n *model.Node) {
		switch class := c.class(proc, n.Ref); {
		case n.Op == model.Write && !read[class]:
			skip(n)
			changed = true
		case n.Op == model.Read && !written[class] && n.Payload.Kind == model.PayInt:
			*n = model.Node{Op: model.Set, Int: n.Payload.Reg, Succ: n.Succ}
			changed = true
		}
	})
	return changed
}

func hasCells(prog *model.Program) bool {
	for _, p := range prog.Procs {
		for i := range p.Nodes {
			if n := &p.Nodes[i]; n.Op == model.Make && n.Prim == model.Cell {
				return true
			}
		}
	}
	return false
}

// channels partitions the reference registers of a program so that those which
// may name the same primitive are in one class, whatever the flow of control.
// Channels that travel in messages and cells are all in one class.
type channels struct {
	prog  *model.Program
	first []int // index of each process's first register
	up    []int // union-find
}

func newChannels(prog *model.Program) *channels {
	c := &channels{prog: prog}
	n := 1 // 0 is the class of the channels in messages
	for _, p := range prog.Procs {
		c.first = append(c.first, n)
		n += p.Refs
	}
	c.up = make([]int, n)
	for i := range c.up {
		c.up[i] = i
	}
	for i, p := range prog.Procs {
		for j := range p.Nodes {
			switch n := &p.Nodes[j]; n.Op {
			case model.Copy:
				c.unite(c.first[i]+n.Dst, c.first[i]+n.Ref)
			case model.Spawn:
				for _, a := range n.Args {
					if !a.IsInt {
						c.unite(c.first[n.Proc]+a.To, c.first[i]+a.From)
					}
				}
			}
		}
	}
	c.each(func(proc, _ int, _ bool, pay *model.Payload) {
		if pay.Kind == model.PayRef {
			c.unite(0, c.first[proc]+pay.Reg)
		}
	})
	c.eachUse(func(proc int, n *model.Node) {
		if n.Payload.Kind == model.PayRef {
			c.unite(0, c.first[proc]+n.Payload.Reg)
		}
	})
	return c
}

// eachUse calls f for every use of a cell.
func (c *channels) eachUse(f func(proc int, n *model.Node)) {
	for i, p := range c.prog.Procs {
		for j := range p.Nodes {
			switch n := &p.Nodes[j]; n.Op {
			case model.Read, model.Write, model.Exchange:
				f(i, n)
			}
		}
	}
}

// each calls f for every communication of the program.
func (c *channels) each(f func(proc, ref int, send bool, pay *model.Payload)) {
	for i, p := range c.prog.Procs {
		for j := range p.Nodes {
			n := &p.Nodes[j]
			if n.Op == model.Send || n.Op == model.Recv {
				f(i, n.Ref, n.Op == model.Send, &n.Payload)
			}
			for k := range n.Cases {
				if cs := &n.Cases[k]; !cs.Env {
					f(i, cs.Ref, cs.Send, &cs.Payload)
				}
			}
		}
	}
}

func (c *channels) class(proc, ref int) int { return c.find(c.first[proc] + ref) }

func (c *channels) find(i int) int {
	for c.up[i] != i {
		c.up[i] = c.up[c.up[i]]
		i = c.up[i]
	}
	return i
}

func (c *channels) unite(i, j int) { c.up[c.find(i)] = c.find(j) }
