package pipeline

import (
	"context"
	"iter"
)

// All returns an iterator over the values of the pipeline's last output. When
// the loop ends, be it because in is closed, by break, return or panic, the group
// is stopped: the loop's end is the end of the pipeline. Ask Stop for the error
// afterwards; a panic of a stage is raised by the loop itself.
//
// For a pipeline with several ends, range over their channels in goroutines of
// the group, and call Wait.
func All[T any](g *Group, in <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer g.halt() // the body of the loop may panic
		for v := range each(g.ctx, in) {
			if !yield(v) {
				break
			}
		}
		_ = g.Stop() // the error stays in the group
	}
}

// First returns the first value of in and stops the group, whose other values
// nobody wants. It returns false if there was none: the error of Stop says why.
func First[T any](g *Group, in <-chan T) (first T, ok bool) {
	for v := range All(g, in) {
		return v, true
	}
	return first, false
}

// ForEach calls f for each value of seq, at most limit calls at a time, each in a
// goroutine of its own, and returns when all have returned. A limit below one
// counts as one. The first error cancels the context that the calls are given
// and is returned; a panic is raised as a *PanicError.
//
// The slots are a channel of capacity limit: the k-th receive from it is
// synchronized before the completion of the (k+limit)-th send, so what a call has
// written is visible to the call that takes over its slot. Blocks while limit
// calls run.
func ForEach[T any](ctx context.Context, limit int, seq iter.Seq[T], f func(ctx context.Context, v T) error) error {
	g := New(ctx)
	defer g.halt() // seq may panic
	slots := make(chan struct{}, max(limit, 1))
	for v := range seq {
		if !send(g.ctx, slots, struct{}{}) {
			break
		}
		g.run(func(ctx context.Context) error { return f(ctx, v) }, func() { <-slots })
	}
	return g.Wait()
}
