package witness

import (
	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/explore"
)

// rootCauses keeps one defect of those that explain each other: goroutines that
// wait for each other are one deadlock.
func rootCauses(o *origins, defects []*Defect) []*Defect {
	drop := map[*Defect]bool{}
	for _, d := range defects {
		for _, other := range defects {
			if d != other && !drop[other] && o.explains(other, d) {
				drop[d] = true
			}
		}
	}
	var out []*Defect
	for _, d := range defects {
		if !drop[d] {
			out = append(out, d)
		}
	}
	return out
}

// explains reports whether d need not be reported beside cause.
func (o *origins) explains(cause, d *Defect) bool {
	if cause.Kind == Panics || d.Kind == Panics {
		return explainsPanic(cause, d)
	}
	if o.waitsTooSoon(cause, d) && !o.waitsTooSoon(d, cause) {
		return true
	}
	if !stuckWith(d, cause) && !stuckWith(cause, d) {
		return false
	}
	// A goroutine that holds a lock is the cause, one that waits for it is not,
	// unless it holds it itself.
	if lock, dLock := cause.Op.Kind == build.SiteLock, d.Op.Kind == build.SiteLock; lock != dLock {
		return dLock != (o.onlyItself(cause) || o.onlyItself(d))
	}
	// Waiting before serving is the cause; the goroutine not served is not.
	causeOrder, dOrder := o.waitsTooSoon(cause, d), o.waitsTooSoon(d, cause)
	if causeOrder != dOrder {
		return causeOrder
	}
	if wait, dWait := cause.Op.Kind == build.SiteWait, d.Op.Kind == build.SiteWait; wait != dWait {
		return dWait
	}
	// Whom the stuck could have served is not the cause; the stuck is.
	causeServes, dServes := o.servedBy(d, cause), o.servedBy(cause, d)
	if causeServes != dServes {
		return causeServes
	}
	if cause.InRoot() != d.InRoot() {
		return d.InRoot() != cause.Locked
	}
	return cause.Op.Pos < d.Op.Pos
}

// onlyItself reports whether d waits for a lock that only its own goroutine gives
// up.
func (o *origins) onlyItself(d *Defect) bool {
	if d.Op.Kind != build.SiteLock {
		return false
	}
	partners := o.partners(d.proc, &d.model.Program.Procs[d.proc].Nodes[d.node])
	return len(partners) == 1 && partners[d.proc]
}

// stuckWith reports whether other is stuck, at its place, in d's witness.
func stuckWith(d, other *Defect) bool {
	for _, b := range d.blocked {
		if b.Proc == other.proc && b.Node == other.node {
			return true
		}
	}
	return false
}

// servedBy reports whether d's operation waits for what the goroutine that is
// stuck in by might have done.
func (o *origins) servedBy(d, by *Defect) bool {
	return d.model == by.model && o.partners(d.proc, &d.model.Program.Procs[d.proc].Nodes[d.node])[by.proc]
}

// waitsTooSoon reports whether a waits for a group, and would serve b after it.
func (o *origins) waitsTooSoon(a, b *Defect) bool {
	if a.Op.Kind != build.SiteWait || a.model != b.model {
		return false
	}
	n := &b.model.Program.Procs[b.proc].Nodes[b.node]
	return o.follows(a.proc, a.node, b.proc, n)
}

// explainsPanic reports whether the panic d is another face of the panic cause:
// the same two operations the other way round, or a send after a close that is
// itself one too many.
func explainsPanic(cause, d *Defect) bool {
	if cause.Kind != Panics || d.Kind != Panics {
		return false
	}
	switch {
	case cause.Panic == explore.CloseClosed && d.Panic == explore.CloseClosed:
		return cause.Op.Pos == d.By.Pos && cause.By.Pos == d.Op.Pos && cause.Op.Pos > d.Op.Pos
	case cause.Panic == explore.CloseClosed && d.Panic == explore.SendClosed:
		return d.By.Pos == cause.Op.Pos || d.By.Pos == cause.By.Pos
	case cause.Panic == explore.SendClosed && d.Panic == explore.SendClosed:
		return d.By.Pos == cause.By.Pos && cause.Op.Pos < d.Op.Pos && d.Op.Fn == cause.Op.Fn
	}
	return false
}
