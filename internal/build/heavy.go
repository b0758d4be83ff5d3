package build

import (
	"golang.org/x/tools/go/ssa"
)

// What makes a model too large is mostly a few calls that have little to do with
// what the root is about. They are not followed then, so that the rest can be.
const (
	// maxCuts is how often a model is built anew without its largest calls.
	maxCuts = 2

	// heavyShare is the part of a model that a call has to make up to be left out.
	heavyShare = 8

	// oftenCut is how many models of a package have done better without a function
	// when the others are built without it from the start.
	oftenCut = 2
)

// heavy adds to the cut the functions whose calls, as far as the model was built,
// take a large part of it, and do not owe that to another such call. It reports
// whether there are any.
func (b *builder) heavy() bool {
	total := map[*frame]int{}
	for _, f := range b.frames {
		for at := f; at != nil; at = at.parent {
			total[at] += f.nodes
		}
	}
	limit := b.limit / heavyShare
	above := map[*frame]bool{}
	for _, f := range b.frames {
		if f.parent != nil && total[f] >= limit {
			above[f.parent] = true
		}
	}
	found := false
	for _, f := range b.frames {
		if f.parent != nil && total[f] >= limit && !above[f] && !b.cut[f.fn] {
			b.cut[f.fn] = true
			found = true
		}
	}
	return found
}

// newCut returns the functions that no call is followed to.
func (x *Builder) newCut() map[*ssa.Function]bool {
	cut := map[*ssa.Function]bool{}
	for fn, n := range x.cuts {
		if n >= oftenCut {
			cut[fn] = true
		}
	}
	return cut
}
