// Package shared has groups that are added to if a variable says so.
package shared

import (
	"sync"
	"sync/atomic"

	"chanlint.test/testdata/gate"
)

type stopper struct {
	draining atomic.Bool
	tasks    sync.WaitGroup
}

// start counts a task in unless the stopper drains.
func (s *stopper) start() bool {
	if s.draining.Load() {
		return false
	}
	s.tasks.Add(1)
	return true
}

// Nobody counts the task out.
func neverDone_bad() {
	s := new(stopper)
	go func() {
		s.start()
		gate.Open()
	}()
	gate.Await()
	s.draining.Store(true)
	s.tasks.Wait() // leaks // want `s\.tasks\.Wait blocks forever.*`
}

func neverDone_ok() {
	s := new(stopper)
	go func() {
		if s.start() {
			s.tasks.Done()
		}
	}()
	s.draining.Store(true)
	s.tasks.Wait()
}

// It drains before anybody starts.
func drained_ok() {
	s := new(stopper)
	told := make(chan bool)
	go func() {
		<-told
		s.start()
	}()
	s.draining.Store(true)
	close(told)
	s.tasks.Wait()
}
