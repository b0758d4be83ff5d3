// Package lock blocks on a channel while it holds the lock that the other side
// needs.
package lock

import (
	"sync"

	"chanlint.test/testdata/gate"
)

// The sender holds the lock, the receiver takes it first.
func send_bad() {
	var mu sync.Mutex
	c := make(chan int)
	n := 0
	go func() {
		gate.Await()
		mu.Lock() // leaks
		n++
		mu.Unlock()
		<-c
	}()
	mu.Lock()
	gate.Open()
	c <- 1 // leaks // want `send on c blocks forever.*`
	mu.Unlock()
}

func send_ok() {
	var mu sync.Mutex
	c := make(chan int)
	n := 0
	go func() {
		gate.Await()
		mu.Lock()
		n++
		mu.Unlock()
		<-c
	}()
	mu.Lock()
	gate.Open()
	mu.Unlock()
	c <- 1
}

// The receiver holds the lock.
func receive_bad() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		gate.Await()
		mu.Lock() // leaks
		n := 1
		mu.Unlock()
		c <- n
	}()
	mu.Lock()
	defer mu.Unlock()
	gate.Open()
	<-c // leaks // want `receive from c blocks forever.*`
}

func receive_ok() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		gate.Await()
		mu.Lock()
		n := 1
		mu.Unlock()
		c <- n
	}()
	mu.Lock()
	defer mu.Unlock()
	gate.Open()
	mu.Unlock()
	<-c
	mu.Lock()
}

// A read lock and a writer.
func readLock_bad() {
	var mu sync.RWMutex
	c := make(chan int)
	n := 0
	go func() {
		gate.Await()
		mu.Lock() // leaks
		n++
		mu.Unlock()
		<-c
	}()
	mu.RLock()
	gate.Open()
	c <- 1 // leaks // want `send on c blocks forever.*`
	mu.RUnlock()
}

// Two readers do not exclude each other.
func readLock_ok() {
	var mu sync.RWMutex
	c := make(chan int)
	go func() {
		gate.Await()
		mu.RLock()
		defer mu.RUnlock()
		<-c
	}()
	mu.RLock()
	gate.Open()
	c <- 1
	mu.RUnlock()
}

// WaitGroup.Wait under the lock that the workers need.
func wait_bad() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	wg.Add(1)
	go func() {
		defer wg.Done()
		gate.Await()
		mu.Lock() // leaks
		n++
		mu.Unlock()
	}()
	mu.Lock()
	gate.Open()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	mu.Unlock()
}

func wait_ok() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	wg.Add(1)
	go func() {
		defer wg.Done()
		gate.Await()
		mu.Lock()
		n++
		mu.Unlock()
	}()
	mu.Lock()
	n++
	gate.Open()
	mu.Unlock()
	wg.Wait()
}

// A hub with fields: publish sends under the lock that the subscriber's
// goroutine needs before it receives.
type hub struct {
	mu   sync.Mutex
	c    chan int
	seen int
}

func (h *hub) publish(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gate.Open()
	h.c <- n // leaks in method_bad // want `send on h.c blocks forever.*`
}

func (h *hub) publishOutside(n int) {
	h.mu.Lock()
	h.seen++
	h.mu.Unlock()
	gate.Open()
	h.c <- n
}

func (h *hub) consume() {
	gate.Await()
	h.mu.Lock() // leaks in method_bad
	h.seen++
	h.mu.Unlock()
	<-h.c
}

func method_bad() {
	h := &hub{c: make(chan int)}
	go h.consume()
	h.publish(1)
}

func method_ok() {
	h := &hub{c: make(chan int)}
	go h.consume()
	h.publishOutside(1)
}

// The buffer is full, so the send under the lock waits for the receiver.
func fullBuffer_bad() {
	var mu sync.Mutex
	c := make(chan int, 1)
	go func() {
		gate.Await()
		mu.Lock() // leaks
		n := cap(c)
		mu.Unlock()
		for range n {
			<-c
		}
	}()
	mu.Lock()
	c <- 1
	gate.Open()
	c <- 2 // leaks // want `send on c blocks forever.*`
	mu.Unlock()
}

func fullBuffer_ok() {
	var mu sync.Mutex
	c := make(chan int, 2)
	go func() {
		gate.Await()
		mu.Lock()
		n := cap(c)
		mu.Unlock()
		for range n {
			<-c
		}
	}()
	mu.Lock()
	c <- 1
	gate.Open()
	c <- 2
	mu.Unlock()
}

// The lock is released by a call in between.
func helperUnlocks_ok() {
	h := &hub{c: make(chan int)}
	go h.consume()
	h.mu.Lock()
	h.seen++
	h.release()
	gate.Open()
	h.c <- 1
}

func (h *hub) release() { h.mu.Unlock() }

// A send under a lock that no receiver needs.
func otherLock_ok() {
	var mu, other sync.Mutex
	c := make(chan int)
	go func() {
		other.Lock()
		defer other.Unlock()
		<-c
	}()
	mu.Lock()
	defer mu.Unlock()
	c <- 1
}

// A select with a default case under the lock does not block.
func tryUnderLock_ok() {
	var mu sync.Mutex
	c := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-c:
		default:
		}
	}()
	mu.Lock()
	select {
	case c <- 1:
	default:
	}
	mu.Unlock()
	<-done
}

// The lock is taken by the function that the deferred call runs, after the
// receive has let it go.
func condition_ok() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	c := make(chan int)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		cond.Signal()
		mu.Unlock()
		c <- 1
	}()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	<-c
	mu.Unlock()
}
