package witness

import (
	"go/token"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/model"
)

// A How is what an event makes of the operation at its site.
type How uint8

const (
	Does         How = iota // it is completed
	FindsClosed             // it receives nothing: the channel is closed
	TakesCase               // the environment lets this case of a select proceed
	TakesDefault            // no case of the select can proceed
	Returns                 // the goroutine ends
	Blocks                  // it never completes: the last event of a goroutine
	Dies                    // it panics
)

// An Event is one step of a witness.
type Event struct {
	Goroutine int // 0 is the function that was explored
	Site      build.Site
	Pos       token.Pos
	How       How
	// Other is the other goroutine of an unbuffered communication or of a go
	// statement, or -1.
	Other int
	prim  int // the primitive acted on or made, by its make; 0 if none is known
}

// Story tells the interleaving of the witness, in order, ending with the
// operation that blocks or panics. It leaves out the goroutines that have
// nothing to do with it, and of the others what is of no consequence.
func (d *Defect) Story() []Event {
	all := d.events()
	concerned := d.concerned(all)
	acted := map[int]bool{}
	keep := func(e *Event) bool {
		switch {
		case !concerned[e.Goroutine]:
			return false
		case e.How >= Blocks:
			return true
		}
		switch e.Site.Kind {
		case build.SiteSpawn:
			return concerned[e.Other]
		case build.SiteMake:
			return acted[e.prim]
		case build.SiteAdd, build.SiteLock, build.SiteUnlock:
			return d.awaits[e.prim]
		case build.SiteOnce:
			return false
		}
		return true
	}
	// Backwards, to know whether anything acts on what is made.
	var out []Event
	for i := len(all) - 1; i >= 0; i-- {
		if e := &all[i]; keep(e) {
			acted[e.prim] = true
			out = append(out, *e)
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// events returns all events of the trace and how it ends.
func (d *Defect) events() []Event {
	var out []Event
	made := map[int]int{} // by primitive of the trace: the tag of its make
	for _, st := range d.trace {
		node := &d.model.Program.Procs[st.Proc].Nodes[st.Node]
		if node.Op == model.Make {
			made[st.Prim] = node.Tag
		}
		if e, ok := d.event(st, node); ok {
			e.prim = made[st.Prim]
			out = append(out, e)
		}
	}
	last := Event{Goroutine: d.goroutine, Site: d.Op, Pos: d.Op.Pos, How: Blocks, Other: -1, prim: d.waitsFor(d.proc, d.node)}
	if d.Kind == Panics {
		last.How = Dies
		if n := len(out); n > 0 { // the trace ends with the operation itself
			last.prim, out = out[n-1].prim, out[:n-1]
		}
		return append(out, last)
	}
	for i, b := range d.blocked {
		out = append(out, Event{Goroutine: b.Goroutine, Site: d.Also[i], Pos: d.Also[i].Pos, How: Blocks, Other: -1, prim: d.waitsFor(b.Proc, b.Node)})
	}
	return append(out, last)
}

// event returns what a step stands for; ok is false for steps without a place
// in the source and for those of the environment.
func (d *Defect) event(st explore.Step, node *model.Node) (e Event, ok bool) {
	if st.Proc >= d.model.Env || node.Op == model.Finish {
		return e, false
	}
	tag := node.Tag
	if node.Op == model.Select && st.Case < len(node.Cases) {
		tag = node.Cases[st.Case].Tag
	}
	site, ok := d.model.Site(tag)
	if !ok {
		return e, false
	}
	e = Event{Goroutine: st.Goroutine, Site: site, Pos: site.Pos, Other: st.Peer - 1}
	switch {
	case node.Op == model.End:
		e.Pos, e.How = returnPos(d.model.Fns[st.Proc], site), Returns
	case node.Op == model.Select && st.Case >= len(node.Cases):
		e.How = TakesDefault
	case node.Op == model.Select && node.Cases[st.Case].Env:
		e.How = TakesCase
	case st.Closed:
		e.How = FindsClosed
	}
	return e, true
}

// concerned returns the goroutines that the defect is about: those that never
// proceed, those that could have served them, the function explored, and those
// that started one of these, met it, or closed what it found closed.
func (d *Defect) concerned(all []Event) map[int]bool {
	in := map[int]bool{0: true, d.goroutine: true}
	for _, b := range d.blocked {
		in[b.Goroutine] = true
	}
	for _, st := range d.trace {
		if st.Proc < d.model.Env && d.partners[st.Proc] {
			in[st.Goroutine] = true
		}
	}
	closed := map[int]bool{}
	for n := 0; n != len(in)+len(closed); {
		n = len(in) + len(closed)
		for i := range all {
			e := &all[i]
			switch {
			case d.awaits[e.prim], e.Site.Kind == build.SiteSpawn && in[e.Other], closes(e.Site) && closed[e.prim]:
				in[e.Goroutine] = true
			case in[e.Goroutine] && e.How == FindsClosed:
				closed[e.prim] = true
			case in[e.Goroutine] && e.Site.Kind != build.SiteSpawn && e.Other >= 0:
				in[e.Other] = true
			}
		}
	}
	return in
}

// closes reports whether the operation closes a channel, as a context's cancel
// function does.
func closes(s build.Site) bool { return s.Kind == build.SiteClose || s.Kind == build.SiteCancel }

// await fills in which primitives the goroutines that never proceed wait for.
func (d *Defect) await(o *origins) {
	d.awaits, d.waits = map[int]bool{}, map[[2]int]int{}
	wait := func(proc, node int) {
		n := &d.model.Program.Procs[proc].Nodes[node]
		set := o.sets[proc][n.Ref]
		if n.Op == model.Select {
			set = map[int]bool{}
			for _, cs := range n.Cases {
				if !cs.Env {
					include(set, o.sets[proc][cs.Ref])
				}
			}
		}
		for tag := range set {
			d.awaits[tag] = true
			if len(set) == 1 {
				d.waits[[2]int{proc, node}] = tag
			}
		}
	}
	wait(d.proc, d.node)
	for _, b := range d.blocked {
		wait(b.Proc, b.Node)
	}
}

// waitsFor returns the primitive that a blocked operation waits for, by its make,
// or 0 if that is not one alone.
func (d *Defect) waitsFor(proc, node int) int { return d.waits[[2]int{proc, node}] }

// branch returns the select case by which the other side left, if the witness
// has one.
func (d *Defect) branch() (e Event, ok bool) {
	story := d.events()
	for i := len(story) - 1; i >= 0; i-- {
		if e := story[i]; e.How == TakesCase || e.How == TakesDefault {
			return e, true
		}
	}
	return e, false
}
