package explore

import (
	"reflect"
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// firstAnswer starts n senders on a channel and takes the first answer.
func firstAnswer(capacity int) *model.Program {
	p := program(
		line("root", mk(0, capacity), model.Node{Op: model.Set, Int: 0, Expr: model.Expr{Terms: []model.Term{{Coef: 1}}}},
			loop(0, 3, 5), spawn(1), jump(2), on(model.Recv, 0), end),
		line("sender", on(model.Send, 0), end),
	)
	p.Vars = []string{"n"}
	return p
}

func TestWitness(t *testing.T) {
	r := Explore(firstAnswer(0), Options{Vars: []int{3}})
	if len(r.Stuck) != 1 {
		t.Fatalf("got %s", verdictOf(r))
	}
	w := r.Stuck[0]
	if !w.RootEnded || w.Proc != 1 || w.Node != 0 {
		t.Errorf("got %+v", w)
	}
	// Of three senders one is served and two are stuck.
	if len(w.Also) != 1 || w.Also[0].Goroutine == w.Goroutine || w.Also[0].Proc != 1 {
		t.Errorf("also stuck: %+v", w.Also)
	}
	var meets []Step
	for _, st := range w.Trace {
		if st.Prim != 0 && st.Peer != 0 {
			meets = append(meets, st)
		}
	}
	if len(meets) != 2 || meets[0].Proc != 1 || meets[1].Goroutine != 0 ||
		meets[0].Peer != 1 || meets[1].Peer != meets[0].Goroutine+1 || meets[0].Prim != 1 {
		t.Errorf("the rendezvous is %+v", meets)
	}
	if meets[0].Goroutine == w.Goroutine || meets[0].Goroutine == w.Also[0].Goroutine {
		t.Errorf("the sender that is served is stuck: %+v", w)
	}
}

func TestPanicBy(t *testing.T) {
	p := program(
		line("root", mk(0, 0), mk(1, 0), spawn(1), on(model.Close, 0), on(model.Close, 1), end),
		line("closer", on(model.Close, 1), end),
	)
	r := Explore(p, Options{})
	if got, want := verdictOf(r), "panic 0:4.0 close of closed channel/0; panic 1:0.0 close of closed channel/0"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	if by := r.Panics[0].By; by.Proc != 1 || by.Node != 0 || by.Goroutine != 1 || by.Prim != 2 {
		t.Errorf("closed by %+v", by)
	}
	if by := r.Panics[1].By; by.Proc != 0 || by.Node != 4 {
		t.Errorf("closed by %+v", by)
	}
}

func TestMaxCost(t *testing.T) {
	p := program(
		line("root", mk(0, 0), spawn(1), choose(model.Flag, 3, 5), on(model.Recv, 0), end, choose(model.Flag, 6, 3), end),
		line("sender", on(model.Send, 0), end),
	)
	for cost, want := range []string{"", "", "stuck 1:0/2"} {
		if got := verdictOf(Explore(p, Options{MaxCost: cost})); got != want {
			t.Errorf("MaxCost %d: got %q, want %q", cost, got, want)
		}
	}
}

func TestBudget(t *testing.T) {
	leaky := program(
		line("root", mk(0, 0), spawn(1), jump(1)),
		line("sender", on(model.Send, 0), end),
	)
	fills := program(line("root", mk(0, -1), on(model.Send, 0), jump(1)))
	chain := program(line("root", spawn(0), end))
	for name, p := range map[string]*model.Program{"spawns": leaky, "queue": fills, "chain": chain} {
		r := Explore(p, Options{MaxCost: 1000})
		if !r.Over || len(r.Stuck)+len(r.Panics) != 0 || r.States > DefaultStates+200 {
			t.Errorf("%s: over %v after %d states: %s", name, r.Over, r.States, verdictOf(r))
		}
	}
	if r := Explore(firstAnswer(0), Options{Vars: []int{3}, MaxStates: 1}); !r.Over {
		t.Errorf("%d states within a budget of 1", r.States)
	}
	if r := Explore(firstAnswer(0), Options{Vars: []int{3}, MaxBytes: 300}); !r.Over {
		t.Errorf("%d states within a budget of 300 bytes", r.States)
	}
}

// TestUnsure gives a marked search too few states: the place is counted, not
// reported.
func TestUnsure(t *testing.T) {
	p := program(
		line("root", mk(0, 0), spawn(1), spawn(2), mk(0, 0), spawn(1), end),
		line("server", on(model.Recv, 0), jump(0)),
		line("client", on(model.Send, 0), jump(0)),
	)
	e, err := Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	g := newGraph(&machine{Engine: e}, Options{MaxStates: DefaultStates, MaxBytes: DefaultBytes})
	g.start()
	if !g.build() {
		t.Fatal("over budget")
	}
	v := newVerdict(g)
	v.left = 0
	var r Result
	v.collect(&r, 0)
	if len(r.Stuck) != 0 || r.Unsure != 1 {
		t.Errorf("stuck %v, unsure %d; want none and 1", r.Stuck, r.Unsure)
	}
}

func TestDeterministic(t *testing.T) {
	for seed := range uint64(40) {
		p := generate(seeded(seed))
		a := Explore(p, Options{Vars: refVars, MaxCost: 1000})
		b := Explore(p, Options{Vars: refVars, MaxCost: 1000})
		if !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d: two results", seed)
		}
	}
}

