package explore

import (
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// TestOps has a small model or two for what each operation means. Node numbers are
// positions in the line.
func TestOps(t *testing.T) {
	yes := func(succ ...int) model.Node { return choose(model.Flag, succ...) }
	tests := []struct {
		name string
		p    *model.Program
		want []string
	}{
		{"early return leaks the sender", program(
			line("root", mk(0, 0), spawn(1), yes(3, 4), end, on(model.Recv, 0), end),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/1"}},
		{"a buffer of one saves it", program(
			line("root", mk(0, 1), spawn(1), yes(3, 4), end, on(model.Recv, 0), end),
			line("sender", on(model.Send, 0), end),
		), nil},
		{"a buffer one too small", program(
			line("root", mk(0, 1), spawn(1), spawn(1), end),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/0"}},
		{"a channel that never fills", program(
			line("root", mk(0, -1), spawn(1), spawn(1), end),
			line("sender", on(model.Send, 0), end),
		), nil},
		{"send with nobody else", program(
			line("root", mk(0, 0), on(model.Send, 0), end),
		), []string{"stuck 0:1/0"}},
		{"nil channels block for ever", program(
			line("root", spawn(1), on(model.Send, 0), end),
			line("receiver", on(model.Recv, 0), end),
		), []string{"stuck 0:1/0", "stuck 1:0/0"}},
		{"close releases receivers", program(
			line("root", mk(0, 0), spawn(1), spawn(1), on(model.Close, 0), end),
			line("receiver", on(model.Recv, 0), end),
		), nil},
		{"range without close", program(
			line("root", mk(0, 0), spawn(1), on(model.Send, 0), end),
			line("ranger", on(model.Recv, 0, 0, 1), end),
		), []string{"stuck 1:0/0"}},
		{"range with close, after the buffer is drained", program(
			line("root", mk(0, 2), on(model.Send, 0), on(model.Send, 0), on(model.Close, 0),
				on(model.Recv, 0, 5, 7), on(model.Recv, 0, 6, 7), on(model.Recv, 0, 7, 8), on(model.Send, 3), end),
		), nil},
		{"close panics a waiting sender", program(
			line("root", mk(0, 0), spawn(1), on(model.Close, 0), end),
			line("sender", on(model.Send, 0), end),
		), []string{"panic 1:0.0 send on closed channel/0"}},
		{"cancel closes once", program(
			line("root", mk(0, 0), on(model.Cancel, 0), on(model.Cancel, 0), on(model.Cancel, 1), on(model.Recv, 0), end),
		), nil},
		{"close of nil", program(line("root", on(model.Close, 0), end)),
			[]string{"panic 0:0.0 close of nil channel/0"}},
		{"two goroutines close", program(
			line("root", mk(0, 0), spawn(1), spawn(1), end),
			line("closer", on(model.Close, 0), end),
		), []string{"panic 1:0.0 close of closed channel/0"}},
		{"select takes what is ready", program(
			line("root", mk(0, 1), mk(1, 0), on(model.Send, 0), orElse(sel(rcv(1), rcv(0))), end),
		), nil},
		{"default only if nothing is ready", program(
			line("root", mk(0, 1), on(model.Send, 0),
				model.Node{Op: model.Select, Default: true, Cases: []model.Case{rcv(0)}, Succ: []int{4, 3}},
				on(model.Send, 3), end),
		), nil},
		{"default although the partner is there", program(
			line("root", mk(0, 0), spawn(1), orElse(sel(rcv(0))), end),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/0"}},
		{"two selects with default never meet", program(
			line("root", mk(0, 0), spawn(1),
				model.Node{Op: model.Select, Default: true, Cases: []model.Case{rcv(0)}, Succ: []int{3, 4}},
				on(model.Send, 3), end),
			line("other", orElse(sel(snd(0))), end),
		), nil},
		{"two selects that are both ready otherwise never meet", program(
			line("root", mk(0, 0), mk(1, 2), on(model.Send, 1), on(model.Send, 1), spawn(1), spawn(2), end),
			line("sender", model.Node{Op: model.Select, Cases: []model.Case{snd(0), {Ref: 1, Closed: 2}}, Succ: []int{1, 2}},
				on(model.Send, 3), end),
			line("receiver", sel(rcv(0), rcv(1)), end),
		), nil},
		{"a register needed only where a select finds the channel closed", program(
			line("root", mk(0, 0), mk(1, 1), on(model.Close, 0),
				model.Node{Op: model.Select, Cases: []model.Case{{Ref: 0, Closed: 5}}, Succ: []int{4}},
				end, on(model.Send, 1), end),
		), nil},
		{"a register needed only for a copy", program(
			line("root", mk(0, 0), mk(1, 1), on(model.Close, 0),
				model.Node{Op: model.Copy, Ref: 1, Dst: 2}, on(model.Send, 2), end),
		), nil},
		{"a closed channel stores zero in a select", program(
			line("root", mk(0, 0), set(1, 7), on(model.Close, 0),
				model.Node{Op: model.Select, Succ: []int{5, 4}, Cases: []model.Case{
					{Ref: 0, Closed: 4, Payload: model.Payload{Kind: model.PayInt, Reg: 1}}, {Ref: 3, Closed: 4}}},
				model.Node{Op: model.Equal, Int: 1, Expr: konst(0), Succ: []int{5, 6}}, end, on(model.Send, 3), end),
		), nil},
		{"the environment stores zero", program(
			line("root", mk(0, 0), set(1, 7), on(model.Close, 0),
				model.Node{Op: model.Select, Succ: []int{4, 4}, Cases: []model.Case{
					{Env: true, Payload: model.Payload{Kind: model.PayInt, Reg: 1}}, {Ref: 3, Closed: 4}}},
				model.Node{Op: model.Equal, Int: 1, Expr: konst(0), Succ: []int{5, 6}}, end, on(model.Send, 3), end),
		), nil},
		{"a buffer is a queue", program(
			line("root", mk(0, 2),
				model.Node{Op: model.Send, Payload: model.Payload{Kind: model.PayConst, Val: 1}},
				model.Node{Op: model.Send, Payload: model.Payload{Kind: model.PayConst, Val: 2}},
				model.Node{Op: model.Recv, Payload: model.Payload{Kind: model.PayInt}},
				model.Node{Op: model.Equal, Expr: konst(1), Succ: []int{5, 6}}, end, on(model.Send, 3), end),
		), nil},
		{"a writer waits for the readers", program(
			line("root", mkOf(model.Mutex, 0), on(model.RLock, 0), spawn(1), on(model.RUnlock, 0), end),
			line("writer", on(model.Lock, 0), on(model.Unlock, 0), end),
		), nil},
		{"the cheaper way counts, though found later", program(
			line("root", mk(0, 0), choose(model.Free, 2, 3), choose(model.Opaque, 4), choose(model.Flag, 4), on(model.Send, 0), end),
		), []string{"stuck 0:4/1"}},
		{"a cycle of local nodes is a cheaper end than a dear one", program(
			line("root", mk(0, 0), mk(1, 0), on(model.Close, 1), spawn(1), on(model.Recv, 0), on(model.Send, 1), end),
			line("other", choose(model.Free, 1, 3), on(model.Send, 0), jump(2),
				choose(model.Opaque, 4), on(model.Send, 0), model.Node{Op: model.Diverge}),
		), []string{"panic 0:5.0 send on closed channel/0"}},
		{"two selects meet", program(
			line("root", mk(0, 0), mk(1, 0), spawn(1), sel(rcv(0), snd(1)), end),
			line("other", sel(rcv(1), snd(0)), end),
		), nil},
		{"a select does not meet itself", program(
			line("root", mk(0, 0), sel(rcv(0), snd(0)), end),
		), []string{"stuck 0:1/0"}},
		{"a select of nothing", program(line("root", sel(), end)), []string{"stuck 0:0/0"}},
		{"the environment may serve", program(
			line("root", mk(0, 0), sel(env, rcv(0)), end),
		), nil},
		{"and may serve the wrong one", program(
			line("root", mk(0, 0), spawn(1), sel(env, rcv(0)), end),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/0"}},
		{"send in a select panics", program(
			line("root", mk(0, 0), on(model.Close, 0), sel(rcv(3), snd(0)), end),
		), []string{"panic 0:2.1 send on closed channel/0"}},
		{"payloads decide", program(
			line("root", mk(0, 0), spawn(1), model.Node{Op: model.Send, Payload: model.Payload{Kind: model.PayConst, Val: 7}}, end),
			line("receiver", model.Node{Op: model.Recv, Payload: model.Payload{Kind: model.PayInt, Reg: 1}},
				model.Node{Op: model.Equal, Int: 1, Expr: konst(7), Succ: []int{3, 2}}, on(model.Send, 3), end),
		), nil},
		{"a closed channel stores zero", program(
			line("root", mk(0, 0), set(1, 7), on(model.Close, 0),
				model.Node{Op: model.Recv, Payload: model.Payload{Kind: model.PayInt, Reg: 1}},
				model.Node{Op: model.Equal, Int: 1, Expr: konst(0), Succ: []int{6, 5}}, on(model.Send, 3), end),
		), nil},
		{"a channel in a message", program(
			line("root", mk(0, 0), mk(1, 0), spawn(1),
				model.Node{Op: model.Send, Ref: 0, Payload: model.Payload{Kind: model.PayRef, Reg: 1}}, on(model.Recv, 1), end),
			line("server", model.Node{Op: model.Recv, Ref: 0, Payload: model.Payload{Kind: model.PayRef, Reg: 2}},
				model.Node{Op: model.Clear, Dst: 1}, on(model.Send, 2), end),
		), nil},
		{"wait for the counter", program(
			line("root", mkOf(model.WaitGroup, 0), add(0, 2), spawn(1), spawn(1), on(model.Wait, 0), end),
			line("worker", add(0, -1), end),
		), nil},
		{"one Done is missing", program(
			line("root", mkOf(model.WaitGroup, 0), add(0, 2), spawn(1), on(model.Wait, 0), end),
			line("worker", add(0, -1), end),
		), []string{"stuck 0:3/0"}},
		{"negative counter", program(
			line("root", mkOf(model.WaitGroup, 0), add(0, -1), end),
		), []string{"panic 0:1.0 sync: negative WaitGroup counter/0"}},
		{"a mutex locked twice", program(
			line("root", mkOf(model.Mutex, 0), on(model.Lock, 0), on(model.Lock, 0), end),
		), []string{"stuck 0:2/0"}},
		{"unlock of unlocked", program(
			line("root", mkOf(model.Mutex, 0), on(model.Lock, 0), on(model.Unlock, 0), on(model.Unlock, 0), end),
		), []string{"panic 0:3.0 sync: unlock of unlocked mutex/0"}},
		{"readers share", program(
			line("root", mkOf(model.Mutex, 0), on(model.RLock, 0), on(model.RLock, 0), on(model.RUnlock, 0), on(model.RUnlock, 0), end),
		), nil},
		{"a writer that waits holds back a second read lock", program(
			line("root", mkOf(model.Mutex, 0), spawn(1), on(model.RLock, 0), on(model.RLock, 0), on(model.RUnlock, 0), on(model.RUnlock, 0), end),
			line("writer", on(model.Lock, 0), on(model.Unlock, 0), end),
		), []string{"stuck 0:3/0", "stuck 1:0/0"}},
		{"a lock held by who waits for the other", program(
			line("root", mkOf(model.Mutex, 0), mk(1, 0), spawn(1), on(model.Lock, 0), on(model.Recv, 1), on(model.Unlock, 0), end),
			line("other", on(model.Lock, 0), on(model.Send, 1), on(model.Unlock, 0), end),
		), []string{"stuck 0:4/0", "stuck 1:0/0", "stuck 1:1/0", "stuck 0:3/0"}},
		{"once runs once", program(
			line("root", mkOf(model.Once, 0), mk(1, 0), spawn(1), spawn(1), end),
			line("closer", on(model.Begin, 0, 1, 3), on(model.Close, 1), on(model.Finish, 0), end),
		), nil},
		{"once waits for the first", program(
			line("root", mkOf(model.Once, 0), spawn(1), spawn(1), end),
			line("caller", on(model.Begin, 0, 1, 3), on(model.Recv, 3), on(model.Finish, 0), end),
		), []string{"stuck 1:0/0", "stuck 1:1/0"}},
		{"halt frees everybody", program(
			line("root", mk(0, 0), spawn(1), halt),
			line("sender", on(model.Send, 0), end),
		), nil},
		{"but a panic may come first", program(
			line("root", mk(0, 0), spawn(1), halt),
			line("closer", on(model.Close, 0), on(model.Close, 0), end),
		), []string{"panic 1:1.0 close of closed channel/0"}},
		{"a partner that diverges does not come", program(
			line("root", mk(0, 0), spawn(1), model.Node{Op: model.Diverge}),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/0"}},
		{"a cycle of local nodes starves nobody", program(
			line("root", mk(0, 0), spawn(1), spawn(2), mk(1, 0), jump(3)),
			line("sender", on(model.Send, 0), on(model.Send, 0), end),
			line("receiver", on(model.Recv, 0), end),
		), []string{"stuck 1:1/0"}},
		{"nor does one with choices", program(
			line("root", mk(0, 0), spawn(1), spawn(2), choose(model.Free, 4, 5), jump(3), jump(3)),
			line("sender", on(model.Send, 0), on(model.Send, 0), end),
			line("receiver", on(model.Recv, 0), end),
		), []string{"stuck 1:1/0"}},
		{"a server beside it hides nothing", program(
			line("root", mk(0, 0), mk(1, 0), spawn(1), spawn(2), spawn(3), end),
			line("server", on(model.Recv, 0), jump(0)),
			line("client", on(model.Send, 0), jump(0)),
			line("leak", on(model.Recv, 1), end),
		), []string{"stuck 3:0/0"}},
		{"a replica that is served hides nothing", program(
			line("root", mk(0, 0), spawn(1), spawn(2), mk(0, 0), spawn(1), end),
			line("server", on(model.Recv, 0), jump(0)),
			line("client", on(model.Send, 0), jump(0)),
		), []string{"stuck 1:0/0"}},
		{"replicas that are all served", program(
			line("root", mk(0, 0), spawn(1), spawn(2), spawn(1), end),
			line("server", on(model.Recv, 0), jump(0)),
			line("client", on(model.Send, 0), jump(0)),
		), nil},
		{"choices before the first make are free", program(
			line("root", choose(model.Opaque, 1, 4), mk(0, 0), on(model.Send, 0), end, end),
		), []string{"stuck 0:2/0"}},
		{"choices of others that do not matter are not paid", program(
			line("root", mk(0, 0), spawn(1), choose(model.Opaque, 3, 4), end, end),
			line("sender", on(model.Send, 0), end),
		), []string{"stuck 1:0/0"}},
		{"loops count", program(
			line("root", mk(0, 0), spawn(1), set(0, 3), loop(0, 4, 6), on(model.Recv, 0), jump(3), end),
			line("sender", set(0, 4), loop(0, 2, 4), on(model.Send, 0), jump(1), end),
		), []string{"stuck 1:2/0"}},
		{"nil mutex ends the process", program(
			line("root", mk(0, 0), spawn(1), on(model.Lock, 1), end),
			line("sender", on(model.Send, 0), end),
		), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if len(tt.want) == 0 {
				tt.want = []string{""}
			}
			check(t, tt.p, tt.want...)
			if diff, known := disagreement(tt.p, nil, refLimit); known && diff != "" {
				t.Errorf("disagrees with the reference:\n%s", diff)
			}
		})
	}
}
