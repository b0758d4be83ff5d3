// Package fields closes channels in fields twice.
package fields

import "sync"

// The analyzer may not assume the value of this.
var fail = true

type server struct {
	mu   sync.Mutex
	done chan struct{}
	sub  struct{ quit chan struct{} }
	next *server
}

func newServer() *server {
	s := &server{done: make(chan struct{})}
	s.sub.quit = make(chan struct{})
	return s
}

func (s *server) stop() { close(s.done) } // panics "close of closed channel" in twoCalls_bad, deferredCall_bad, throughPointer_bad, methodValue_bad

func (s *server) shutdown() {
	close(s.done) // panics "close of closed channel" in twoMethods_bad
}

func (s *server) stopAll() {
	s.stop()
	s.shutdown() // want `close of closed channel: s.done is already closed at line \d+ when shutdown closes it at line \d+`
}

func (s *server) stopOnce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}

func twoCalls_bad() {
	s := newServer()
	s.stop()
	s.stop() // want `close of closed channel: s.done is already closed at line \d+ when stop closes it at line \d+`
}

func twoCalls_ok() {
	s := newServer()
	s.stopOnce()
	s.stopOnce()
	newServer().stop()
	newServer().stop()
}

func deferredCall_bad() {
	s := newServer()
	defer s.stop() // want `close of closed channel: s.done may already be closed at line \d+ when stop closes it at line \d+`
	if fail {
		s.stop()
		return
	}
	println("running")
}

func deferredCall_ok() {
	s := newServer()
	defer s.stopOnce()
	if fail {
		s.stop()
		return
	}
	println("running")
}

func twoMethods_bad() {
	newServer().stopAll()
}

func twoMethods_ok() {
	s := newServer()
	if fail {
		s.stop()
	} else {
		s.shutdown()
	}
}

func nested_bad() {
	s := newServer()
	close(s.sub.quit)
	close(s.sub.quit) // panics "close of closed channel" // want `close of closed channel: s.sub.quit is already closed at line \d+`
}

func nested_ok() {
	s := newServer()
	close(s.sub.quit)
	close(s.done)
	s = newServer()
	close(s.sub.quit)
}

func throughPointer_bad() {
	s := &server{next: newServer()}
	s.next.stop()
	s.next.stop() // want `close of closed channel: s.done is already closed at line \d+ when stop closes it at line \d+`
}

func throughPointer_ok() {
	s := &server{next: newServer()}
	s.next.stop()
	s.next = newServer()
	s.next.stop()
}

func methodValue_bad() {
	s := newServer()
	stop := s.stop
	stop()
	defer stop() // want `close of closed channel: s.done is already closed at line \d+ when stop closes it at line \d+`
}

func methodValue_ok() {
	s := newServer()
	stop := s.stopOnce
	stop()
	defer stop()
}

func copied_bad() {
	s := newServer()
	done := s.done
	close(done)
	close(s.done) // panics "close of closed channel" // want `close of closed channel: s.done is already closed at line \d+`
}

func copied_ok() {
	s := newServer()
	done := s.done
	close(done)
	s.done = make(chan struct{})
	close(s.done)
}

// A restarter makes its channel anew, under a lock.
type restarter struct {
	mu   sync.Mutex
	done chan struct{}
}

func (r *restarter) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = make(chan struct{})
}

func (r *restarter) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.done)
}

// Nobody else can see r, so that nobody can call reset: the engine does not
// know.
func FN_remade_bad() {
	r := new(restarter)
	r.reset()
	r.stop()
	close(r.done) // panics "close of closed channel"
}

func remade_ok() {
	r := new(restarter)
	r.reset()
	r.stop()
	r.reset()
	r.stop()
}

// Between the two closes the lock is free, and someone may call reset.
func unlocked_ok() {
	r := new(restarter)
	r.reset()
	again := make(chan bool)
	go func() {
		<-r.done
		r.reset()
		again <- true
	}()
	close(r.done)
	<-again
	close(r.done)
}
