// Package conditions waits for condition variables.
package conditions

import (
	"sync"
	"time"
)

// Nobody signals.
func alone_bad() {
	done := make(chan struct{})
	cond := sync.NewCond(new(sync.Mutex))
	go func() {
		cond.L.Lock()
		close(done)
		cond.Wait() // leaks // want `cond.Wait blocks forever: no goroutine is left to signal it; goroutine leaks`
		cond.L.Unlock()
	}()
	<-done
}

func alone_ok() {
	done := make(chan struct{})
	cond := sync.NewCond(new(sync.Mutex))
	go func() {
		cond.L.Lock()
		close(done)
		cond.Wait()
		cond.L.Unlock()
	}()
	<-done
	cond.L.Lock()
	cond.Signal()
	cond.L.Unlock()
}

// The signal may come before the wait, and is then lost.
func early_bad() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	signalled := make(chan struct{})
	go func() {
		<-signalled
		mu.Lock()
		cond.Wait() // leaks // want `cond.Wait blocks forever: no goroutine is left to signal it; goroutine leaks`
		mu.Unlock()
	}()
	mu.Lock()
	cond.Signal()
	mu.Unlock()
	close(signalled)
}

// The sleep is long enough, or so the program hopes.
func slept_ok() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	done := make(chan struct{})
	mu.Lock()
	go func() {
		defer close(done)
		time.Sleep(time.Millisecond)
		mu.Lock()
		cond.Signal()
		mu.Unlock()
	}()
	cond.Wait()
	mu.Unlock()
	<-done
}

type queue struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
}

func (q *queue) put(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, n)
	q.cond.Broadcast()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n
}

// Who waits looks at the queue first.
func early_ok() {
	q := &queue{}
	q.cond.L = &q.mu
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.take()
	}()
	q.put(1)
	<-done
}

// A broadcast wakes all that wait.
func all_ok() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			ready <- struct{}{}
			cond.Wait()
			mu.Unlock()
		})
	}
	<-ready
	<-ready
	mu.Lock()
	cond.Broadcast()
	mu.Unlock()
	wg.Wait()
}

// A signal wakes one of two.
func all_bad() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := make(chan struct{}, 2)
	for range 2 {
		go func() {
			mu.Lock()
			ready <- struct{}{}
			cond.Wait() // leaks // want `cond.Wait blocks forever: no goroutine is left to signal it; goroutine leaks`
			mu.Unlock()
		}()
	}
	<-ready
	<-ready
	mu.Lock()
	cond.Signal()
	mu.Unlock()
}

// The condition of the loop never changes, so that no signal ends it.
func constant_bad() {
	cond := sync.NewCond(new(sync.Mutex))
	ready := make(chan struct{})
	go func() {
		cond.L.Lock()
		close(ready)
		waiting := true
		for waiting {
			cond.Wait() // leaks // want `cond.Wait blocks forever: no goroutine is left to signal it; goroutine leaks`
		}
	}()
	<-ready
	cond.L.Lock()
	cond.Broadcast()
	cond.L.Unlock()
}

func constant_ok() {
	cond := sync.NewCond(new(sync.Mutex))
	ready := make(chan struct{})
	woken := false
	go func() {
		cond.L.Lock()
		defer cond.L.Unlock()
		close(ready)
		for !woken {
			cond.Wait()
		}
	}()
	<-ready
	cond.L.Lock()
	woken = true
	cond.Broadcast()
	cond.L.Unlock()
}
