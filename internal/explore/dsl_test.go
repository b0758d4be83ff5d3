package explore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// line completes nodes that are written in order: a node without successors goes
// on to the next one, and so does every successor of a select or receive.
func line(name string, nodes ...model.Node) *model.Proc {
	p := &model.Proc{Name: name, Refs: 4, Ints: 2, Nodes: nodes}
	for i := range nodes {
		nd := &nodes[i]
		if nd.Succ != nil {
			continue
		}
		switch nd.Op {
		case model.End, model.Halt, model.Diverge:
		case model.Recv, model.IsNil, model.Equal, model.Loop, model.Test, model.Begin:
			nd.Succ = []int{i + 1, i + 1}
		case model.Select:
			for k := range nd.Cases {
				nd.Succ = append(nd.Succ, i+1)
				nd.Cases[k].Closed = i + 1
			}
			if nd.Default {
				nd.Succ = append(nd.Succ, i+1)
			}
		default:
			nd.Succ = []int{i + 1}
		}
	}
	return p
}

func konst(n int) model.Expr { return model.Expr{Const: n} }

func mk(dst, capacity int) model.Node {
	return model.Node{Op: model.Make, Dst: dst, Expr: konst(capacity)}
}

func mkOf(prim model.Prim, dst int) model.Node {
	return model.Node{Op: model.Make, Prim: prim, Dst: dst}
}

// spawn starts a process with all reference registers.
func spawn(proc int) model.Node {
	n := model.Node{Op: model.Spawn, Proc: proc}
	for r := range 4 {
		n.Args = append(n.Args, model.Arg{From: r, To: r})
	}
	return n
}

func on(op model.Opcode, ref int, succ ...int) model.Node {
	return model.Node{Op: op, Ref: ref, Succ: succ}
}

func add(ref, n int) model.Node { return model.Node{Op: model.Add, Ref: ref, Expr: konst(n)} }

func set(reg, n int) model.Node { return model.Node{Op: model.Set, Int: reg, Expr: konst(n)} }

func loop(reg, again, done int) model.Node {
	return model.Node{Op: model.Loop, Int: reg, Succ: []int{again, done}}
}

func choose(c model.Class, succ ...int) model.Node {
	return model.Node{Op: model.Choose, Class: c, Succ: succ}
}

func jump(to int) model.Node { return choose(model.Free, to) }

func sel(cases ...model.Case) model.Node { return model.Node{Op: model.Select, Cases: cases} }

func orElse(n model.Node) model.Node { n.Default = true; return n }

func rcv(ref int) model.Case { return model.Case{Ref: ref} }
func snd(ref int) model.Case { return model.Case{Ref: ref, Send: true} }

var (
	end  = model.Node{Op: model.End}
	halt = model.Node{Op: model.Halt}
	env  = model.Case{Env: true}
)

func program(procs ...*model.Proc) *model.Program { return &model.Program{Procs: procs} }

// verdictOf writes a result as "stuck P:N/cost …; panic P:N.case kind/cost …".
func verdictOf(r *Result) string {
	if r.Err != nil {
		return r.Err.Error()
	}
	if r.Over {
		return "over"
	}
	var parts []string
	for _, s := range r.Stuck {
		parts = append(parts, fmt.Sprintf("stuck %d:%d/%d", s.Proc, s.Node, s.Cost))
	}
	for _, p := range r.Panics {
		parts = append(parts, fmt.Sprintf("panic %d:%d.%d %s/%d", p.Proc, p.Node, p.Case, p.Kind, p.Cost))
	}
	return strings.Join(parts, "; ")
}

func check(t *testing.T, p *model.Program, want ...string) *Result {
	t.Helper()
	r := Explore(p, Options{MaxCost: 1 << 20})
	slices.Sort(want)
	got := strings.Split(verdictOf(r), "; ")
	slices.Sort(got)
	if g, w := strings.Join(got, "; "), strings.Join(want, "; "); g != w {
		t.Errorf("got %q, want %q", g, w)
	}
	return r
}
