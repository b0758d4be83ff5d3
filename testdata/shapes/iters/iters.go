// Package iters has generic functions and iterators around channels.
package iters

import (
	"iter"
	"sync"
)

// seq turns a channel into an iterator.
func seq[T any](c <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

// source turns values into a channel, until done is closed.
func source[T any](done <-chan struct{}, xs ...T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, x := range xs {
			select {
			case c <- x:
			case <-done:
				return
			}
		}
	}()
	return c
}

func mapped[T, U any](done <-chan struct{}, in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		defer close(out)
		for v := range in {
			select {
			case out <- f(v):
			case <-done:
				return
			}
		}
	}()
	return out
}

// All values pass through generic stages.
func stages_ok() {
	done := make(chan struct{})
	defer close(done)
	for n := range seq(mapped(done, source(done, "a", "bc"), func(s string) int { return len(s) })) {
		println(n)
	}
}

// The loop over the iterator breaks.
func breakStages_ok() {
	done := make(chan struct{})
	defer close(done)
	for n := range seq(mapped(done, source(done, 1, 2, 3), func(n int) int { return n * n })) {
		if n > 1 {
			break
		}
	}
}

// producer is a range-over-func producer: a goroutine per loop, which the loop
// ends however it is left.
func producer(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		c := make(chan int)
		quit := make(chan struct{})
		var wg sync.WaitGroup
		defer wg.Wait()
		defer close(quit)
		wg.Go(func() {
			defer close(c)
			for i := range n {
				select {
				case c <- i:
				case <-quit:
					return
				}
			}
		})
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

func rangeFunc_ok() {
	for v := range producer(10) {
		if v == 2 {
			break
		}
	}
	for v := range producer(2) {
		_ = v
	}
}

// A send in the body of a range over a function.
func sendInBody_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		for v := range producer(3) {
			c <- v
		}
	}()
	for range c {
	}
}

// A close behind a range over a function whose body may return.
func returnFromBody_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		for v := range producer(3) {
			if v == 1 {
				return
			}
			c <- v
		}
	}()
	for range c {
	}
}

// iter.Pull and its stop function.
func pull_ok() {
	next, stop := iter.Pull(producer(5))
	defer stop()
	for {
		v, ok := next()
		if !ok || v == 3 {
			return
		}
	}
}

type queue[T any] struct {
	c    chan T
	quit chan struct{}
}

func newQueue[T any]() *queue[T] {
	return &queue[T]{c: make(chan T), quit: make(chan struct{})}
}

func (q *queue[T]) put(v T) bool {
	select {
	case q.c <- v:
		return true
	case <-q.quit:
		return false
	}
}

func (q *queue[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			select {
			case v := <-q.c:
				if !yield(v) {
					return
				}
			case <-q.quit:
				return
			}
		}
	}
}

// A generic type with methods.
func genericType_ok() {
	q := newQueue[string]()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := range q.all() {
			if s == "last" {
				close(q.quit)
			}
		}
	}()
	q.put("first")
	q.put("last")
	q.put("late")
	<-done
}

type future[T any] struct {
	done chan struct{}
	val  T
}

func async[T any](f func() T) *future[T] {
	r := &future[T]{done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.val = f()
	}()
	return r
}

func (f *future[T]) get() T {
	<-f.done
	return f.val
}

func future_ok() {
	f := async(func() int { return 1 })
	println(f.get(), f.get())
	async(func() string { return "dropped" })
}

// A channel type as the type argument.
func send[C ~chan T, T any](c C, v T) { c <- v }

type intChan chan int

func channelArgument_ok() {
	c := make(intChan)
	go send(c, 1)
	<-c
}

// A constraint that allows several directions.
func drain[C ~chan T | ~<-chan T, T any](c C) (n int) {
	for range c {
		n++
	}
	return n
}

func directions_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
	}()
	println(drain(c))
}
