package explore

import (
	"cmp"
	"slices"
)

// sort fills c.order with the instances that are not gone, in an order that
// depends, as far as a cheap refinement can tell, on the shape of the state and not
// on how instances and primitives are numbered. Instances that the refinement
// cannot tell apart keep their order: then two symmetric states may stay two.
func (c *coder) sort(s *state) {
	c.order = c.order[:0]
	for i := range s.insts {
		if s.insts[i].flag&flagGone == 0 {
			c.order = append(c.order, i)
		}
	}
	c.colorPrims(s)
	c.colorInsts(s)
	c.arrange(s)
	if c.ties(s) {
		c.refine(s)
		c.colorInsts(s)
		c.arrange(s)
	}
}

func (c *coder) arrange(s *state) {
	slices.SortStableFunc(c.order, func(a, b int) int {
		x, y := &s.insts[a], &s.insts[b]
		if d := cmp.Compare(x.proc, y.proc); d != 0 {
			return d
		}
		if d := cmp.Compare(x.node, y.node); d != 0 {
			return d
		}
		return cmp.Compare(c.color[a], c.color[b])
	})
}

// ties reports whether two neighbours have one colour but different registers.
func (c *coder) ties(s *state) bool {
	for k := 1; k < len(c.order); k++ {
		a, b := c.order[k-1], c.order[k]
		if c.color[a] != c.color[b] {
			continue
		}
		x, y := &s.insts[a], &s.insts[b]
		for _, r := range c.e.live[x.proc][x.node] {
			if s.regs[x.reg+r] != s.regs[y.reg+r] {
				return true
			}
		}
	}
	return false
}

// colorPrims colours primitives by their own content.
func (c *coder) colorPrims(s *state) {
	c.pcolor = c.pcolor[:0]
	for i := range s.prims {
		p := &s.prims[i]
		h := mix(uint64(p.kind)<<8|uint64(p.writer)<<1|uint64(boolByte(p.closed)), uint64(p.cap))
		h = mix(h, uint64(p.n))
		for _, m := range p.queue {
			if m.ref {
				h = mix(h, 0x5bd1e995)
			} else {
				h = mix(h, uint64(m.val))
			}
		}
		c.pcolor = append(c.pcolor, h)
	}
}

// colorInsts colours instances by where they stand and what they refer to.
func (c *coder) colorInsts(s *state) {
	c.color = c.color[:0]
	for i := range s.insts {
		in := &s.insts[i]
		if in.flag&flagGone != 0 {
			c.color = append(c.color, 0)
			continue
		}
		h := mix(uint64(in.proc)<<32|uint64(in.node), uint64(in.flag))
		refs := c.e.p.Procs[in.proc].Refs
		for _, r := range c.e.live[in.proc][in.node] {
			v := uint64(s.regs[in.reg+r])
			if int(r) < refs && v != 0 {
				v = c.pcolor[v-1]
			}
			h = mix(h, v)
		}
		c.color = append(c.color, h)
	}
}

// refine colours primitives by who refers to them, and from which queue.
func (c *coder) refine(s *state) {
	next := slices.Clone(c.pcolor)
	for i := range s.insts {
		in := &s.insts[i]
		if in.flag&flagGone != 0 {
			continue
		}
		refs := c.e.p.Procs[in.proc].Refs
		for _, r := range c.e.live[in.proc][in.node] {
			if v := s.regs[in.reg+r]; int(r) < refs && v != 0 {
				next[v-1] += mix(c.color[i], uint64(r)+1)
			}
		}
	}
	for i := range s.prims {
		for k, m := range s.prims[i].queue {
			if m.ref && m.val != 0 {
				next[m.val-1] += mix(c.pcolor[i], uint64(k)+1)
			}
		}
	}
	copy(c.pcolor, next)
}

// mix is a step of a fixed hash: the order of states must not change from run to
// run.
func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// number gives the primitives that a live register or a reachable queue names
// their canonical numbers, in the order of first reference.
func (c *coder) number(s *state) {
	c.pnew = append(c.pnew[:0], make([]int, len(s.prims))...)
	c.pold = c.pold[:0]
	for _, i := range c.order {
		in := &s.insts[i]
		refs := c.e.p.Procs[in.proc].Refs
		for _, r := range c.e.live[in.proc][in.node] {
			if int(r) < refs {
				c.name(s.regs[in.reg+r])
			}
		}
	}
	for k := 0; k < len(c.pold); k++ {
		for _, m := range s.prims[c.pold[k]].queue {
			if m.ref {
				c.name(m.val)
			}
		}
	}
}

func (c *coder) name(ref int) {
	if ref != 0 && c.pnew[ref-1] == 0 {
		c.pold = append(c.pold, ref-1)
		c.pnew[ref-1] = len(c.pold)
	}
}
