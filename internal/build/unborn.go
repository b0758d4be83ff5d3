package build

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// Through a pointer in a shared variable a goroutine gets at objects that are made
// after it has started, which nobody could have handed to it. The primitives and
// cells of such an object are made before everything else instead, if it is one
// object and not one of many.

// bearEarly hoists or gives up what processes use although it may not be there yet
// when they start.
func (b *builder) bearEarly() {
	for _, p := range b.procs[1:] {
		for _, k := range p.importRefs {
			if b.unborn(p, k) {
				b.hoist(k)
			}
		}
		for _, k := range p.importInts {
			// Others are in registers for as long as what they belong to is known.
			if k.obj != nil && !strings.HasSuffix(k.path, "paid") && b.unborn(p, k) {
				b.hoist(k)
			}
		}
	}
}

// unborn reports whether p may be started before the owner of k has made it.
func (b *builder) unborn(p *proc, k regKey) bool {
	if b.hoisted[k.obj] || len(b.shared) == 0 {
		return false
	}
	for p.parent != nil && p.parent.entry != k.frame.owner {
		p = p.parent
	}
	owner := p.parent
	if owner == nil {
		return true // made by a goroutine that is no ancestor
	}
	return owner.withoutMaking(k, p.spawns)
}

// withoutMaking reports whether some way to one of the nodes leads past the making
// of k.
func (p *proc) withoutMaking(k regKey, to []int) bool {
	ref, isRef := p.refs[k]
	num, isInt := p.ints[k]
	made := false
	makes := func(n *model.Node) bool {
		return isRef && writesRef(n, ref) || isInt && n.Op == model.Set && n.Int == num
	}
	for i := range p.nodes {
		made = made || makes(&p.nodes[i])
	}
	return made && p.reaches([]int{0}, func(i int) (hit, stop bool) {
		return slices.Contains(to, i), makes(&p.nodes[i])
	})
}

// hoist has the object of k made at the start, or gives it up.
func (b *builder) hoist(k regKey) {
	switch {
	case k.obj == nil:
		if _, ok := k.val.(*ssa.MakeChan); ok {
			b.poison(k)
			return
		}
		b.shareNothing()
	case b.cellsToo && k.obj.frame.owner == b.rootFrame && !b.repeats(k.obj):
		b.hoisted[k.obj] = true
		b.again = true
	default:
		b.shareNothing()
	}
}

// hoistPrim notes that a primitive of a hoisted object is made at the start. One
// that is made twice is another one then.
func (b *builder) hoistPrim(k regKey, kind model.Prim, prim syncPrim, tag int) {
	if _, again := b.hoists[k]; again || prim == condVar {
		b.shareNothing()
		return
	}
	if prim != noPrim {
		b.hoists[k] = model.Node{Op: model.Make, Prim: kind, Tag: tag}
	}
}

// shareNothing gives up all shared variables of the model.
func (b *builder) shareNothing() {
	b.cellsToo = false
	b.again = true
	clear(b.hoisted)
	for k := range b.shared {
		b.poison(k)
	}
}

// makeHoisted has the root make the primitives and cells of hoisted objects first.
func (b *builder) makeHoisted() {
	root := b.procs[0]
	var early []regKey
	for k := range root.refs {
		if b.hoisted[k.obj] {
			early = append(early, k)
		}
	}
	slices.SortFunc(early, func(x, y regKey) int { return cmp.Compare(root.refs[x], root.refs[y]) })
	for _, k := range early {
		n, ok := b.hoists[k]
		if !ok {
			n = model.Node{Op: model.Make, Prim: model.Cell}
		}
		n.Dst, n.Succ = root.refs[k], slices.Clone(root.nodes[0].Succ)
		next := len(root.nodes)
		root.nodes = append(root.nodes, n)
		root.nodes[0].Succ = []int{next}
	}
}
