package pipeline_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/chanlint/chanlint/runtime/leakcheck"
	"github.com/chanlint/chanlint/runtime/pipeline"
)

var faultRuns = flag.Int("pipeline.runs", 300, "random runs of each stage in TestFaults")

// The ways a pipeline ends.
type ending int

const (
	drained  ending = iota
	stopped         // the consumer breaks out of its loop
	canceled        // the context is cancelled from outside
	failed          // a function returns an error
	panicked        // a function panics
	exited          // a function calls runtime.Goexit
	consumerPanicked
	endings
)

func (e ending) String() string {
	return [...]string{"drained", "stopped", "canceled", "failed", "panicked", "exited", "consumer panicked"}[e]
}

var errFault = errors.New("injected")

// A fault strikes at the given call of a function, at the given place of the
// pipeline.
type fault struct {
	ending ending
	place  int // 0 source, 1 before the stage, 2 in the stage
	call   int64
	calls  atomic.Int64
}

func (f *fault) strike(place int) error {
	if place != f.place || f.calls.Add(1) != f.call {
		return nil
	}
	switch f.ending {
	case failed:
		return errFault
	case panicked:
		panic(errFault)
	case exited:
		runtime.Goexit()
	}
	return nil
}

const batchSize, taken, workers = 3, 5, 3

// A subject is a stage under test: the values 0 … n-1 go in, what comes out is
// known.
type subject struct {
	name    string
	ordered bool
	build   func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int
	want    func(in []int) []int
}

func same(in []int) []int { return in }

func subjects() []subject {
	return []subject{
		{"Source", true, func(_ *pipeline.Group, in <-chan int, _ func(int) (int, error)) <-chan int { return in }, same},
		{"Map", true, pipeline.Map[int, int], same},
		{"MapInto", true, func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int {
			out := make(chan int, 2)
			pipeline.MapInto(g, out, in, f)
			return out
		}, same},
		{"Filter", true, func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int {
			return pipeline.Filter(g, in, func(v int) (bool, error) {
				v, err := f(v)
				return v%2 == 0, err
			})
		}, func(in []int) []int { return slices.DeleteFunc(in, func(v int) bool { return v%2 != 0 }) }},
		{"Batch", true, func(g *pipeline.Group, in <-chan int, _ func(int) (int, error)) <-chan int {
			flat := make(chan int)
			pipeline.SourceInto(g, flat, func(yield func(int) bool) {
				for b := range pipeline.Batch(g, in, batchSize) {
					for _, v := range b {
						if !yield(v) {
							return
						}
					}
				}
			})
			return flat
		}, same},
		{"Buffer", true, func(g *pipeline.Group, in <-chan int, _ func(int) (int, error)) <-chan int {
			return pipeline.Buffer(g, in, 4)
		}, same},
		{"Take", true, func(g *pipeline.Group, in <-chan int, _ func(int) (int, error)) <-chan int {
			return pipeline.Take(g, in, taken)
		}, func(in []int) []int { return in[:min(taken, len(in))] }},
		{"FanOut", false, func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int {
			return pipeline.FanOut(g, in, workers, f)
		}, same},
		{"Merge", false, func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int {
			return pipeline.Merge(g, pipeline.Map(g, in, f), pipeline.Map(g, in, f), pipeline.Take(g, in, 2))
		}, same},
		{"Tee", true, func(g *pipeline.Group, in <-chan int, f func(int) (int, error)) <-chan int {
			left, right := pipeline.Tee(g, in)
			g.Go(func(context.Context) error {
				for v := range right {
					if _, err := f(v); err != nil {
						return err
					}
				}
				return nil
			})
			return left
		}, same},
	}
}

// TestFaults runs each stage many times, ends each run in a random way at a
// random moment, and looks for goroutines after each. What came out must be what
// the stage promises, and whatever is missing must be explained by an error.
func TestFaults(t *testing.T) {
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			for run := range *faultRuns {
				r := rand.New(rand.NewPCG(uint64(run), 1))
				trial(t, s, r)
				if t.Failed() {
					t.Fatalf("run %d", run)
				}
			}
		})
	}
}

func trial(t *testing.T, s subject, r *rand.Rand) {
	leaks := &leakRecorder{name: t.Name()}
	leakcheck.Verify(leaks)
	n := r.IntN(20)
	f := &fault{ending: ending(r.IntN(int(endings))), place: r.IntN(3), call: r.Int64N(20) + 1}
	after := r.IntN(20) // values the consumer receives before it acts
	parent, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	g := pipeline.New(parent)
	source := pipeline.Generate(g, func(yield func(int) bool) error {
		for i := range n {
			if err := f.strike(0); err != nil {
				return err
			}
			if !yield(i) {
				return nil
			}
		}
		return nil
	})
	before := pipeline.Map(g, source, func(v int) (int, error) { return v, f.strike(1) })
	out := s.build(g, before, func(v int) (int, error) { return v, f.strike(2) })
	if f.ending == canceled && after%2 == 0 {
		go cancel(errFault) // at any moment, also before the first value
	}
	got, err := consume(g, out, f.ending, after, cancel)
	var all []int
	for i := range n {
		all = append(all, i)
	}
	judge(t, s, f.ending, s.want(all), got, err)
	for _, leak := range leaks.end() {
		t.Errorf("%v, %d values: %s", f.ending, n, leak)
	}
}

// consume receives until it is told otherwise, and returns what it received and
// how the group ended. A panic that reaches it becomes an error.
func consume(g *pipeline.Group, out <-chan int, e ending, after int, cancel context.CancelCauseFunc) (got []int, err error) {
	defer func() {
		if value := recover(); value != nil {
			err, _ = value.(error)
		}
	}()
	for v := range pipeline.All(g, out) {
		got = append(got, v)
		if len(got) <= after {
			continue
		}
		switch e {
		case stopped:
			return got, g.Stop()
		case canceled:
			cancel(errFault)
		case consumerPanicked:
			panic(errFault)
		}
	}
	return got, g.Stop()
}

func judge(t *testing.T, s subject, e ending, want, got []int, err error) {
	t.Helper()
	where := fmt.Sprintf("%v: got %v of %v, error %v", e, got, want, err)
	switch e {
	case drained, stopped:
		if err != nil {
			t.Errorf("error without a failure: %s", where)
		}
	case exited:
		if err != nil && !errors.Is(err, pipeline.ErrGoexit) {
			t.Errorf("foreign error: %s", where)
		}
	default:
		if err != nil && !errors.Is(err, errFault) {
			t.Errorf("foreign error: %s", where)
		}
	}
	if len(got) < len(want) && err == nil && e != stopped {
		t.Errorf("values are missing without an error: %s", where)
	}
	if s.ordered {
		if len(got) > len(want) || !slices.Equal(got, want[:len(got)]) {
			t.Errorf("not in order: %s", where)
		}
		return
	}
	sorted := slices.Sorted(slices.Values(got))
	if len(slices.Compact(slices.Clone(sorted))) != len(got) || len(got) > len(want) {
		t.Errorf("not a subset: %s", where)
	}
}

// leakRecorder is the test that leakcheck fails, if it must.
type leakRecorder struct {
	name     string
	errors   []string
	cleanups []func()
}

func (r *leakRecorder) Cleanup(f func())  { r.cleanups = append(r.cleanups, f) }
func (r *leakRecorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }
func (r *leakRecorder) Helper()           {}
func (r *leakRecorder) Name() string      { return r.name }

func (r *leakRecorder) end() []string {
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
	return r.errors
}
