package build

import (
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// remembered is a process that asks for one flag on both sides of an event, and
// remembers what it has decided; at the end, last is what depends on it.
func remembered(last ...model.Node) *model.Proc {
	return &model.Proc{Refs: 1, Ints: 2, Nodes: append([]model.Node{
		{Op: model.Make, Dst: 0, Succ: []int{1}},
		{Op: model.Choose, Class: model.Flag, Succ: []int{2, 3}},
		{Op: model.Set, Int: 0, Expr: fixed(1), Succ: []int{4}},
		{Op: model.Set, Int: 0, Expr: fixed(0), Succ: []int{4}},
		{Op: model.Equal, Int: 0, Expr: fixed(1), Succ: []int{5, 6}},
		{Op: model.Set, Int: 1, Expr: fixed(7), Succ: []int{6}}, // read by nobody
		{Op: model.Send, Ref: 0, Succ: []int{7}},
		{Op: model.Equal, Int: 0, Expr: fixed(1), Succ: []int{8, 9}},
	}, last...)}
}

// A flag that is tested twice, to no effect, is not worth a choice.
func TestSimplifyDropsIndifferentFlags(t *testing.T) {
	p := remembered(
		model.Node{Op: model.Set, Int: 1, Expr: fixed(8), Succ: []int{9}},
		model.Node{Op: model.Close, Ref: 0, Succ: []int{10}},
		model.Node{Op: model.End})
	simplify(&model.Program{Procs: []*model.Proc{p}})
	if got := ops(p); len(got) != 4 || got[1] != model.Send || got[2] != model.Close {
		t.Errorf("got %v, want make, send, close, end", got)
	}
}

// If one of the tests has an effect, both stay.
func TestSimplifyKeepsFlagsOfEffect(t *testing.T) {
	p := remembered(
		model.Node{Op: model.Close, Ref: 0, Succ: []int{9}},
		model.Node{Op: model.End})
	simplify(&model.Program{Procs: []*model.Proc{p}})
	if got := ops(p); len(got) < 8 {
		t.Errorf("got %v, want the choice and the test that closes", got)
	}
}

// What another goroutine is given is not up to this one.
func TestSimplifyKeepsFlagsOfOthers(t *testing.T) {
	p := remembered(
		model.Node{Op: model.Spawn, Proc: 1, Args: []model.Arg{{From: 0, To: 0}, {IsInt: true, From: 0, To: 0}}, Succ: []int{9}},
		model.Node{Op: model.End})
	other := &model.Proc{Refs: 1, Ints: 1, Nodes: []model.Node{
		{Op: model.Equal, Int: 0, Expr: fixed(1), Succ: []int{1, 2}},
		{Op: model.Recv, Ref: 0, Succ: []int{2, 2}},
		{Op: model.End},
	}}
	simplify(&model.Program{Procs: []*model.Proc{p, other}})
	if got := ops(p); len(got) < 7 {
		t.Errorf("got %v, want the choice to stay", got)
	}
}

// A flag that all goroutines of a loop read is decided once, or left open.
func TestSettleFlags(t *testing.T) {
	root := &model.Proc{Refs: 1, Ints: 2, Nodes: []model.Node{
		{Op: model.Set, Int: 0, Expr: fixed(unknownFlag), Succ: []int{1}},
		{Op: model.Set, Int: 1, Expr: fixed(3), Succ: []int{2}},
		{Op: model.Loop, Int: 1, Succ: []int{3, 4}},
		{Op: model.Spawn, Proc: 1, Args: []model.Arg{{IsInt: true, From: 0, To: 0}}, Succ: []int{2}},
		{Op: model.End},
	}}
	if !settleFlags(&model.Program{Procs: []*model.Proc{root}}) {
		t.Fatal("no flag is settled")
	}
	n := root.Nodes[3]
	if n.Op != model.Equal || n.Int != 0 || n.Expr.Const != unknownFlag {
		t.Fatalf("before the spawn stands %v, want a test whether the flag is open", n)
	}
	leave := root.Nodes[n.Succ[0]]
	if leave.Class != model.Free || root.Nodes[leave.Succ[0]].Op != model.Spawn || root.Nodes[leave.Succ[1]].Class != model.Flag {
		t.Errorf("an open flag leads to %v, want the spawn for nothing, or a choice that is paid for", leave)
	}
	root.Nodes = root.Nodes[:5]
	root.Nodes[3] = model.Node{Op: model.Spawn, Proc: 1, Args: []model.Arg{{IsInt: true, From: 0, To: 0}}, Succ: []int{4}}
	if settleFlags(&model.Program{Procs: []*model.Proc{root}}) {
		t.Error("a flag is settled for one goroutine, which can decide by itself")
	}
}
