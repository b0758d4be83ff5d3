// The cases that mutants of runtime/pipeline are run with. This file is
// compiled into the package, beside its sources, and is not mutated itself.

package pipeline

import (
	"context"
	"errors"
	"iter"
	"sync"
)

var errCase = errors.New("case")

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func same(v int) (int, error) { return v, nil }

func failing(v int) (int, error) {
	if v == 2 {
		return 0, errCase
	}
	return v, nil
}

func odd(v int) (bool, error) { return v%2 == 1, nil }

// consume takes at most n values.
func consume[T any](g *Group, in <-chan T, n int) {
	for range All(g, in) {
		if n--; n == 0 {
			break
		}
	}
}

const many = 100 // more values than any case has

func source_ok() {
	g := New(context.Background())
	consume(g, Source(g, upTo(5)), many)
}

func sourceStopped_ok() {
	g := New(context.Background())
	consume(g, Source(g, upTo(5)), 2)
}

func sourceCancelled_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	g := New(ctx)
	out := Source(g, upTo(5))
	<-out
	cancel()
	_ = g.Wait()
}

func generate_ok() {
	g := New(context.Background())
	consume(g, Generate(g, func(yield func(int) bool) error {
		_ = yield(1) && yield(2)
		return nil
	}), many)
}

func generateStopped_ok() {
	g := New(context.Background())
	consume(g, Generate(g, func(yield func(int) bool) error {
		_ = yield(1) && yield(2)
		return nil
	}), 1)
}

func map_ok() {
	g := New(context.Background())
	consume(g, Map(g, Source(g, upTo(5)), same), many)
}

func mapStopped_ok() {
	g := New(context.Background())
	consume(g, Map(g, Source(g, upTo(5)), same), 2)
}

func mapFails_ok() {
	g := New(context.Background())
	consume(g, Map(g, Source(g, upTo(5)), failing), many)
}

func filter_ok() {
	g := New(context.Background())
	consume(g, Filter(g, Source(g, upTo(5)), odd), many)
}

func filterStopped_ok() {
	g := New(context.Background())
	consume(g, Filter(g, Source(g, upTo(9)), odd), 1)
}

func batch_ok() {
	g := New(context.Background())
	consume(g, Batch(g, Source(g, upTo(5)), 2), many)
}

func batchStopped_ok() {
	g := New(context.Background())
	consume(g, Batch(g, Source(g, upTo(9)), 2), 1)
}

func buffer_ok() {
	g := New(context.Background())
	consume(g, Buffer(g, Source(g, upTo(5)), 2), many)
}

func bufferStopped_ok() {
	g := New(context.Background())
	consume(g, Buffer(g, Source(g, upTo(9)), 2), 1)
}

func take_ok() {
	g := New(context.Background())
	consume(g, Take(g, Source(g, upTo(9)), 2), many)
}

func takeStopped_ok() {
	g := New(context.Background())
	consume(g, Take(g, Source(g, upTo(9)), 5), 2)
}

func fanOut_ok() {
	g := New(context.Background())
	consume(g, FanOut(g, Source(g, upTo(9)), 3, same), many)
}

func fanOutStopped_ok() {
	g := New(context.Background())
	consume(g, FanOut(g, Source(g, upTo(9)), 3, same), 2)
}

func fanOutFails_ok() {
	g := New(context.Background())
	consume(g, FanOut(g, Source(g, upTo(9)), 3, failing), many)
}

func merge_ok() {
	g := New(context.Background())
	consume(g, Merge(g, Source(g, upTo(3)), Source(g, upTo(3))), many)
}

func mergeStopped_ok() {
	g := New(context.Background())
	consume(g, Merge(g, Source(g, upTo(3)), Source(g, upTo(3))), 2)
}

func tee_ok() {
	g := New(context.Background())
	left, right := Tee(g, Source(g, upTo(5)))
	g.Go(func(context.Context) error {
		for range left {
		}
		return nil
	})
	for range right {
	}
	_ = g.Wait()
}

func teeStopped_ok() {
	g := New(context.Background())
	left, right := Tee(g, Source(g, upTo(5)))
	consume(g, Take(g, Merge(g, left, right), 3), many)
}

func first_ok() {
	g := New(context.Background())
	First(g, Source(g, upTo(5)))
}

func forEach_ok() {
	_ = ForEach(context.Background(), 2, upTo(5), func(context.Context, int) error { return nil })
}

func forEachFails_ok() {
	_ = ForEach(context.Background(), 2, upTo(5), func(_ context.Context, v int) error {
		_, err := failing(v)
		return err
	})
}

func broadcast_ok() {
	b := NewBroadcast[int]()
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() { _, _ = b.Value(context.Background()) })
	}
	b.Send(1)
	b.Send(2)
	readers.Wait()
}

func broadcastCancelled_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _ = NewBroadcast[int]().Value(ctx)
}
