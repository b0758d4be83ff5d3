package explore

import (
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

func TestSmoke(t *testing.T) {
	// early return
	r := check(t, program(
		line("root", mk(0, 0), spawn(1), choose(model.Flag, 3, 4), end, on(model.Recv, 0), end),
		line("s", on(model.Send, 0), end),
	), "stuck 1:0/1")
	for _, s := range r.Stuck {
		t.Logf("%+v", s)
	}
	check(t, program(
		line("root", mk(0, 0), on(model.Close, 0), on(model.Close, 0), end),
	), "panic 0:2.0 close of closed channel/0")
}
