package main

import (
	"path/filepath"
	"slices"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A hit says how well a program's leak was found.
type hit string

const (
	atOp    hit = "op"    // a report stands at a blocked operation, or names its line
	atCause hit = "cause" // a report stands elsewhere in the very function that leaks
	late    hit = "late"  // only a goroutine is reported that blocks in consequence
	miss    hit = "-"
	absent  hit = "absent" // the program is not in the Go distribution, and -gobench is not given
)

// found reports whether the hit counts.
func (h hit) found() bool { return h == atOp || h == atCause }

// A finding is a report of chanlint in the terms of the truth table.
type finding struct {
	check   string
	message string
	at      place
	names   []place // what its message and its related positions point to
	inside  string  // innermost function around it
	panics  bool    // it predicts a panic: never the discovery of what blocks
}

// newFinding turns a diagnostic into a finding.
func newFinding(d vetrun.Diagnostic, functions []function) *finding {
	f := &finding{
		check:   d.Check,
		message: d.Message,
		at:      place{filepath.Base(d.File), d.Line},
		panics:  d.PredictsPanic(),
	}
	f.inside = innermost(functions, f.at)
	for _, m := range d.Mentions() {
		f.names = append(f.names, place{filepath.Base(m.File), m.Line})
	}
	return f
}

// match says how a finding meets one blocked goroutine of a program.
func match(f finding, p program, b blocked) hit {
	if p.suite != "goker-misuse" && f.panics {
		return miss
	}
	for _, pl := range b.places {
		if f.at == pl || slices.Contains(f.names, pl) {
			return atOp
		}
	}
	if f.at.file == p.file && b.function != "" && f.inside == b.function {
		return atCause
	}
	return miss
}

// score returns the best hit of all findings on a program, and the findings
// that met any of its goroutines, consequences included.
func score(p program, findings []*finding) (best hit, met []*finding) {
	best = miss
	for _, f := range findings {
		h := meet(*f, p)
		if h != miss {
			met = append(met, f)
		}
		best = better(best, h)
	}
	return best, met
}

// meet says how a finding meets a program. Whatever meets a goroutine that is
// blocked in consequence is late; and a report at the line of such a goroutine
// says nothing of the cause, even if the same function holds both.
func meet(f finding, p program) hit {
	h, cause := miss, true
	for _, b := range p.blocked {
		m := match(f, p, b)
		if b.consequence && m != miss {
			m = late
			cause = cause && !slices.Contains(b.places, f.at)
		}
		h = better(h, m)
	}
	if h == atCause && !cause {
		return late
	}
	return h
}

// A result is how one program fared.
type result struct {
	program program
	hit     hit
	met     []*finding
}

// scoreAll scores every program by the findings in the folder that holds it.
// A program that no folder holds is absent. A finding at a judged place is
// about something that the table does not list, and finds no program.
func scoreAll(programs []program, folders []folder, findings [][]*finding, judged map[place]tsv.Row) []result {
	var results []result
	for _, p := range programs {
		r := result{program: p, hit: absent}
		for i, f := range folders {
			if f.holds(p) {
				r.hit, r.met = score(p, listed(findings[i], judged))
			}
		}
		results = append(results, r)
	}
	return results
}

// listed returns the findings at places that are not judged.
func listed(findings []*finding, judged map[place]tsv.Row) []*finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f *finding) bool {
		_, ok := judged[f.at]
		return ok
	})
}

// unmet returns the findings that met no program.
func unmet(findings [][]*finding, results []result) []*finding {
	met := make(map[*finding]bool)
	for _, r := range results {
		for _, f := range r.met {
			met[f] = true
		}
	}
	var extra []*finding
	for _, list := range findings {
		for _, f := range list {
			if !met[f] {
				extra = append(extra, f)
			}
		}
	}
	return extra
}

// better returns the better of two hits.
func better(a, b hit) hit {
	order := []hit{miss, late, atCause, atOp}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
