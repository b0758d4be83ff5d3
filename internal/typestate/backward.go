package typestate

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// An awaited operation is one that is inevitable from a point on.
type awaited struct {
	place place.Place
	op    opKind
}

// A reason is where an awaited operation happens: at one of the sites,
// whichever path is taken.
type reason struct {
	sites   []siteAt // sorted by position, at most maxSites
	prompt  bool     // nothing can come before
	waited  bool     // this function may wait for something before
	byDefer bool
}

type siteAt struct {
	Site
	instr ssa.Instruction
}

// maxSites bounds how many places one inevitable operation may stand at.
const maxSites = 4

func (r reason) equal(s reason) bool {
	return r.prompt == s.prompt && r.waited == s.waited && r.byDefer == s.byDefer && slices.Equal(r.sites, s.sites)
}

// A future is the set of operations that are inevitable from a point on. The
// nil future stands for a point whose successors have not been looked at.
type future map[awaited]reason

// futures is the semilattice of futures: an operation is inevitable if it is
// on every path, and an unexplored path does not count.
type futures struct{}

func (futures) Ident() future { return nil }

func (futures) Equals(a, b future) bool {
	if (a == nil) != (b == nil) || len(a) != len(b) {
		return false
	}
	for k, r := range a {
		if s, ok := b[k]; !ok || !r.equal(s) {
			return false
		}
	}
	return true
}

func (futures) Merge(a, b future) future {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	m := future{}
	for k, r := range a {
		s, ok := b[k]
		if !ok {
			continue
		}
		sites := slices.Concat(r.sites, s.sites)
		slices.SortFunc(sites, compareSites)
		sites = slices.Compact(sites)
		if len(sites) <= maxSites {
			m[k] = reason{sites, r.prompt && s.prompt, r.waited || s.waited, r.byDefer || s.byDefer}
		}
	}
	return m
}

func compareSites(a, b siteAt) int {
	if a.Pos != b.Pos {
		return int(a.Pos - b.Pos)
	}
	if a.Inner != b.Inner {
		return int(a.Inner - b.Inner)
	}
	if c := int(a.How) - int(b.How); c != 0 {
		return c
	}
	if a.instr != b.instr { // two returns that run the same deferred call
		if c := a.instr.Block().Index - b.instr.Block().Index; c != 0 {
			return c
		}
	}
	return 0
}

// before returns the future before an effect, given the one after it. It may
// change f.
func (f future) before(paths *place.Paths, e effect) {
	switch e.kind {
	case define, allocate:
		f.dropRoot(e.dst.Root)
	case move:
		f.rename(paths, e.dst, e.src)
	case rebind:
		f.drop(func(p place.Place) bool { return p == e.dst })
		if e.dst.IsRegister() {
			f.dropRoot(e.dst.Root)
		}
	case kill:
		f.drop(func(p place.Place) bool { return p.Mem && e.match(p) })
	case operate:
		if e.dst.Valid() {
			f[awaited{e.dst, e.op}] = reason{sites: []siteAt{{e.site, e.instr}}, prompt: e.prompt, byDefer: e.byDefer}
		}
	case leave:
		f[awaited{op: opReturn}] = reason{sites: []siteAt{{Site{}, e.instr}}}
	case wait:
		for k, r := range f {
			r.prompt, r.waited = false, true
			f[k] = r
		}
	case doubt:
		for k, r := range f {
			if !dominatesAll(e.instr.Block(), r.sites) {
				delete(f, k)
			}
		}
	}
}

// dominatesAll reports whether all sites are reached through b only. A call in
// b that may not return must then return at times, or the sites would be dead.
func dominatesAll(b *ssa.BasicBlock, sites []siteAt) bool {
	for _, s := range sites {
		if !b.Dominates(s.instr.Block()) {
			return false
		}
	}
	return true
}

func (f future) drop(match func(place.Place) bool) {
	for k := range f {
		if k.place.Valid() && match(k.place) {
			delete(f, k)
		}
	}
}

func (f future) dropRoot(r ssa.Value) {
	f.drop(func(p place.Place) bool { return p.Root == r })
}

// rename takes f from after to before dst gets the value of src. What dst
// points to is reached through src before.
func (f future) rename(paths *place.Paths, dst, src place.Place) {
	moved := future{}
	for k, r := range f {
		switch {
		case k.place == dst:
			delete(f, k)
			moved[awaited{src, k.op}] = r
		case dst.IsRegister() && k.place.Root == dst.Root:
			delete(f, k)
			if k.place.Mem && src.Path.Depth()+k.place.Path.Depth() < maxPath {
				p := src
				if src.Mem {
					p.Path = paths.Join(paths.Append(src.Path, nil), k.place.Path)
				} else if src.Path == nil {
					p = place.Place{Root: src.Root, Path: k.place.Path, Mem: true}
				} else {
					continue
				}
				moved[awaited{p, k.op}] = r
			}
		}
	}
	for k, r := range moved {
		f[k] = r
	}
}

// phis takes f from the start of block b to the edge from its j-th
// predecessor.
func (f future) phis(b *ssa.BasicBlock, j int) {
	moved := future{}
	for k, r := range f {
		phi, ok := k.place.Root.(*ssa.Phi)
		if !ok || phi.Block() != b {
			continue
		}
		delete(f, k)
		if k.place.IsRegister() && j >= 0 {
			to := awaited{place.Register(phi.Edges[j]), k.op}
			if other, ok := moved[to]; !ok || compareSites(r.sites[0], other.sites[0]) < 0 {
				moved[to] = r // of two phis with one operand, whose operation comes first
			}
		}
	}
	for k, r := range moved {
		f[k] = r
	}
}
