package pipeline_test

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// The stages that the benchmarks compare with: the textbook's, whose goroutines
// leave only when their input ends, and errgroup's, which leave on cancellation.

func loopSource(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i
		}
	}()
	return out
}

func loopStage(workers int, in <-chan int, f func(out chan<- int, v int)) <-chan int {
	out := make(chan int)
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for v := range in {
				f(out, v)
			}
		})
	}
	go func() {
		defer close(out)
		busy.Wait()
	}()
	return out
}

func loopBatch(in <-chan int, size int) <-chan []int {
	out := make(chan []int)
	go func() {
		defer close(out)
		var batch []int
		for v := range in {
			if batch = append(batch, v); len(batch) == size {
				out <- batch
				batch = nil
			}
		}
		if len(batch) > 0 {
			out <- batch
		}
	}()
	return out
}

func errSource(ctx context.Context, g *errgroup.Group, n int) <-chan int {
	out := make(chan int)
	g.Go(func() error {
		defer close(out)
		for i := range n {
			select {
			case out <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return out
}

func errStage(ctx context.Context, g *errgroup.Group, workers, size int, in <-chan int) <-chan int {
	out := make(chan int, size)
	var busy sync.WaitGroup
	for range workers {
		busy.Add(1)
		g.Go(func() error {
			defer busy.Done()
			for {
				select {
				case v, ok := <-in:
					if !ok {
						return nil
					}
					select {
					case out <- v:
					case <-ctx.Done():
						return ctx.Err()
					}
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		})
	}
	g.Go(func() error {
		defer close(out)
		busy.Wait()
		return nil
	})
	return out
}

func errFilter(ctx context.Context, g *errgroup.Group, in <-chan int) <-chan int {
	out := make(chan int)
	g.Go(func() error {
		defer close(out)
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return nil
				}
				if v%2 != 0 {
					continue
				}
				select {
				case out <- v:
				case <-ctx.Done():
					return ctx.Err()
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return out
}

func errBatch(ctx context.Context, g *errgroup.Group, in <-chan int, size int) <-chan []int {
	out := make(chan []int)
	g.Go(func() error {
		defer close(out)
		var batch []int
		for {
			select {
			case v, ok := <-in:
				if ok {
					batch = append(batch, v)
				}
				if ok && len(batch) < size || len(batch) == 0 {
					if !ok {
						return nil
					}
					continue
				}
				select {
				case out <- batch:
					batch = nil
				case <-ctx.Done():
					return ctx.Err()
				}
				if !ok {
					return nil
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return out
}

func errTee(ctx context.Context, g *errgroup.Group, in <-chan int) (<-chan int, <-chan int) {
	left, right := make(chan int), make(chan int)
	g.Go(func() error {
		defer close(left)
		defer close(right)
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return nil
				}
				for _, out := range []chan int{left, right} {
					select {
					case out <- v:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return left, right
}
