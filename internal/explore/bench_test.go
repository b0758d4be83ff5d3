package explore

import (
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// pipeline is three stages behind unbuffered channels: each ranges over its input
// and closes its output; the root sends twice and drains, or leaves early.
func pipeline() *model.Program {
	stage := func(in, out int) *model.Proc {
		return line("stage", on(model.Recv, in, 1, 2), on(model.Send, out, 0), on(model.Close, out), end)
	}
	return program(
		line("root", mk(0, 0), mk(1, 0), mk(2, 0), mk(3, 0), spawn(1), spawn(2), spawn(3), spawn(4),
			on(model.Recv, 3, 9, 10), choose(model.Flag, 8, 10), end),
		stage(0, 1), stage(1, 2), stage(2, 3),
		line("source", set(0, 3), loop(0, 2, 4), on(model.Send, 0), jump(1), on(model.Close, 0), end),
	)
}

// fanOut is four workers that range over jobs, send results, and are waited for by
// a closer; the root sends four jobs and collects, or leaves at an error.
func fanOut() *model.Program {
	return program(
		line("root", mk(0, 0), mk(1, 0), mkOf(model.WaitGroup, 2), set(0, 4), loop(0, 5, 8),
			add(2, 1), spawn(1), jump(4), spawn(2), spawn(3),
			on(model.Recv, 1, 11, 12), choose(model.Flag, 10, 12), end),
		line("worker", on(model.Recv, 0, 1, 3), choose(model.Free, 2, 0), on(model.Send, 1, 0), add(2, -1), end),
		line("closer", on(model.Wait, 2), on(model.Close, 1), end),
		line("source", set(0, 4), loop(0, 2, 4), on(model.Send, 0), jump(1), on(model.Close, 0), end),
	)
}

// replies is n requests to one server, each with a reply channel of its own and a
// timeout: the private channels make the requests differ until they are ordered.
func replies() *model.Program {
	return program(
		line("root", mk(0, 0), spawn(2), set(0, 4), loop(0, 4, 6), spawn(1), jump(3), end),
		line("client", mk(1, 0),
			model.Node{Op: model.Send, Ref: 0, Payload: model.Payload{Kind: model.PayRef, Reg: 1}},
			sel(env, rcv(1)), end),
		line("server", model.Node{Op: model.Recv, Ref: 0, Payload: model.Payload{Kind: model.PayRef, Reg: 1}}, on(model.Send, 1), jump(0)),
	)
}

func BenchmarkExplore(b *testing.B) {
	for _, bb := range []struct {
		name string
		p    *model.Program
		vars []int
	}{
		{"pipeline", pipeline(), nil},
		{"fanout", fanOut(), nil},
		{"replies", replies(), nil},
		{"firstanswer", firstAnswer(0), []int{3}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			e, err := Prepare(bb.p)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			var r *Result
			for b.Loop() {
				r = e.Explore(Options{Vars: bb.vars, MaxCost: 1})
			}
			if r.Over {
				b.Error("over budget")
			}
			b.ReportMetric(float64(r.States), "states")
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	p := fanOut()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Prepare(p); err != nil {
			b.Fatal(err)
		}
	}
}