func TestCheck(t *testing.T) {
	bad := map[string]*model.Program{
		"nil":             nil,
		"empty":           program(),
		"nil process":     program(nil),
		"no nodes":        program(line("p")),
		"successor":       program(line("p", jump(7))),
		"few successors":  program(line("p", model.Node{Op: model.Recv, Succ: []int{0}})),
		"register":        program(line("p", on(model.Send, 9), end)),
		"integer":         program(line("p", set(9, 0), end)),
		"opcode":          program(line("p", model.Node{Op: 31, Succ: []int{0}})),
		"visible opcode":  program(line("p", model.Node{Op: 99, Succ: []int{0}})),
		"primitive":       program(line("p", mkOf(9, 0), end)),
		"process":         program(line("p", spawn(3), end)),
		"payload":         program(line("p", model.Node{Op: model.Send, Payload: model.Payload{Kind: 9}}, end)),
		"payload reg":     program(line("p", model.Node{Op: model.Send, Payload: model.Payload{Kind: model.PayRef, Reg: 9}}, end)),
		"argument":        program(line("p", model.Node{Op: model.Spawn, Args: []model.Arg{{To: 9}}}, end)),
		"variable":        program(line("p", model.Node{Op: model.Make, Expr: model.Expr{Terms: []model.Term{{Var: 0, Coef: 1}}}}, end)),
		"select":          program(line("p", model.Node{Op: model.Select, Cases: []model.Case{env}, Succ: []int{}}, end)),
		"closed":          program(line("p", model.Node{Op: model.Select, Cases: []model.Case{{Closed: 9}}, Succ: []int{0}}, end)),
		"negative ref":    program(line("p", on(model.Close, -1), end)),
		"choose nothing":  program(line("p", choose(model.Free, []int{}...), end)),
		"no registers":    program(&model.Proc{Refs: -1, Nodes: []model.Node{end}}),
		"entry":           program(&model.Proc{Entry: 1, Nodes: []model.Node{end}}),
		"nil other":       program(line("p", spawn(1), end), nil),
		"negative succ":   program(line("p", jump(-1))),
		"integer payload": program(line("p", model.Node{Op: model.Recv, Payload: model.Payload{Kind: model.PayInt, Reg: 2}}, end)),
	}
	for name, p := range bad {
		if Check(p) == nil {
			t.Errorf("%s: accepted", name)
		}
		if r := Explore(p, Options{}); !r.Over || r.Err == nil {
			t.Errorf("%s: explored", name)
		}
	}
	if r := Explore(firstAnswer(0), Options{}); r.Err == nil {
		t.Error("explored without an assignment of the variable")
	}
}
