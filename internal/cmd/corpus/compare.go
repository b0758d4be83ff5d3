package main

import (
	"cmp"
	"slices"
)

// A comparison is what a run says about the ledger. Every report of the run
// and every entry of the corpora that ran is in exactly one of its lists,
// except that an unjudged entry that matches a report is in two.
type comparison struct {
	matched  []entry // reported and in the ledger, with the line of this run
	unjudged []entry // those of matched that nobody has judged
	fresh    []entry // reported, but not in the ledger
	vanished []entry // in the ledger as reported, but not reported
	back     []entry // in the ledger as gone, but reported
	gone     []entry // in the ledger as gone, and not reported
}

// ok reports whether the run and the ledger agree.
func (c comparison) ok() bool {
	return len(c.unjudged)+len(c.fresh)+len(c.vanished)+len(c.back) == 0
}

// compare matches the reports of a run with the ledger's entries for the
// corpora that ran. Reports and entries with the same key are paired in the
// order of their lines, entries that are expected first: so one more or one
// fewer report of the same wording in the same function is noticed.
func compare(reports []report, ledger []entry, ran map[string]bool) comparison {
	entries := make(map[key][]entry)
	for _, e := range ledger {
		if ran[e.corpus] {
			entries[e.key()] = append(entries[e.key()], e)
		}
	}
	found := make(map[key][]report)
	for _, r := range reports {
		found[r.key()] = append(found[r.key()], r)
	}
	var c comparison
	for k, rs := range found {
		c.pair(rs, entries[k])
		delete(entries, k)
	}
	for _, es := range entries {
		c.pair(nil, es)
	}
	for _, list := range []*[]entry{&c.matched, &c.unjudged, &c.fresh, &c.vanished, &c.back, &c.gone} {
		*list = sorted(*list)
	}
	return c
}

// pair distributes the reports and entries of one key.
func (c *comparison) pair(rs []report, es []entry) {
	slices.SortFunc(rs, func(a, b report) int { return cmp.Compare(a.line, b.line) })
	slices.SortStableFunc(es, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.state, a.state), cmp.Compare(a.line, b.line))
	})
	for i, r := range rs {
		if i >= len(es) {
			c.fresh = append(c.fresh, entry{report: r, verdict: unjudged, state: reported})
			continue
		}
		e := es[i]
		e.line = r.line
		if e.state == gone {
			c.back = append(c.back, e)
			continue
		}
		c.matched = append(c.matched, e)
		if e.verdict == unjudged {
			c.unjudged = append(c.unjudged, e)
		}
	}
	for _, e := range es[min(len(rs), len(es)):] {
		if e.state == gone {
			c.gone = append(c.gone, e)
		} else {
			c.vanished = append(c.vanished, e)
		}
	}
}

// update returns the ledger after a run: the entries that matched with their
// present lines, new reports as unjudged entries, everything else as it was.
// What vanished or came back stays for a person to decide.
func (c comparison) update(ledger []entry, ran map[string]bool) []entry {
	var out []entry
	for _, e := range ledger {
		if !ran[e.corpus] {
			out = append(out, e)
		}
	}
	for _, list := range [][]entry{c.matched, c.fresh, c.vanished, c.back, c.gone} {
		out = append(out, list...)
	}
	return sorted(out)
}
