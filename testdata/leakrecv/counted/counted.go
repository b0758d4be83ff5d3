// Package counted has goroutines that count, and the one that counts to the end
// tells the others.
package counted

import (
	"sync"
	"sync/atomic"
)

// A latch closes done when it has been counted down.
type latch struct {
	mu   sync.Mutex
	left int
	done chan struct{}
}

func (l *latch) down() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left--
	if l.left == 0 {
		close(l.done)
	}
}

// Three are expected, two come.
func tooFew_bad() {
	l := &latch{done: make(chan struct{})}
	l.left = 3
	go l.down()
	go l.down()
	<-l.done // leaks // want `receive from l\.done blocks forever.*`
}

func tooFew_ok() {
	l := &latch{done: make(chan struct{})}
	l.left = 2
	go l.down()
	go l.down()
	<-l.done
}

// The same with an atomic number.
func atomicLatch_bad() {
	var left atomic.Int32
	left.Store(3)
	done := make(chan struct{})
	for range 2 {
		go func() {
			if left.Add(-1) == 0 {
				close(done)
			}
		}()
	}
	<-done // leaks // want `receive from done blocks forever.*`
}

func atomicLatch_ok() {
	var left atomic.Int32
	left.Store(2)
	done := make(chan struct{})
	for range 2 {
		go func() {
			if left.Add(-1) == 0 {
				close(done)
			}
		}()
	}
	<-done
}

// The functions of package atomic do the same as its types.
func oldLatch_bad() {
	var left int32 = 3
	done := make(chan struct{})
	for range 2 {
		go func() {
			if atomic.AddInt32(&left, -1) == 0 {
				close(done)
			}
		}()
	}
	<-done // leaks // want `receive from done blocks forever.*`
}

func oldLatch_ok() {
	var left int32 = 2
	done := make(chan struct{})
	for range 2 {
		go func() {
			if atomic.AddInt32(&left, -1) == 0 {
				close(done)
			}
		}()
	}
	<-done
}

// A queue's first item wakes the reader; the length says which is the first.
type queue struct {
	mu    sync.Mutex
	items []int
	wake  chan bool
}

func (q *queue) put(n int) {
	q.mu.Lock()
	q.items = append(q.items, n)
	first := len(q.items) == 2 // the second, in fact
	q.mu.Unlock()
	if first {
		q.wake <- true
	}
}

func (q *queue) put2(n int) {
	q.mu.Lock()
	q.items = append(q.items, n)
	first := len(q.items) == 1
	q.mu.Unlock()
	if first {
		q.wake <- true
	}
}

func wrongFirst_bad() {
	q := &queue{wake: make(chan bool)}
	go q.put(1)
	<-q.wake // leaks // want `receive from q\.wake blocks forever.*`
}

func wrongFirst_ok() {
	q := &queue{wake: make(chan bool)}
	go q.put2(1)
	<-q.wake
}

// Beyond the small numbers nothing is known.
func large_ok() {
	l := &latch{done: make(chan struct{})}
	l.left = 40
	for range 40 {
		go l.down()
	}
	<-l.done
}
