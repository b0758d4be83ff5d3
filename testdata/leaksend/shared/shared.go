// Package shared has senders that look first at a variable which another
// goroutine assigns.
package shared

import (
	"sync"

	"chanlint.test/testdata/gate"
)

type sink struct {
	mu     sync.Mutex
	closed bool
	c      chan int
}

func (s *sink) stop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
}

func (s *sink) done() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// The sink may be stopped between the look and the send.
func lookThenSend_bad() {
	s := &sink{c: make(chan int)}
	go func() {
		if s.done() {
			return
		}
		gate.Open()
		s.c <- 1 // leaks // want `send on s\.c blocks forever.*`
	}()
	gate.Await()
	s.stop()
}

// Somebody receives.
func received_ok() {
	s := &sink{c: make(chan int)}
	go func() {
		if !s.done() {
			s.c <- 1
		}
	}()
	<-s.c
	s.stop()
}

// Nobody sends any more once the sink is stopped.
func lookThenSend_ok() {
	s := &sink{c: make(chan int)}
	stopped := make(chan bool)
	go func() {
		<-stopped
		if s.done() {
			return
		}
		s.c <- 1
	}()
	s.stop()
	close(stopped)
}

// The flag says that nobody receives, from the start.
func neverOpen_ok() {
	var mu sync.Mutex
	open := false
	c := make(chan int)
	go func() {
		mu.Lock()
		ok := open
		mu.Unlock()
		if ok {
			c <- 1
		}
	}()
	mu.Lock()
	open = false
	mu.Unlock()
}

// The channel is replaced: the sender has the old one, the receiver the new one.
func replaced_bad() {
	var mu sync.Mutex
	c := make(chan int)
	go func() {
		mu.Lock()
		mine := c
		mu.Unlock()
		gate.Open()
		mine <- 1 // leaks // want `send on mine blocks forever.*`
	}()
	gate.Await()
	mu.Lock()
	c = make(chan int, 1)
	mu.Unlock()
	select {
	case <-c:
	default:
	}
}

// The sender gets whatever channel is there when it sends, and there is room in
// each.
func replaced_ok() {
	var mu sync.Mutex
	c := make(chan int, 1)
	go func() {
		mu.Lock()
		mine := c
		mu.Unlock()
		mine <- 1
	}()
	mu.Lock()
	c = make(chan int, 1)
	mu.Unlock()
}

// A pointer that is set once says whether there is somebody to send to.
type hub struct {
	mu   sync.Mutex
	peer *peer
}

type peer struct{ c chan int }

func (h *hub) attach() {
	h.mu.Lock()
	h.peer = &peer{c: make(chan int)}
	h.mu.Unlock()
}

func (h *hub) notify() {
	h.mu.Lock()
	p := h.peer
	h.mu.Unlock()
	if p == nil {
		return
	}
	p.c <- 1 // leaks in attached_bad // want `send on p\.c blocks forever.*`
}

func attached_bad() {
	h := &hub{}
	ready := make(chan bool)
	go func() {
		<-ready
		h.notify()
	}()
	h.attach()
	close(ready)
}

func attached_ok() {
	h := &hub{}
	go h.notify2()
	gate.Await()
	h.attach()
	select {
	case <-h.peer.c:
	default:
	}
}

func (h *hub) notify2() {
	h.mu.Lock()
	p := h.peer
	h.mu.Unlock()
	gate.Open()
	if p == nil {
		return
	}
	select {
	case p.c <- 1:
	default:
	}
}
