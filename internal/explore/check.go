package explore

import (
	"errors"
	"fmt"

	"github.com/chanlint/chanlint/internal/model"
)

// Limits of a state, so that an index always fits; beyond them an exploration is
// over its budget.
const (
	maxInsts = 40
	maxPrims = 400
)

// Check returns an error if the program is not well-formed: if an index is out of
// range, an opcode is unknown, or a node has not the successors that it needs.
// What it accepts, Explore explores without a run-time error.
func Check(p *model.Program) error {
	if p == nil || len(p.Procs) == 0 {
		return fmt.Errorf("model: no processes")
	}
	for i, proc := range p.Procs {
		if proc == nil {
			return fmt.Errorf("model: process %d is nil", i)
		}
		if proc.Entry < 0 || proc.Entry >= len(proc.Nodes) {
			return fmt.Errorf("model: process %d: entry %d out of range", i, proc.Entry)
		}
		if proc.Refs < 0 || proc.Ints < 0 {
			return fmt.Errorf("model: process %d: negative number of registers", i)
		}
		c := checker{p: p, proc: proc}
		for n := range proc.Nodes {
			c.node(&proc.Nodes[n])
			if c.err != nil {
				return fmt.Errorf("model: process %d, node %d: %w", i, n, c.err)
			}
		}
	}
	return nil
}

// checkVars returns an error if vars does not assign all variables.
func (e *Engine) checkVars(vars []int) error {
	if len(vars) < len(e.p.Vars) {
		return fmt.Errorf("model: %d variables, %d assigned", len(e.p.Vars), len(vars))
	}
	return nil
}

// A checker keeps the first error of one process.
type checker struct {
	p    *model.Program
	proc *model.Proc
	err  error
}

func (c *checker) index(what string, i, n int) {
	if c.err == nil && (i < 0 || i >= n) {
		c.err = fmt.Errorf("%s %d out of range", what, i)
	}
}

func (c *checker) ref(i int) { c.index("reference register", i, c.proc.Refs) }
func (c *checker) int(i int) { c.index("integer register", i, c.proc.Ints) }

func (c *checker) expr(e model.Expr) {
	for _, t := range e.Terms {
		c.index("variable", t.Var, len(c.p.Vars))
	}
}

func (c *checker) payload(p model.Payload) {
	switch p.Kind {
	case model.PayNone, model.PayConst:
	case model.PayInt:
		c.int(p.Reg)
	case model.PayRef:
		c.ref(p.Reg)
	default:
		c.index("payload kind", int(p.Kind), int(model.PayRef)+1)
	}
}

func (c *checker) succ(nd *model.Node, n int) {
	if c.err == nil && len(nd.Succ) < n {
		c.err = fmt.Errorf("%d successors, %d needed", len(nd.Succ), n)
	}
	for _, s := range nd.Succ {
		c.index("successor", s, len(c.proc.Nodes))
	}
}

func (c *checker) node(nd *model.Node) {
	switch nd.Op {
	case model.End, model.Halt, model.Diverge:
	case model.Make:
		c.ref(nd.Dst)
		c.expr(nd.Expr)
		c.index("primitive", int(nd.Prim), int(model.Cell)+1)
		c.succ(nd, 1)
	case model.Copy:
		c.ref(nd.Dst)
		c.ref(nd.Ref)
		c.succ(nd, 1)
	case model.Clear:
		c.ref(nd.Dst)
		c.succ(nd, 1)
	case model.IsNil:
		c.ref(nd.Ref)
		c.succ(nd, 2)
	case model.Set:
		c.int(nd.Int)
		c.expr(nd.Expr)
		c.succ(nd, 1)
	case model.Equal:
		c.int(nd.Int)
		c.expr(nd.Expr)
		c.succ(nd, 2)
	case model.CopyInt:
		c.int(nd.Dst)
		c.int(nd.Int)
		c.succ(nd, 1)
	case model.Test:
		c.int(nd.Int)
		if c.err == nil && (len(nd.Expr.Terms) > 0 || nd.Expr.Const>>1 != 0) {
			c.err = errors.New("a test is for 0 or 1")
		}
		c.paid(nd)
		c.succ(nd, 2)
	case model.Loop:
		c.int(nd.Int)
		c.succ(nd, 2)
	case model.Choose:
		c.paid(nd)
		c.succ(nd, 1)
	case model.Spawn:
		c.spawn(nd)
	default:
		c.visible(nd)
	}
}

func (c *checker) paid(nd *model.Node) {
	if nd.Paid != 0 {
		c.int(nd.Paid - 1)
	}
}

func (c *checker) spawn(nd *model.Node) {
	c.succ(nd, 1)
	c.index("process", nd.Proc, len(c.p.Procs))
	if c.err != nil {
		return
	}
	callee := c.p.Procs[nd.Proc]
	if callee == nil {
		c.err = fmt.Errorf("process %d is nil", nd.Proc)
		return
	}
	for _, a := range nd.Args {
		if a.IsInt {
			c.int(a.From)
			c.index("argument", a.To, callee.Ints)
		} else {
			c.ref(a.From)
			c.index("argument", a.To, callee.Refs)
		}
	}
}

func (c *checker) visible(nd *model.Node) {
	switch nd.Op {
	case model.Send:
		c.payload(nd.Payload)
		c.succ(nd, 1)
	case model.Recv:
		c.payload(nd.Payload)
		c.succ(nd, 2)
	case model.Begin:
		c.succ(nd, 2)
	case model.Read, model.Write:
		c.payload(nd.Payload)
		c.succ(nd, 1)
	case model.Exchange:
		c.expr(nd.Expr)
		c.payload(nd.Payload)
		c.succ(nd, 2)
	case model.Close, model.Cancel, model.Wait, model.Lock, model.Unlock, model.RLock, model.RUnlock, model.Finish:
		c.succ(nd, 1)
	case model.Add:
		c.expr(nd.Expr)
		c.succ(nd, 1)
	case model.Select:
		c.selects(nd)
		return
	default:
		c.err = fmt.Errorf("unknown opcode %d", nd.Op)
	}
	c.ref(nd.Ref)
}

func (c *checker) selects(nd *model.Node) {
	n := len(nd.Cases)
	if nd.Default {
		n++
	}
	if c.err == nil && len(nd.Succ) != n {
		c.err = fmt.Errorf("select has %d successors, %d needed", len(nd.Succ), n)
	}
	c.succ(nd, n)
	for i := range nd.Cases {
		cs := &nd.Cases[i]
		c.payload(cs.Payload)
		if cs.Env {
			continue
		}
		c.ref(cs.Ref)
		if !cs.Send {
			c.index("closed successor", cs.Closed, len(c.proc.Nodes))
		}
	}
}
