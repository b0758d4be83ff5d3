package witness

import (
	"cmp"
	"slices"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/report"
)

// likelyDefects explores once more what a certain verdict leaves aside, and
// returns the defects that this adds, sorted by position.
func (r *Result) likelyDefects(pkg *chanssa.Package) []*Defect {
	if pkg.SSA == nil {
		return nil
	}
	var out []*Defect
	for _, d := range r.afterFailure(build.New(pkg)) {
		same := func(o *Defect) bool { return o.Op.Pos == d.Op.Pos }
		if !slices.ContainsFunc(r.Defects, same) && !slices.ContainsFunc(out, same) {
			d.Confidence = report.Likely
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y *Defect) int { return cmp.Compare(x.Op.Pos, y.Op.Pos) })
	return out
}

// afterFailure returns the sends that stay blocked when a test has failed and
// stopped. The run of tests is red then, and a goroutine that is left behind is
// the smaller trouble; but it lives on into the tests that follow, with all that
// it holds. What waits to be told to end is of no interest: that a test which
// fails tells nobody is usual, and meant.
func (r *Result) afterFailure(b *build.Builder) []*Defect {
	again := &Result{extended: maxExtended}
	roots := newRoots()
	var out []*Defect
	for _, fn := range r.failing {
		attempts := roots.attempts(fn)
		for i := range attempts {
			attempts[i].Failures = true
		}
		for _, d := range again.root(b, fn, attempts) {
			if d.Op.Kind == build.SiteSend && d.Kind == Blocked && (d.failed() || d.Left != nil && d.failedAt.IsValid()) && !d.InRoot() {
				out = append(out, d)
			}
		}
	}
	return out
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
