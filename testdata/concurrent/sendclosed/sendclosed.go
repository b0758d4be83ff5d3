// Package sendclosed closes a channel that other goroutines still send on.
package sendclosed

import (
	"context"
	"sync"

	"chanlint.test/testdata/gate"
)

// The close does not wait for the senders.
func noWait_bad() {
	results := make(chan int, 3)
	for i := range 3 {
		go func() {
			gate.Await()
			results <- i // panics "send on closed channel" // want `send on closed channel.*`
		}()
	}
	close(results)
	gate.Open()
}

func noWait_ok() {
	results := make(chan int, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate.Await()
			results <- i
		}()
	}
	gate.Open()
	wg.Wait()
	close(results)
}

// A quit case in the same select does not prevent the panic.
func quitCase_bad() {
	c := make(chan int)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		close(c)
		gate.Open()
	}()
	gate.Await()
	select { // panics "send on closed channel"
	case c <- 1: // want `send on closed channel.*`
	case <-ctx.Done():
	}
}

func quitCase_ok() {
	c := make(chan int, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		gate.Await()
		<-c
		close(c)
	}()
	select {
	case c <- 1:
	case <-ctx.Done():
	}
	gate.Open()
}

// Stop closes what add sends on, with nothing in between.
type queue struct {
	jobs chan int
	wg   sync.WaitGroup
}

func (q *queue) add(n int) {
	q.jobs <- n // panics "send on closed channel" in stop_bad // want `send on closed channel.*`
}

func (q *queue) stop() { close(q.jobs) }

func stop_bad() {
	q := &queue{jobs: make(chan int, 1)}
	go func() {
		gate.Await()
		q.add(1)
	}()
	q.stop()
	gate.Open()
}

type countedQueue struct {
	jobs chan int
	wg   sync.WaitGroup
}

func (q *countedQueue) add(n int) {
	defer q.wg.Done()
	q.jobs <- n
}

func (q *countedQueue) stop() {
	q.wg.Wait()
	close(q.jobs)
}

func stop_ok() {
	q := &countedQueue{jobs: make(chan int, 1)}
	q.wg.Add(1)
	go func() {
		gate.Await()
		q.add(1)
	}()
	gate.Open()
	q.stop()
}
