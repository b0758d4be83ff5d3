// Package stored keeps cancel functions that nobody calls.
package stored

import (
	"context"
	"time"
)

// A poller keeps its cancel function and never calls it.
type poller struct {
	ctx    context.Context
	cancel context.CancelFunc
	ticker *time.Ticker
}

func newPoller() *poller {
	p := &poller{ticker: time.NewTicker(time.Millisecond)}
	p.ctx, p.cancel = context.WithCancel(context.Background()) // want `context never ends: nothing calls cancel, and the goroutine started at line \d+ waits for it; goroutine leaks`
	go p.run()
	return p
}

func (p *poller) run() {
	for {
		select { // leaks in field_bad
		case <-p.ticker.C:
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *poller) close() { p.ticker.Stop() }

func field_bad() {
	p := newPoller()
	p.close()
}

// A stopper calls it.
type stopper struct {
	ctx    context.Context
	cancel context.CancelFunc
	ticker *time.Ticker
}

func newStopper() *stopper {
	s := &stopper{ticker: time.NewTicker(time.Millisecond)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.run()
	return s
}

func (s *stopper) run() {
	for {
		select {
		case <-s.ticker.C:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *stopper) close() {
	s.ticker.Stop()
	s.cancel()
}

func field_ok() {
	s := newStopper()
	s.close()
}

// The context is handed over, the cancel function stays in a composite literal.
type job struct{ stop context.CancelFunc }

func literal_bad() {
	ctx, cancel := context.WithCancel(context.Background()) // want `context never ends: nothing calls stop, and the goroutine started at line \d+ waits for it; goroutine leaks`
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	go tickUntil(ctx, t.C)
	jobs = append(jobs, job{cancel})
}

var jobs []job

func tickUntil(ctx context.Context, c <-chan time.Time) {
	for {
		select { // leaks in literal_bad
		case <-c:
		case <-ctx.Done():
			return
		}
	}
}

type task struct{ stop context.CancelFunc }

func literal_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	tasks := []task{{cancel}}
	for _, t := range tasks {
		t.stop()
	}
	<-done
}

// The same variable holds the second cancel function: the first is gone.
func overwritten_bad() {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	ctx, cancel := context.WithCancel(context.Background()) // want `context never ends: nothing calls its cancel function, and the goroutine started at line \d+ waits for it; goroutine leaks`
	go func() {
		for {
			select { // leaks
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	other, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = other
}

func overwritten_ok() {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	cancel()
	other, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = other
}

// A goroutine with another way out needs no context.
func otherWay_ok() {
	h := &holder{}
	var ctx context.Context
	ctx, h.never = context.WithCancel(context.Background())
	quit := make(chan struct{})
	go func() {
		select {
		case <-quit:
		case <-ctx.Done():
		}
	}()
	close(quit)
}

type holder struct{ never context.CancelFunc }

// The goroutine that waits has a parent to end it.
func parent_ok() {
	parent, stop := context.WithCancel(context.Background())
	h := &child{}
	var ctx context.Context
	ctx, h.never = context.WithCancel(parent)
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	go func() {
		for {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	stop()
}

type child struct{ never context.CancelFunc }

// What cancels is handed to somebody else.
func handed_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	go func() {
		for {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	time.AfterFunc(time.Millisecond, cancel)
}
