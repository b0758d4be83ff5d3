// Package reach receives from channels and contexts that are reached through
// fields, interfaces and messages.
package reach

import (
	"context"
	"sync"
)

// The cancel function is stored and never called.
type tx struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func begin(ctx context.Context) *tx {
	ctx, cancel := context.WithCancel(ctx)
	t := &tx{ctx: ctx, cancel: cancel}
	go t.wait()
	return t
}

func (t *tx) wait() {
	<-t.ctx.Done() // leaks in forgotten_bad // want `receive from t.ctx.Done\(\) blocks forever.*`
}

func (t *tx) rollback() { t.cancel() }

func forgotten_bad() {
	begin(context.Background())
}

func forgotten_ok() {
	begin(context.Background()).rollback()
}

// All messages are requests, and the request closes the loop that serves it.
type request struct{}

type server struct {
	handler func()
	inbox   chan any
	closed  chan struct{}
	stopped chan struct{}
	once    sync.Once
}

func (s *server) loop() {
	defer close(s.stopped)
	for {
		select {
		case m := <-s.inbox:
			if _, ok := m.(*request); !ok {
				return
			}
			s.handler()
		case <-s.closed:
			return
		}
	}
}

func (s *server) close() {
	s.once.Do(func() {
		close(s.closed)
		<-s.stopped // leaks in itself_bad // want `receive from s.stopped blocks forever.*`
	})
}

func itself_bad() {
	s := &server{inbox: make(chan any), closed: make(chan struct{}), stopped: make(chan struct{})}
	s.handler = s.close
	go s.loop()
	s.inbox <- &request{}
	<-s.stopped // leaks
}

func itself_ok() {
	s := &server{inbox: make(chan any), closed: make(chan struct{}), stopped: make(chan struct{})}
	s.handler = func() {}
	go s.loop()
	s.inbox <- &request{}
	s.close()
	<-s.stopped
}

// A goroutine waits on a condition variable while holding nothing; another one
// waits for a channel that nobody serves.
type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
	left chan struct{}
}

func newGate() *gate {
	g := &gate{left: make(chan struct{})}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.cond.Wait()
	}
}

func (g *gate) raise() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

func barred_bad() {
	g := newGate()
	go g.raise()
	go func() {
		<-g.left // leaks // want `receive from g.left blocks forever.*`
	}()
	g.pass()
}

func barred_ok() {
	g := newGate()
	go g.raise()
	go func() {
		<-g.left
	}()
	g.pass()
	close(g.left)
}
