package pipeline

import (
	"context"
	"iter"
)

// send sends v on out, and reports whether it did before ctx was cancelled.
func send[T any](ctx context.Context, out chan<- T, v T) bool {
	select {
	case out <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// each iterates over the values received from in until in is closed or ctx is
// cancelled. A plain range over in would not notice the cancellation where the
// sender is not of the group.
func each[T any](ctx context.Context, in <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			select {
			case v, ok := <-in:
				if !ok || !yield(v) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// Generate starts a stage that sends what f yields. It ends when f returns; yield
// returns false when the group has stopped, and then f has to return.
//
// Closes its output. Blocks while a yielded value is not received.
func Generate[T any](g *Group, f func(yield func(T) bool) error) <-chan T {
	out := make(chan T)
	g.run(func(ctx context.Context) error {
		return f(func(v T) bool { return send(ctx, out, v) })
	}, func() { close(out) })
	return out
}

// Source starts a stage that sends the values of seq.
//
// Closes its output. Blocks while a value is not received.
func Source[T any](g *Group, seq iter.Seq[T]) <-chan T {
	out := make(chan T)
	SourceInto(g, out, seq)
	return out
}

// SourceInto is Source in the style of directional parameters.
//
// Closes out, so nobody else may send on it.
func SourceInto[T any](g *Group, out chan<- T, seq iter.Seq[T]) {
	g.run(func(ctx context.Context) error {
		for v := range seq {
			if !send(ctx, out, v) {
				break
			}
		}
		return nil
	}, func() { close(out) })
}

// Map starts a stage that sends f(v) for each value v it receives, in order.
//
// Closes its output. Blocks while a result is not received; holds one value.
func Map[In, Out any](g *Group, in <-chan In, f func(In) (Out, error)) <-chan Out {
	out := make(chan Out)
	MapInto(g, out, in, f)
	return out
}

// MapInto is Map in the style of directional parameters.
//
// Closes out, so nobody else may send on it.
func MapInto[In, Out any](g *Group, out chan<- Out, in <-chan In, f func(In) (Out, error)) {
	g.run(func(ctx context.Context) error { return mapEach(ctx, out, in, f) }, func() { close(out) })
}

// mapEach is the loop of Map and of each worker of FanOut.
func mapEach[In, Out any](ctx context.Context, out chan<- Out, in <-chan In, f func(In) (Out, error)) error {
	for v := range each(ctx, in) {
		result, err := f(v)
		if err != nil {
			return err
		}
		if !send(ctx, out, result) {
			break
		}
	}
	return nil
}

// Filter starts a stage that sends the values for which keep reports true, in
// order.
//
// Closes its output. Blocks while a kept value is not received.
func Filter[T any](g *Group, in <-chan T, keep func(T) (bool, error)) <-chan T {
	out := make(chan T)
	FilterInto(g, out, in, keep)
	return out
}

// FilterInto is Filter in the style of directional parameters.
//
// Closes out, so nobody else may send on it.
func FilterInto[T any](g *Group, out chan<- T, in <-chan T, keep func(T) (bool, error)) {
	g.run(func(ctx context.Context) error {
		for v := range each(ctx, in) {
			ok, err := keep(v)
			if err != nil {
				return err
			}
			if ok && !send(ctx, out, v) {
				break
			}
		}
		return nil
	}, func() { close(out) })
}

// Batch starts a stage that sends slices of size consecutive values. The last one
// may be shorter; it is not sent if the input ended because the group stopped.
// A size below one counts as one. The receiver owns the slice.
//
// Closes its output. Blocks while a batch is not received. A batch that is not
// full waits for the next value, without limit of time.
func Batch[T any](g *Group, in <-chan T, size int) <-chan []T {
	size = max(size, 1)
	out := make(chan []T)
	g.run(func(ctx context.Context) error {
		var batch []T
		for v := range each(ctx, in) {
			if batch = append(batch, v); len(batch) < size {
				continue
			}
			if !send(ctx, out, batch) {
				return nil
			}
			batch = nil
		}
		if len(batch) > 0 && ctx.Err() == nil {
			send(ctx, out, batch)
		}
		return nil
	}, func() { close(out) })
	return out
}

// Buffer starts a stage that passes values on, and lets the sender be up to size
// values ahead of the receiver.
//
// Closes its output. Blocks while size values wait. The k-th receive from the
// output is synchronized before the completion of the (k+size)-th send on it.
func Buffer[T any](g *Group, in <-chan T, size int) <-chan T {
	out := make(chan T, max(size, 0))
	g.run(func(ctx context.Context) error {
		for v := range each(ctx, in) {
			if !send(ctx, out, v) {
				break
			}
		}
		return nil
	}, func() { close(out) })
	return out
}

// Take starts a stage that passes on the first n values and then leaves.
//
// Closes its output after the n-th value. It does not drain its input: what sends
// there stays blocked until the group stops.
func Take[T any](g *Group, in <-chan T, n int) <-chan T {
	out := make(chan T)
	g.run(func(ctx context.Context) error {
		if n <= 0 {
			return nil
		}
		taken := 0
		for v := range each(ctx, in) {
			if !send(ctx, out, v) {
				break
			}
			if taken++; taken == n {
				break
			}
		}
		return nil
	}, func() { close(out) })
	return out
}
