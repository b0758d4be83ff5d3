// Package twice takes locks that it holds.
package twice

import (
	"math/rand/v2"
	"sync"
)

type log struct {
	mu sync.Mutex
}

func (l *log) exit() {
	l.mu.Lock() // leaks in method_bad
	defer l.mu.Unlock()
}

func (l *log) write() {
	l.mu.Lock()
	l.exit() // want `l.exit blocks forever: it locks l.mu at line 14, which is already locked at line 19`
	l.mu.Unlock()
}

// One method calls another with the lock held.
func method_bad() {
	l := &log{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.write()
	}()
	<-done // leaks in method_bad
}

type quiet struct {
	mu sync.Mutex
}

func (q *quiet) exitLocked() {}

func (q *quiet) write() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.exitLocked()
}

func method_ok() {
	q := &quiet{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.write()
	}()
	<-done
}

// A branch leaves the lock held.
func branch_bad() {
	var mu sync.Mutex
	for range 50 {
		mu.Lock() // leaks // want `mu.Lock blocks forever: the lock is already held.*`
		if rand.IntN(2) == 0 {
			continue
		}
		mu.Unlock()
	}
}

func branch_ok() {
	var mu sync.Mutex
	for range 50 {
		mu.Lock()
		if rand.IntN(2) == 0 {
			mu.Unlock()
			continue
		}
		mu.Unlock()
	}
}
