package witness

import (
	"cmp"
	"slices"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/report"
)

// likelyCost is how much a likely witness may lean on: two unknown conditions.
const likelyCost = 2

// likelyDefects explores once more the functions of which a certain verdict
// leaves something aside, and returns the defects that this adds, sorted by
// position. What is left aside are witnesses that lean on two conditions, or on
// the state of objects, and what happens after a test has failed.
func (r *Result) likelyDefects(pkg *chanssa.Package) []*Defect {
	if pkg.SSA == nil {
		return nil
	}
	again := &Result{maxCost: likelyCost, extended: maxExtended}
	b, roots := build.New(pkg), newRoots()
	var out []*Defect
	for _, fn := range r.leads {
		attempts := roots.attempts(fn)
		for i := range attempts {
			attempts[i].Likely = true
		}
		found, _ := again.root(b, fn, attempts)
		for _, d := range found {
			same := func(o *Defect) bool { return o.Op.Pos == d.Op.Pos }
			if d.isLikely() && !slices.ContainsFunc(r.Defects, same) && !slices.ContainsFunc(out, same) {
				d.Confidence = report.Likely
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, func(x, y *Defect) int { return cmp.Compare(x.Op.Pos, y.Op.Pos) })
	return out
}

// isLikely reports whether a maintainer would want to know. What waits to be told
// something, or for others to be done, is usually right to rely on it. A send that
// finds no receiver is of interest even when a test has failed: it lives on into
// the tests that follow, with all that it holds.
func (d *Defect) isLikely() bool {
	if d.Kind != Blocked || d.Op.Kind != build.SiteSend {
		return false
	}
	if d.failed() || d.failedAt.IsValid() {
		return !d.InRoot() && d.Left != nil && d.cost <= maxCost
	}
	return d.leansAlone()
}

// leansAlone reports whether all conditions that the witness leans on are of one
// goroutine. Where two goroutines ask, they may well ask for the same.
func (d *Defect) leansAlone() bool {
	who := -1
	for _, st := range d.trace {
		switch {
		case st.Cost == 0:
		case who >= 0 && who != st.Goroutine:
			return false
		default:
			who = st.Goroutine
		}
	}
	return true
}

// failed reports whether the other side left by failing the test.
func (d *Defect) failed() bool { return d.Left != nil && d.Left.Failed.Instr != nil }

// likelyBlocked is [Result.Blocked] for what is likely only.
func (r *Result) likelyBlocked(kinds ...build.SiteKind) []*Defect {
	if r.likely == nil {
		return nil
	}
	return blockedOf(r.likely(), kinds)
}
