// Package left has returns that leave a lock locked.
package left

import (
	"errors"
	"sync"
	"time"
)

var errClosed = errors.New("closed")

type client struct {
	mu     sync.RWMutex
	closed bool
}

func (c *client) acquire() error {
	c.mu.RLock()
	if c.closed {
		return errClosed // want `c.mu.Lock at line 27 blocks forever after this return: c.mu is locked at line 18 and stays so`
	}
	c.mu.RUnlock()
	return nil
}

func (c *client) close() {
	c.mu.Lock() // leaks in failure_bad
	c.closed = true
	c.mu.Unlock()
}

// The way out for failure lacks an RUnlock.
func failure_bad() {
	c := &client{}
	c.close()
	c.acquire()
	go c.close()
}

type steady struct {
	mu     sync.RWMutex
	closed bool
}

func (s *steady) acquire() error {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return errClosed
	}
	s.mu.RUnlock()
	return nil
}

func (s *steady) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
}

func failure_ok() {
	s := &steady{}
	s.close()
	s.acquire()
	go s.close()
}

type timers struct {
	mu      sync.Mutex
	stopped bool
	fired   int
}

func (t *timers) start() {
	time.AfterFunc(0, func() {
		t.mu.Lock()
		if t.stopped {
			return // want `t.mu.Lock at line 76 blocks forever after this return: t.mu is locked at line 76 and stays so`
		}
		t.fired++
		t.mu.Unlock()
	})
}

func (t *timers) stop() {
	t.mu.Lock() // leaks in callback_bad
	t.stopped = true
	t.mu.Unlock()
}

// A callback keeps the lock.
func callback_bad() {
	t := &timers{stopped: true}
	t.start()
	time.Sleep(5 * time.Millisecond)
	go t.stop()
}

// A function that locks for its caller says so.
type slot struct {
	mu   sync.Mutex
	full bool
}

func (s *slot) begin() error {
	s.mu.Lock()
	if s.full {
		s.mu.Unlock()
		return errClosed
	}
	return nil
}

func (s *slot) try() bool {
	s.mu.Lock()
	if s.full {
		s.mu.Unlock()
		return false
	}
	return true
}

func (s *slot) end() { s.mu.Unlock() }

func begun_ok() {
	s := &slot{}
	if s.begin() == nil {
		s.end()
	}
	if s.try() {
		s.end()
	}
}

// What is locked where it is made is nobody else's.
func made(full bool) {
	s := &slot{full: full}
	s.mu.Lock()
	if full {
		return
	}
	s.mu.Unlock()
}

func made_ok() {
	made(true)
	made(false)
}

// The deferred call unlocks on all ways.
type ledger struct {
	mu    sync.Mutex
	total int
}

func (l *ledger) add(n int) {
	l.mu.Lock()
	defer func() {
		l.mu.Unlock()
	}()
	if n == 0 {
		return
	}
	l.total += n
}

func (l *ledger) addAndPrint(n int) {
	l.mu.Lock()
	unlocked := false
	defer func() {
		if !unlocked {
			l.mu.Unlock()
		}
	}()
	l.total += n
	if n == 0 {
		return
	}
	l.mu.Unlock()
	unlocked = true
}

func deferred_ok() {
	l := &ledger{}
	l.add(0)
	l.addAndPrint(0)
	l.addAndPrint(1)
}

// A helper unlocks what another function has locked.
type gate struct{ mu sync.Mutex }

func (g *gate) enter(quick bool) {
	g.mu.Lock()
	if quick {
		g.mu.Unlock()
		return
	}
}

func (g *gate) leave() { g.mu.Unlock() }

func helper_ok() {
	g := &gate{}
	g.enter(true)
	g.enter(false)
	g.leave()
}

// One goroutine locks first, and another one unlocks in each of its rounds.
func rounds(n int) {
	var mu sync.Mutex
	mu.Lock()
	done := make(chan struct{})
	go func() {
		for {
			mu.Unlock()
			mu.Lock()
			if n--; n < 0 {
				close(done)
				return
			}
		}
	}()
	<-done
	mu.Unlock()
	mu.Lock()
	mu.Unlock()
}

func rounds_ok() { rounds(2) }

type alarms struct {
	mu      sync.Mutex
	stopped bool
	fired   int
}

func (a *alarms) start() {
	time.AfterFunc(0, func() {
		a.mu.Lock()
		if a.stopped {
			a.mu.Unlock()
			return
		}
		a.fired++
		a.mu.Unlock()
	})
}

func callback_ok() {
	a := &alarms{stopped: true}
	a.start()
	time.Sleep(5 * time.Millisecond)
	go func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.stopped = true
	}()
}
