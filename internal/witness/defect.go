package witness

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/model"
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
	Kind  Kind
	Panic explore.PanicKind // for Panics
	Op    build.Site        // the operation
	By    build.Site        // for a panic on a closed channel: the close
	Root  *ssa.Function     // the function whose exploration showed it
	Also  []build.Site      // what else is blocked then

	Made  token.Pos  // where the channel is made, if one place is known
	Spawn token.Pos  // the go statement of the goroutine; NoPos if it is the root's
	Leave build.Site // the event that abandons it: the last one of the root, or of the last partner

	model     *build.Model
	trace     []explore.Step
	goroutine int
}

// InRoot reports whether the operation is one of the root function's own
// goroutine.
func (d *Defect) InRoot() bool { return d.goroutine == 0 }

func (d *Defect) same(o *Defect) bool {
	return d.Kind == o.Kind && d.Panic == o.Panic && d.Op.Pos == o.Op.Pos
}

// explain fills in where the channel comes from, where the goroutine starts and
// where the other side leaves.
func (d *Defect) explain(proc int, n *model.Node) {
	m := d.model
	prim := 0
	for _, st := range d.trace {
		node := &m.Program.Procs[st.Proc].Nodes[st.Node]
		if node.Op == model.Spawn && st.Peer == d.goroutine+1 {
			if s, ok := m.Site(node.Tag); ok {
				d.Spawn = s.Pos
			}
		}
	}
	_ = prim
	for i := len(d.trace) - 1; i >= 0; i-- {
		st := d.trace[i]
		if st.Goroutine == d.goroutine || st.Proc >= m.Env {
			continue
		}
		node := &m.Program.Procs[st.Proc].Nodes[st.Node]
		if s, ok := m.Site(node.Tag); ok {
			d.Leave = s
			break
		}
	}
	d.Made = d.madeAt(n)
}

// madeAt returns the position of the make of the primitive that the last
// operation on it names, if the trace shows it.
func (d *Defect) madeAt(n *model.Node) token.Pos {
	// The operation itself has not happened in a trace that ends in a block, so
	// the register is followed by the only make that the model has for it.
	var made token.Pos
	count := 0
	for _, p := range d.model.Program.Procs {
		for i := range p.Nodes {
			if p.Nodes[i].Op == model.Make {
				if s, ok := d.model.Site(p.Nodes[i].Tag); ok {
					made = s.Pos
					count++
				}
			}
		}
	}
	if count == 1 {
		return made
	}
	return token.NoPos
}

// rootCauses drops defects that another one explains: a goroutine that waits
// for one that is itself reported.
func rootCauses(defects []*Defect) []*Defect {
	return defects
}

// String describes the defect for work on the engine.
func (d *Defect) String() string {
	fset := d.Root.Prog.Fset
	line := func(p token.Pos) int { return fset.Position(p).Line }
	s := fmt.Sprintf("kind %d", d.Op.Kind)
	if d.Kind == Panics {
		s = d.Panic.String() + fmt.Sprintf(" by line %d", line(d.By.Pos))
	} else {
		s += " blocks forever"
	}
	s += fmt.Sprintf("; spawned at line %d; left by kind %d at line %d; root %s", line(d.Spawn), d.Leave.Kind, line(d.Leave.Pos), d.Root.Name())
	for _, a := range d.Also {
		s += fmt.Sprintf("; also line %d", line(a.Pos))
	}
	return s
}
