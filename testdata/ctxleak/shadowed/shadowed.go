// Package shadowed cancels another context than the one that is waited for.
package shadowed

import (
	"context"
	"time"
)

// A service makes its context when it is made, and another one when it starts.
type service struct {
	ctx    context.Context
	cancel context.CancelFunc
	events chan int
}

func newService() *service {
	s := &service{events: make(chan int, 1)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

func (s *service) start() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	_ = ctx
	s.cancel = cancel // want `receive from Done blocks forever: cancel cancels another context from here on than the one that the goroutine started at line \d+ waits for; goroutine leaks`
	go s.loop()
}

func (s *service) loop() {
	for {
		select { // leaks in restarted_bad
		case <-s.events:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *service) stop() { s.cancel() }

func restarted_bad() {
	s := newService()
	s.start()
	s.stop()
}

// The second context takes the place of the first one, too.
type server struct {
	ctx    context.Context
	cancel context.CancelFunc
	events chan int
}

func newServer() *server {
	s := &server{events: make(chan int, 1)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

func (s *server) start() {
	s.cancel()
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.loop()
}

func (s *server) loop() {
	for {
		select {
		case <-s.events:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *server) stop() { s.cancel() }

func restarted_ok() {
	s := newServer()
	s.start()
	s.stop()
}

// The name means another context in the block, and its cancel function ends
// that one only.
func block_bad() {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	ctx, cancel := context.WithCancel(context.Background()) // want `context never ends: nothing calls its cancel function, and the goroutine started at line \d+ waits for it; goroutine leaks`
	_ = cancel
	if limited {
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		<-ctx.Done()
	}
	go watch(ctx, t.C)
}

var limited = true

func watch(ctx context.Context, c <-chan time.Time) {
	for {
		select { // leaks in block_bad
		case <-c:
		case <-ctx.Done():
			return
		}
	}
}

func block_ok() {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if limited {
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		<-ctx.Done()
	}
	go watchAll(ctx, t.C)
}

func watchAll(ctx context.Context, c <-chan time.Time) {
	for {
		select {
		case <-c:
		case <-ctx.Done():
			return
		}
	}
}
