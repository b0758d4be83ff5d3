package build

import (
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// A branch on data between two events, without an event on either side, is
// nothing to fork on.
func TestSimplifyCollapsesBranchesWithoutEvents(t *testing.T) {
	p := &model.Proc{Refs: 1, Ints: 1, Nodes: []model.Node{
		{Op: model.Make, Dst: 0, Succ: []int{1}},
		{Op: model.Choose, Class: model.Flag, Succ: []int{2, 3}},
		{Op: model.Set, Int: 0, Expr: fixed(1), Succ: []int{4}},
		{Op: model.Set, Int: 0, Expr: fixed(0), Succ: []int{4}},
		{Op: model.Close, Ref: 0, Succ: []int{5}},
		{Op: model.End},
	}}
	simplify(&model.Program{Procs: []*model.Proc{p}})
	if got := ops(p); len(got) != 3 || got[0] != model.Make || got[1] != model.Close || got[2] != model.End {
		t.Errorf("got %v, want make, close, end", got)
	}
}

// A loop without an event ends, for all that the model can say.
func TestSimplifyDropsLoopsWithoutEvents(t *testing.T) {
	p := &model.Proc{Refs: 1, Ints: 1, Nodes: []model.Node{
		{Op: model.Make, Dst: 0, Succ: []int{1}},
		{Op: model.Set, Int: 0, Expr: fixed(3), Succ: []int{2}},
		{Op: model.Loop, Int: 0, Succ: []int{2, 3}},
		{Op: model.Close, Ref: 0, Succ: []int{4}},
		{Op: model.End},
	}}
	simplify(&model.Program{Procs: []*model.Proc{p}})
	if got := ops(p); len(got) != 3 || got[1] != model.Close {
		t.Errorf("got %v, want make, close, end", got)
	}
}

// What a branch decides and a later one asks again must not be lost.
func TestSimplifyKeepsCorrelatedBranches(t *testing.T) {
	p := &model.Proc{Refs: 1, Ints: 1, Nodes: []model.Node{
		{Op: model.Make, Dst: 0, Succ: []int{1}},
		{Op: model.Choose, Succ: []int{2, 3}},
		{Op: model.Set, Int: 0, Expr: fixed(1), Succ: []int{4}},
		{Op: model.Set, Int: 0, Expr: fixed(0), Succ: []int{5}},
		{Op: model.Send, Ref: 0, Succ: []int{5}},
		{Op: model.Equal, Int: 0, Expr: fixed(1), Succ: []int{6, 7}},
		{Op: model.Close, Ref: 0, Succ: []int{7}},
		{Op: model.End},
	}}
	simplify(&model.Program{Procs: []*model.Proc{p}})
	if got := ops(p); len(got) != 8 {
		t.Errorf("got %v, want all eight nodes", got)
	}
}

// A goroutine that does nothing visible need not be started.
func TestSimplifyDropsIdleGoroutines(t *testing.T) {
	root := &model.Proc{Nodes: []model.Node{
		{Op: model.Spawn, Proc: 1, Succ: []int{1}},
		{Op: model.End},
	}}
	idle := &model.Proc{Nodes: []model.Node{{Op: model.End}}}
	simplify(&model.Program{Procs: []*model.Proc{root, idle}})
	if got := ops(root); len(got) != 1 || got[0] != model.End {
		t.Errorf("got %v, want end", got)
	}
}

func ops(p *model.Proc) []model.Opcode {
	var out []model.Opcode
	for i := range p.Nodes {
		out = append(out, p.Nodes[i].Op)
	}
	return out
}
