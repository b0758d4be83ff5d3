package witness

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/model"
	"github.com/chanlint/chanlint/internal/report"
)

// A Kind is what becomes of the goroutine.
type Kind uint8

const (
	Blocked Kind = iota // it blocks forever
	Panics              // it panics
)

// A Defect is an operation that blocks forever or panics, with the
// interleaving that shows it.
type Defect struct {
	Kind       Kind
	Confidence report.Confidence
	Panic      explore.PanicKind // for Panics
	Op         build.Site        // the operation
	By         build.Site        // for a panic on a closed channel: the close
	Root       *ssa.Function     // the function whose exploration showed it
	Also       []build.Site      // what else is blocked then

	Made   token.Pos  // where the primitive is made, if one place is known
	Spawn  token.Pos  // the go statement of the goroutine; NoPos if it is the root's
	Left   *Departure // how the other side left; nil if it did not
	Peers  bool       // whether any operation of the model could have served this one
	Alone  bool       // whether only the root, which it is in itself, has such operations
	Locked bool       // whether another goroutine waits for a lock meanwhile

	// ByReceiver says, for a send on a closed channel, that the goroutine which
	// closes only ever receives.
	ByReceiver bool

	// Closed says that some goroutine closes the channel received from.
	Closed bool

	// TooSoon says, for a Wait, that the code behind it would have served what
	// is blocked as well.
	TooSoon bool

	// Concurrent says that the close before a panic is another goroutine's.
	Concurrent bool

	failedAt  token.Pos         // a call by which the test fails and goes on
	blocked   []explore.Blocked // parallel to Also
	model     *build.Model
	trace     []explore.Step
	cost      int // how much the trace leans on
	goroutine int
	proc      int
	node      int

	partners map[int]bool   // processes that could have served the operation
	awaits   map[int]bool   // what the blocked operations wait for, by make
	waits    map[[2]int]int // the same for each process and node, where it is one
}

// A Departure is the end of a goroutine that might have served the operation.
type Departure struct {
	Fn    *ssa.Function
	Root  bool
	Spawn token.Pos // its go statement, unless it is the root
	At    token.Pos // its return, or the call by which it stops
	// Failed is the call by which a test fails and stops, if it does not return.
	Failed build.Site
}

// InRoot reports whether the operation is one of the root function's own
// goroutine.
func (d *Defect) InRoot() bool { return d.goroutine == 0 }

func (d *Defect) same(o *Defect) bool {
	return d.Kind == o.Kind && d.Panic == o.Panic && d.Op.Pos == o.Op.Pos
}

// explain fills in where the primitive is made, where the goroutine starts and
// how the other side leaves.
func (d *Defect) explain(origins *origins) {
	m := d.model
	n := &m.Program.Procs[d.proc].Nodes[d.node]
	d.Made = origins.made(d.proc, n)
	partners := origins.partners(d.proc, n)
	d.partners = partners
	d.await(origins)
	d.Peers = len(partners) > 0
	d.Alone = d.InRoot() && len(partners) == 1 && partners[d.proc]
	spawns := map[int]token.Pos{}
	for _, st := range d.trace {
		node := &m.Program.Procs[st.Proc].Nodes[st.Node]
		site, ok := m.Site(node.Tag)
		if node.Op == model.Spawn && ok {
			spawns[st.Peer-1] = site.Pos
		}
		if st.Goroutine == d.goroutine || st.Proc >= m.Env || st.Goroutine != 0 && !partners[st.Proc] || d.failed() {
			continue
		}
		if ok && site.Kind == build.SiteFailure {
			d.Left = &Departure{Fn: m.Fns[st.Proc], Root: st.Goroutine == 0, Spawn: spawns[st.Goroutine], At: site.Pos, Failed: site}
		}
		if ok && site.Kind == build.SiteError {
			d.failedAt = site.Pos
		}
		// The last partner to leave, or the root.
		if node.Op == model.End {
			d.Left = &Departure{Fn: m.Fns[st.Proc], Root: st.Goroutine == 0, Spawn: spawns[st.Goroutine], At: returnPos(m.Fns[st.Proc], site)}
		}
	}
	d.Spawn = spawns[d.goroutine]
	for i, a := range d.Also {
		d.Locked = d.Locked || a.Kind == build.SiteLock
		b := d.blocked[i]
		d.TooSoon = d.TooSoon || d.Op.Kind == build.SiteWait && origins.follows(d.proc, d.node, b.Proc, &m.Program.Procs[b.Proc].Nodes[b.Node])
	}
}

// returnPos is the position of a return; an implicit one stands at the end of
// the function.
func returnPos(fn *ssa.Function, site build.Site) token.Pos {
	if site.Pos.IsValid() {
		return site.Pos
	}
	if syntax := fn.Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return fn.Pos()
}

// String describes the defect for work on the engine.
func (d *Defect) String() string {
	fset := d.Root.Prog.Fset
	line := func(p token.Pos) int { return fset.Position(p).Line }
	s := fmt.Sprintf("kind %d blocks forever", d.Op.Kind)
	if d.Kind == Panics {
		s = fmt.Sprintf("%s by line %d", d.Panic, line(d.By.Pos))
	}
	s += fmt.Sprintf("; root %s; spawned at line %d", d.Root.Name(), line(d.Spawn))
	if d.Left != nil {
		s += fmt.Sprintf("; left at line %d", line(d.Left.At))
	}
	for _, a := range d.Also {
		s += fmt.Sprintf("; also line %d", line(a.Pos))
	}
	return s
}
