// Package leaksend leaves a stage of the textbook pipeline at its send.
package leaksend

import (
	"context"
	"errors"
)

var fails = true

func check() error {
	if fails {
		return errors.New("failed")
	}
	return nil
}

// The printer returns early; both stages stay.
func earlyReturn_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		for x := range 10 {
			naturals <- x // leaks
		}
	}()
	go func() {
		defer close(squares)
		for x := range naturals {
			squares <- x * x // leaks // want `send on squares blocks forever.*`
		}
	}()
	for x := range squares {
		println(x)
		if check() != nil {
			return
		}
	}
}

func earlyReturn_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		for x := range 10 {
			naturals <- x
		}
	}()
	go func() {
		defer close(squares)
		for x := range naturals {
			squares <- x * x
		}
	}()
	for x := range squares {
		println(x)
		if check() != nil {
			for range squares {
			}
			return
		}
	}
}

// The same, but the values decide: what a message says is beyond the analyzer.
func FN_valueDecides_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		for x := range 10 {
			naturals <- x // leaks
		}
	}()
	go func() {
		defer close(squares)
		for x := range naturals {
			squares <- x * x // leaks
		}
	}()
	for x := range squares {
		if x > 3 {
			return
		}
	}
}

func valueDecides_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		for x := range 10 {
			naturals <- x
		}
	}()
	go func() {
		defer close(squares)
		for x := range naturals {
			squares <- x * x
		}
	}()
	for x := range squares {
		if x > 3 {
			for range squares {
			}
			return
		}
	}
}

// The squarer has no case for the context that the counter watches.
func noCtxCase_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := square(count(ctx))
	println(<-out)
}

// count has room for all its values, so that the squarer gets them even when
// the context is cancelled.
func count(ctx context.Context) <-chan int {
	out := make(chan int, 2)
	go func() {
		defer close(out)
		for x := range 2 {
			select {
			case out <- x:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			out <- n * n // leaks in noCtxCase_bad // want `send on out blocks forever.*`
		}
	}()
	return out
}

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

func noCtxCase_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := squareCtx(ctx, count(ctx))
	println(<-out)
}

// The consumer of the returned channel takes one value of two.
func oneOfTwo_bad() {
	out := generate(2, 3)
	println(<-out)
}

func generate(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n // leaks in oneOfTwo_bad // want `send on out blocks forever.*`
		}
		close(out)
	}()
	return out
}

// A buffer for all of them, and no goroutine at all.
func generateBuffered(nums ...int) <-chan int {
	out := make(chan int, len(nums))
	for _, n := range nums {
		out <- n
	}
	close(out)
	return out
}

func oneOfTwo_ok() {
	out := generateBuffered(2, 3)
	println(<-out)
}

// The buffer is one too small for the values that nobody receives.
func bufferTooSmall_bad() {
	squares := make(chan int, 2)
	go func() {
		for x := range 3 {
			squares <- x * x // leaks // want `send on squares blocks forever.*`
		}
	}()
	if check() != nil {
		return
	}
	for range 3 {
		<-squares
	}
}

func bufferTooSmall_ok() {
	squares := make(chan int, 3)
	go func() {
		for x := range 3 {
			squares <- x * x
		}
	}()
	if check() != nil {
		return
	}
	for range 3 {
		<-squares
	}
}

// The parallel loop returns at the first error, without a buffer.
func parallelLoop_bad() {
	errs := make(chan error)
	for range 3 {
		go func() {
			errs <- check() // leaks // want `send on errs blocks forever.*`
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			return
		}
	}
}

func parallelLoop_ok() {
	errs := make(chan error, 3)
	for range 3 {
		go func() {
			errs <- check()
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			return
		}
	}
}

// The workers leave at an error and the counter's values stay.
func lostWorkers_bad() {
	naturals := make(chan int)
	left := make(chan struct{})
	go func() {
		defer close(naturals)
		for x := range 5 {
			naturals <- x // leaks // want `send on naturals blocks forever.*`
		}
	}()
	for range 2 {
		go func() {
			defer func() { left <- struct{}{} }()
			for range naturals {
				if check() != nil {
					return
				}
			}
		}()
	}
	<-left
	<-left
}

func lostWorkers_ok() {
	naturals := make(chan int)
	left := make(chan struct{})
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		defer close(naturals)
		for x := range 5 {
			select {
			case naturals <- x:
			case <-quit:
				return
			}
		}
	}()
	for range 2 {
		go func() {
			defer func() { left <- struct{}{} }()
			for range naturals {
				if check() != nil {
					return
				}
			}
		}()
	}
	<-left
	<-left
}
