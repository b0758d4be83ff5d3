package pipeline_test

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chanlint/chanlint/runtime/leakcheck"
	"github.com/chanlint/chanlint/runtime/pipeline"
)

func same1(v int) (int, error) { return v, nil }

// numbers yields 0 … n-1.
func numbers(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestStopAtOnce: nobody receives, and the inputs are foreign channels that
// nobody closes. Stop alone makes every stage leave.
func TestStopAtOnce(t *testing.T) {
	leakcheck.Verify(t)
	for _, s := range subjects()[1:] { // the first passes its input through
		g := pipeline.New(t.Context())
		out := s.build(g, make(chan int), same1)
		if err := g.Stop(); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if v, open := <-out; open {
			t.Errorf("%s: got %d", s.name, v)
		}
	}
}

// TestBounds: sizes that make no sense count as the nearest that does.
func TestBounds(t *testing.T) {
	leakcheck.Verify(t)
	for name, build := range map[string]func(g *pipeline.Group, in <-chan int) <-chan int{
		"Buffer": func(g *pipeline.Group, in <-chan int) <-chan int { return pipeline.Buffer(g, in, -1) },
		"FanOut": func(g *pipeline.Group, in <-chan int) <-chan int { return pipeline.FanOut(g, in, 0, same1) },
		"Batch": func(g *pipeline.Group, in <-chan int) <-chan int {
			return pipeline.Map(g, pipeline.Batch(g, in, 0), func(b []int) (int, error) { return b[0], nil })
		},
		"Merge": func(g *pipeline.Group, in <-chan int) <-chan int { return pipeline.Merge(g, in) },
	} {
		g := pipeline.New(t.Context())
		got := slices.Collect(pipeline.All(g, build(g, pipeline.Source(g, numbers(3)))))
		if err := g.Stop(); err != nil || !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	g := pipeline.New(t.Context())
	if _, open := <-pipeline.Merge[int](g); open {
		t.Error("Merge of nothing sends")
	}
	if _, open := <-pipeline.Take(g, pipeline.Source(g, count), 0); open {
		t.Error("Take of no values sends")
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
	if v, ok := pipeline.First(g, pipeline.Source(g, numbers(3))); ok {
		t.Errorf("First on a stopped group: got %d", v)
	}
}

// TestBatchFailure: the end of the input by a failure is not the end of the data,
// so the batch that was not full is not sent. A select would send it now and then.
func TestBatchFailure(t *testing.T) {
	leakcheck.Verify(t)
	for range 200 {
		g := pipeline.New(t.Context())
		source := pipeline.Generate(g, func(yield func(int) bool) error {
			for i := range 4 {
				yield(i)
			}
			return errFault
		})
		var got [][]int
		for b := range pipeline.Batch(g, source, 3) {
			got = append(got, b)
		}
		// The fourth value is received only after the first batch has been.
		if want := [][]int{{0, 1, 2}}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if err := g.Stop(); !errors.Is(err, errFault) {
			t.Errorf("got %v", err)
		}
	}
}

// TestCause: the first reason to stop is the one that is returned, again and again.
func TestCause(t *testing.T) {
	leakcheck.Verify(t)
	parent, cancel := context.WithCancelCause(t.Context())
	g := pipeline.New(parent)
	out := pipeline.Source(g, count)
	<-out
	cancel(errFault)
	for range out { // ends without Stop
	}
	for range 2 {
		if err := g.Wait(); !errors.Is(err, errFault) {
			t.Errorf("got %v, want the parent's cause", err)
		}
	}
	g = pipeline.New(t.Context())
	<-pipeline.Source(g, count)
	if err := g.Stop(); err != nil {
		t.Errorf("Stop after an early stop: %v", err)
	}
	if !errors.Is(g.Context().Err(), context.Canceled) {
		t.Error("the context of a stopped group is not cancelled")
	}
}

// TestPanicOnce: a panic is raised by the first Stop, is returned by the second,
// and is not lost if the group had been stopped before.
func TestPanicOnce(t *testing.T) {
	leakcheck.Verify(t)
	g := pipeline.New(t.Context())
	started := make(chan bool)
	g.Go(func(ctx context.Context) error {
		close(started)
		<-ctx.Done() // it panics because the group stops
		panic("late")
	})
	<-started
	p := raised(func() { _ = g.Stop() })
	if p == nil || p.Value != "late" || !strings.Contains(string(p.Stack), "TestPanicOnce") ||
		!strings.Contains(p.Error(), "panic: late\n") || p.Unwrap() != nil {
		t.Errorf("got %v", p)
	}
	if p := raised(func() { _ = g.Stop() }); p != nil {
		t.Errorf("raised again: %v", p)
	}
	g = pipeline.New(t.Context())
	g.Go(func(context.Context) error { panic(errFault) })
	if p := raised(func() { _ = g.Wait() }); p == nil {
		t.Error("Wait does not raise the panic")
	}
	if err := g.Wait(); !errors.Is(err, errFault) {
		t.Errorf("second Wait: got %v", err)
	}
}

// raised returns the PanicError that f panics with, or nil.
func raised(f func()) (p *pipeline.PanicError) {
	defer func() { p, _ = recover().(*pipeline.PanicError) }()
	f()
	return nil
}

func TestForEachLimit(t *testing.T) {
	leakcheck.Verify(t)
	const limit = 3
	var running, most, calls atomic.Int64
	err := pipeline.ForEach(t.Context(), limit, numbers(100), func(context.Context, int) error {
		now := running.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		calls.Add(1)
		running.Add(-1)
		return nil
	})
	if err != nil || calls.Load() != 100 || most.Load() > limit {
		t.Errorf("got %v, %d calls, %d at a time", err, calls.Load(), most.Load())
	}
}

// TestForEachEnds: an error ends the loop over an endless sequence, and a panic of
// the sequence ends the calls that run.
func TestForEachEnds(t *testing.T) {
	leakcheck.Verify(t)
	err := pipeline.ForEach(t.Context(), 2, count, func(_ context.Context, v int) error {
		if v == 3 {
			return errFault
		}
		return nil
	})
	if !errors.Is(err, errFault) {
		t.Errorf("got %v", err)
	}
	defer func() {
		if value := recover(); value != errFault {
			t.Errorf("recovered %v, want the sequence's own panic", value)
		}
	}()
	// Not t.Context, whose end would end the calls, too.
	_ = pipeline.ForEach(context.Background(), 2, func(yield func(int) bool) {
		yield(1)
		panic(errFault)
	}, func(ctx context.Context, _ int) error {
		<-ctx.Done()
		return nil
	})
}

// TestForEachFaults is TestFaults for the bounded parallel loop.
func TestForEachFaults(t *testing.T) {
	for run := range *faultRuns {
		r := rand.New(rand.NewPCG(uint64(run), 2))
		leaks := &leakRecorder{name: t.Name()}
		leakcheck.Verify(leaks)
		parent, cancel := context.WithCancelCause(t.Context())
		n := r.IntN(20)
		f := &fault{ending: ending(r.IntN(int(endings))), place: r.IntN(2), call: r.Int64N(20) + 1}
		var calls atomic.Int64
		var err error
		func() {
			defer func() {
				if value := recover(); value != nil {
					err, _ = value.(error)
				}
			}()
			err = pipeline.ForEach(parent, r.IntN(5), func(yield func(int) bool) {
				for i := range n {
					if f.ending == panicked { // an iterator cannot fail, and exiting would end the test
						_ = f.strike(0)
					}
					if !yield(i) {
						return
					}
				}
			}, func(context.Context, int) error {
				if f.ending == canceled && calls.Load() == f.call {
					cancel(errFault)
				}
				calls.Add(1)
				return f.strike(1)
			})
		}()
		cancel(nil)
		if calls.Load() < int64(n) && err == nil {
			t.Errorf("run %d: %d of %d calls without an error", run, calls.Load(), n)
		}
		if err != nil && !errors.Is(err, errFault) && !errors.Is(err, pipeline.ErrGoexit) {
			t.Errorf("run %d: %v", run, err)
		}
		for _, leak := range leaks.end() {
			t.Fatalf("run %d: %s", run, leak)
		}
	}
}

// TestBroadcast: everybody gets the value of the one Send that counts.
func TestBroadcast(t *testing.T) {
	leakcheck.Verify(t)
	b := pipeline.NewBroadcast[int]()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errFault)
	if _, err := b.Value(ctx); !errors.Is(err, errFault) {
		t.Errorf("Value with a cancelled context: got %v", err)
	}
	var all sync.WaitGroup
	var sent, sum atomic.Int64
	for i := range 10 {
		all.Go(func() {
			if b.Send(i) {
				sent.Add(1)
			}
		})
		all.Go(func() {
			<-b.Done()
			v, err := b.Value(t.Context())
			if err != nil {
				t.Error(err)
			}
			sum.Add(int64(v))
		})
	}
	all.Wait()
	v, err := b.Value(t.Context())
	if err != nil || sent.Load() != 1 || sum.Load() != int64(10*v) {
		t.Errorf("got %v, %d sends, sum %d of ten times %d", err, sent.Load(), sum.Load(), v)
	}
}
