// Package ownership hands channels, or the duty to close them, to somebody
// else.
package ownership

import (
	"errors"
	"io"
	"sync"

	"chanlint.test/testdata/gate"
)

// The right to close goes through another channel.
func closeHandedOver_ok() {
	owner := make(chan chan int)
	done := make(chan int)
	go func() {
		c := <-owner
		close(c)
	}()
	owner <- done
	<-done
}

// A reply channel travels as the payload of a request.
func replyChannel_ok() {
	reqs := make(chan chan int)
	go func() {
		for reply := range reqs {
			reply <- 1
		}
	}()
	c := make(chan int)
	reqs <- c
	println(<-c)
	close(reqs)
}

// A channel of channels keeps the results in order.
func ordered_ok() {
	queue := make(chan chan int, 3)
	go func() {
		defer close(queue)
		for i := range 3 {
			c := make(chan int)
			queue <- c
			go func() { c <- i }()
		}
	}()
	for c := range queue {
		println(<-c)
	}
}

// The done channel is closed by the receiving side, to stop the sender.
func receiverClosesDone_ok() {
	done := make(chan struct{})
	nums := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case nums <- i:
			case <-done:
				return
			}
		}
	}()
	println(<-nums, <-nums)
	close(done)
}

// The receiver drains until the sender has closed.
func drain_ok() {
	nums := make(chan int)
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i
		}
	}()
	for n := range nums {
		if n == 3 {
			go func() {
				for range nums {
				}
			}()
			break
		}
	}
}

// A deferred drain.
func deferredDrain_ok() {
	nums := make(chan int)
	defer func() {
		for range nums {
		}
	}()
	go func() {
		defer close(nums)
		for i := range 10 {
			nums <- i
		}
	}()
	if <-nums == 0 {
		return
	}
	<-nums
}

// An early return before the goroutine is started.
func notStartedYet_ok() {
	errc := make(chan error)
	if gateClosed() {
		return
	}
	go func() { errc <- nil }()
	<-errc
}

func gateClosed() bool { return true }

// A constructor that fails closes what it has opened.
type stream struct {
	out  chan int
	quit chan struct{}
}

func open(fail bool) (*stream, error) {
	s := &stream{out: make(chan int), quit: make(chan struct{})}
	go s.run()
	if fail {
		close(s.quit)
		return nil, errors.New("cannot open")
	}
	return s, nil
}

func (s *stream) run() {
	defer close(s.out)
	for i := 0; ; i++ {
		select {
		case s.out <- i:
		case <-s.quit:
			return
		}
	}
}

func failedConstructor_ok() {
	if _, err := open(true); err == nil {
		return
	}
	s, err := open(false)
	if err != nil {
		return
	}
	<-s.out
	close(s.quit)
	for range s.out {
	}
}

// The caller of the returned function decides when the goroutine ends.
func stopFunction_ok() {
	nums, stop := numbers()
	defer stop()
	println(<-nums)
}

func numbers() (<-chan int, func()) {
	c := make(chan int)
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-quit:
				return
			}
		}
	})
	return c, func() {
		close(quit)
		wg.Wait()
	}
}

// A pipe of package io ends the reader.
func ioPipe_ok() {
	r, w := io.Pipe()
	done := make(chan int)
	go func() {
		n := 0
		buf := make([]byte, 4)
		for {
			m, err := r.Read(buf)
			n += m
			if err != nil {
				done <- n
				return
			}
		}
	}()
	_, _ = w.Write([]byte("hello"))
	_ = w.Close()
	<-done
}

// The returned channel has a buffer, so that it may be dropped.
func bufferedFuture_ok() {
	_ = future()
	println(<-future())
}

func future() <-chan int {
	c := make(chan int, 1)
	go func() {
		defer close(c)
		c <- 42
	}()
	return c
}

// A package variable outlives the function; a goroutine elsewhere serves it.
var requests = make(chan int)

func global_ok() {
	go func() { requests <- 1 }()
	serveOne()
}

func serveOne() { <-requests }

// The channel is stored in a struct that a method value captures.
func storedForLater_ok() {
	s := &stream{quit: make(chan struct{})}
	cleanup := []func(){func() { close(s.quit) }}
	go func() { <-s.quit }()
	for _, f := range cleanup {
		f()
	}
}

// The parameter is closed by the callee, which says so.
func calleeCloses_ok() {
	c := make(chan int)
	go fill(c)
	for range c {
	}
}

func fill(c chan<- int) {
	defer close(c)
	for i := range 3 {
		c <- i
	}
}

// A recursive walk with one close at the top.
type tree struct {
	left, right *tree
	v           int
}

func walk(t *tree, c chan<- int) {
	if t == nil {
		return
	}
	walk(t.left, c)
	c <- t.v
	walk(t.right, c)
}

func recursion_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		walk(&tree{v: 1, left: &tree{v: 0}}, c)
	}()
	for v := range c {
		println(v)
	}
}

// Every goroutine of a chain starts the next one.
func chain_ok() {
	const n = 10
	left := make(chan int)
	first := left
	for range n {
		right := make(chan int)
		go func(l, r chan int) { l <- 1 + <-r }(left, right)
		left = right
	}
	go func() { left <- 1 }()
	println(<-first)
}

// The prime sieve, whose goroutines a quit channel ends.
func sieve_ok() {
	quit := make(chan struct{})
	defer close(quit)
	c := make(chan int)
	go generate(c, quit)
	for range 4 {
		prime, ok := <-c
		if !ok {
			return
		}
		next := make(chan int)
		go filter(c, next, quit, prime)
		c = next
	}
}

func generate(out chan<- int, quit <-chan struct{}) {
	for i := 2; ; i++ {
		select {
		case out <- i:
		case <-quit:
			return
		}
	}
}

func filter(in <-chan int, out chan<- int, quit <-chan struct{}, prime int) {
	for {
		select {
		case i := <-in:
			if i%prime == 0 {
				continue
			}
			select {
			case out <- i:
			case <-quit:
				return
			}
		case <-quit:
			return
		}
	}
}

// A goroutine that outlives the function by design, and then ends.
func outlives_ok() {
	done := make(chan struct{})
	go func() {
		gate.Await()
		close(done)
	}()
	go func() {
		<-done
	}()
	gate.Open()
}
