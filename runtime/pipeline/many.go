package pipeline

import (
	"context"
	"sync"
)

// FanOut starts workers stages that receive from one input, and sends f(v) for
// each value v, in no particular order. A number below one counts as one.
//
// Each value goes to one worker: a send has one matched receive. The output is
// closed after the last worker has left: its last send is sequenced before Done,
// which is synchronized before the return of Wait, which is sequenced before the
// close. Blocks while a result is not received; each worker holds one value.
func FanOut[In, Out any](g *Group, in <-chan In, workers int, f func(In) (Out, error)) <-chan Out {
	out := make(chan Out)
	var busy sync.WaitGroup
	for range max(workers, 1) {
		busy.Add(1)
		g.run(func(ctx context.Context) error { return mapEach(ctx, out, in, f) }, busy.Done)
	}
	g.run(func(context.Context) error {
		busy.Wait() // each worker heeds the context, so this ends with them
		return nil
	}, func() { close(out) })
	return out
}

// Merge starts one stage for each input, which pass all values on to one output:
// the fan-in of the textbooks. The values of one input keep their order.
//
// The output is closed when every input is closed, as in FanOut. Blocks while a
// value is not received; holds one value of each input. Without inputs, the output
// is closed at once.
func Merge[T any](g *Group, ins ...<-chan T) <-chan T {
	out := make(chan T)
	var busy sync.WaitGroup
	for _, in := range ins {
		busy.Add(1)
		g.run(func(ctx context.Context) error {
			for v := range each(ctx, in) {
				if !send(ctx, out, v) {
					break
				}
			}
			return nil
		}, busy.Done)
	}
	g.run(func(context.Context) error {
		busy.Wait()
		return nil
	}, func() { close(out) })
	return out
}

// Tee starts a stage that sends each value on both outputs, in whichever order
// they are received.
//
// Closes both outputs. Blocks while either output has not received the value, so
// both have to be received from, by goroutines that do not wait for each other;
// put a Buffer behind an output whose receiver may lag.
func Tee[T any](g *Group, in <-chan T) (<-chan T, <-chan T) {
	left, right := make(chan T), make(chan T)
	g.run(func(ctx context.Context) error {
		for v := range each(ctx, in) {
			// A send on a nil channel can never proceed, so the case of the
			// output that has the value falls out of the select.
			l, r := left, right
			for l != nil || r != nil {
				select {
				case l <- v:
					l = nil
				case r <- v:
					r = nil
				case <-ctx.Done():
					return nil
				}
			}
		}
		return nil
	}, func() {
		close(left)
		close(right)
	})
	return left, right
}
