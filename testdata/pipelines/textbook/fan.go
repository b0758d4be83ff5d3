package textbook

import (
	"context"
	"sync"
)

// Fan-out to two squarers, fan-in by a merge that a WaitGroup closes.
func merge(cs ...<-chan int) <-chan int {
	var wg sync.WaitGroup
	out := make(chan int)
	output := func(c <-chan int) {
		for n := range c {
			out <- n
		}
		wg.Done()
	}
	wg.Add(len(cs))
	for _, c := range cs {
		go output(c)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func fan_ok() {
	in := generate(2, 3, 4)
	for n := range merge(square(in), square(in)) {
		println(n)
	}
}

// Every stage has a case for done, so that the consumer may leave.
func generateUntil(done <-chan struct{}, nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for _, n := range nums {
			select {
			case out <- n:
			case <-done:
				return
			}
		}
	}()
	return out
}

func squareUntil(done <-chan struct{}, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			select {
			case out <- n * n:
			case <-done:
				return
			}
		}
	}()
	return out
}

func leaveEarly_ok() {
	done := make(chan struct{})
	defer close(done)
	out := squareUntil(done, generateUntil(done, 2, 3, 4))
	println(<-out)
}

// The same with a context.
func squareCtx(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			select {
			case out <- n * n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func context_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for n := range squareCtx(ctx, generateUntil(ctx.Done(), 1, 2, 3)) {
		if n > 1 {
			break
		}
	}
}

var files = []string{"a", "b", "c"}

func thumbnail(name string) (int, error) { return len(name), nil }

// The parallel loop with one message per iteration.
func parallelLoop_ok() {
	ch := make(chan struct{})
	for _, f := range files {
		go func(f string) {
			_, _ = thumbnail(f)
			ch <- struct{}{}
		}(f)
	}
	for range files {
		<-ch
	}
}

// The parallel loop that stops at an error, with a buffer for all.
func parallelLoopErrors_ok() {
	type item struct {
		n   int
		err error
	}
	ch := make(chan item, len(files))
	for _, f := range files {
		go func() {
			var it item
			it.n, it.err = thumbnail(f)
			ch <- it
		}()
	}
	for range files {
		if it := <-ch; it.err != nil {
			return
		}
	}
}

// The parallel loop over a channel of unknown length, with a WaitGroup.
func parallelLoopClosed_ok() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for _, f := range files {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err := thumbnail(f)
			if err != nil {
				return
			}
			sizes <- n
		}()
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	total := 0
	for size := range sizes {
		total += size
	}
	println(total)
}

// A bounded number of workers.
func bounded_ok() {
	done := make(chan struct{})
	defer close(done)
	in := generateUntil(done, 1, 2, 3, 4)
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
			for n := range in {
				select {
				case out <- n:
				case <-done:
					return
				}
			}
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for range out {
	}
}

// One close tells all goroutines at once.
func broadcast_ok() {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
		}()
	}
	close(start)
	wg.Wait()
}
