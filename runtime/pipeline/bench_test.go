package pipeline_test

import (
	"context"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/chanlint/chanlint/runtime/pipeline"
)

// BenchmarkStages compares what one value costs on its way through a source, one
// stage and a consumer, in three hands: this package's; the loops a textbook
// writes, which never leave early; and golang.org/x/sync/errgroup with a select
// on its context at each send and receive, which is what leaving early takes.
func BenchmarkStages(b *testing.B) {
	for _, s := range []struct {
		name                  string
		group, loop, errgroup func(b *testing.B)
	}{
		{"Source", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Source(g, numbers(b.N)))
		}, func(b *testing.B) {
			drain(loopSource(b.N))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errSource(ctx, g, b.N))
		}},
		{"Map", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Map(g, pipeline.Source(g, numbers(b.N)), same1))
		}, func(b *testing.B) {
			drain(loopStage(1, loopSource(b.N), func(out chan<- int, v int) { out <- v }))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errStage(ctx, g, 1, 0, errSource(ctx, g, b.N)))
		}},
		{"Filter", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Filter(g, pipeline.Source(g, numbers(b.N)), even))
		}, func(b *testing.B) {
			drain(loopStage(1, loopSource(b.N), func(out chan<- int, v int) {
				if v%2 == 0 {
					out <- v
				}
			}))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errFilter(ctx, g, errSource(ctx, g, b.N)))
		}},
		{"Batch", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Batch(g, pipeline.Source(g, numbers(b.N)), 64))
		}, func(b *testing.B) {
			drain(loopBatch(loopSource(b.N), 64))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errBatch(ctx, g, errSource(ctx, g, b.N), 64))
		}},
		{"Buffer", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Buffer(g, pipeline.Source(g, numbers(b.N)), 64))
		}, func(b *testing.B) {
			out := make(chan int, 64)
			go func() {
				defer close(out)
				for v := range loopSource(b.N) {
					out <- v
				}
			}()
			drain(out)
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errStage(ctx, g, 1, 64, errSource(ctx, g, b.N)))
		}},
		{"Take", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.Take(g, pipeline.Source(g, numbers(b.N)), b.N))
		}, func(b *testing.B) {
			drain(loopStage(1, loopSource(b.N), func(out chan<- int, v int) { out <- v }))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errStage(ctx, g, 1, 0, errSource(ctx, g, b.N)))
		}},
		{"FanOut4", func(b *testing.B) {
			g := pipeline.New(b.Context())
			receive(b, g, pipeline.FanOut(g, pipeline.Source(g, numbers(b.N)), 4, same1))
		}, func(b *testing.B) {
			drain(loopStage(4, loopSource(b.N), func(out chan<- int, v int) { out <- v }))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errStage(ctx, g, 4, 0, errSource(ctx, g, b.N)))
		}},
		{"Merge4", func(b *testing.B) {
			g := pipeline.New(b.Context())
			in := pipeline.Source(g, numbers(b.N))
			receive(b, g, pipeline.Merge(g, in, in, in, in))
		}, func(b *testing.B) {
			drain(loopStage(4, loopSource(b.N), func(out chan<- int, v int) { out <- v }))
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			wait(b, g, errStage(ctx, g, 4, 0, errSource(ctx, g, b.N)))
		}},
		{"Tee", func(b *testing.B) {
			g := pipeline.New(b.Context())
			left, right := pipeline.Tee(g, pipeline.Source(g, numbers(b.N)))
			g.Go(func(context.Context) error { drain(right); return nil })
			drain(left)
			if err := g.Wait(); err != nil {
				b.Fatal(err)
			}
		}, func(b *testing.B) {
			left, right := make(chan int), make(chan int)
			go func() {
				defer close(left)
				defer close(right)
				for v := range loopSource(b.N) {
					left <- v
					right <- v
				}
			}()
			var wg sync.WaitGroup
			wg.Go(func() { drain(right) })
			drain(left)
			wg.Wait()
		}, func(b *testing.B) {
			g, ctx := errgroup.WithContext(b.Context())
			left, right := errTee(ctx, g, errSource(ctx, g, b.N))
			g.Go(func() error { drain(right); return nil })
			wait(b, g, left)
		}},
		{"ForEach4", func(b *testing.B) {
			nothing := func(context.Context, int) error { return nil }
			if err := pipeline.ForEach(b.Context(), 4, numbers(b.N), nothing); err != nil {
				b.Fatal(err)
			}
		}, func(b *testing.B) {
			slots := make(chan struct{}, 4)
			var wg sync.WaitGroup
			for range b.N {
				slots <- struct{}{}
				wg.Go(func() { <-slots })
			}
			wg.Wait()
		}, func(b *testing.B) {
			g, _ := errgroup.WithContext(b.Context())
			g.SetLimit(4)
			for range b.N {
				g.Go(func() error { return nil })
			}
			wait[int](b, g, nil)
		}},
	} {
		b.Run(s.name+"/pipeline", timed(s.group))
		b.Run(s.name+"/loop", timed(s.loop))
		b.Run(s.name+"/errgroup", timed(s.errgroup))
	}
}

// timed adds the processor time of each value to what a benchmark reports.
func timed(f func(b *testing.B)) func(b *testing.B) {
	return func(b *testing.B) {
		before := cpuTime()
		f(b)
		b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
	}
}

func even(v int) (bool, error) { return v%2 == 0, nil }

func drain[T any](in <-chan T) {
	for range in {
	}
}

// receive is the end of this package's pipelines.
func receive[T any](b *testing.B, g *pipeline.Group, in <-chan T) {
	for range pipeline.All(g, in) {
	}
	if err := g.Stop(); err != nil {
		b.Fatal(err)
	}
}

// wait is the end of errgroup's pipelines.
func wait[T any](b *testing.B, g *errgroup.Group, in <-chan T) {
	if in != nil {
		drain(in)
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
}
