// Package object sends on channels that are fields of values made in the
// function.
package object

import (
	"context"
	"errors"
	"time"

	"chanlint.test/testdata/gate"
)

var errFailed = errors.New("failed")

type request struct {
	n     int
	reply chan int
}

// The reply channel of a request is unbuffered and the asker leaves. A channel
// in a message is not followed.
func FN_reply_bad() {
	reqs := make(chan request)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for req := range reqs {
			gate.Await()
			req.reply <- req.n * 2 // leaks
		}
	}()
	req := request{n: 1, reply: make(chan int)}
	reqs <- req
	select {
	case <-req.reply:
	case <-time.After(time.Millisecond):
	}
	close(reqs)
	gate.Open()
}

func reply_ok() {
	reqs := make(chan request)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for req := range reqs {
			gate.Await()
			req.reply <- req.n * 2
		}
	}()
	req := request{n: 1, reply: make(chan int, 1)}
	reqs <- req
	select {
	case <-req.reply:
	case <-time.After(time.Millisecond):
	}
	close(reqs)
	gate.Open()
	<-done
}

type worker struct {
	jobs chan int
	quit chan struct{}
	gone chan struct{}
}

func newWorker() *worker {
	w := &worker{jobs: make(chan int), quit: make(chan struct{}), gone: make(chan struct{})}
	go w.loop()
	return w
}

func (w *worker) loop() {
	defer close(w.gone)
	for {
		select {
		case <-w.jobs:
		case <-w.quit:
			return
		}
	}
}

// add does not watch quit, so it blocks once the loop has ended.
func (w *worker) add(n int) {
	w.jobs <- n // leaks in afterStop_bad // want `send on w.jobs blocks forever.*`
}

func (w *worker) addOrQuit(n int) {
	select {
	case w.jobs <- n:
	case <-w.quit:
	}
}

func (w *worker) stop() {
	close(w.quit)
	<-w.gone
}

// A job is added after the worker was stopped.
func afterStop_bad() {
	w := newWorker()
	w.stop()
	w.add(1)
}

func afterStop_ok() {
	w := newWorker()
	w.stop()
	w.addOrQuit(1)
}

type task struct {
	errc chan error
}

func (t *task) start() {
	go func() {
		gate.Await()
		t.errc <- errFailed // leaks in abandonedTask_bad // want `send on t.errc blocks forever.*`
	}()
}

func (t *task) wait(ctx context.Context) error {
	select {
	case err := <-t.errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The field is a channel without a buffer and wait leaves with the context.
func abandonedTask_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	t := &task{errc: make(chan error)}
	t.start()
	_ = t.wait(ctx)
	gate.Open()
}

type bufferedTask struct {
	errc chan error
}

func (t *bufferedTask) start() {
	go func() {
		gate.Await()
		t.errc <- errFailed
	}()
}

func (t *bufferedTask) wait(ctx context.Context) error {
	select {
	case err := <-t.errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func abandonedTask_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	t := &bufferedTask{errc: make(chan error, 1)}
	t.start()
	_ = t.wait(ctx)
	gate.Open()
}

// The unsubscribe message is sent after the loop has ended by itself.
func loopGone_bad() {
	unsub := make(chan struct{})
	ended := make(chan struct{})
	inner := make(chan error, 1)
	inner <- errFailed
	go func() {
		defer close(ended)
		select {
		case <-unsub:
		case <-inner:
		}
	}()
	<-ended
	unsub <- struct{}{} // leaks // want `send on unsub blocks forever.*`
}

func loopGone_ok() {
	unsub := make(chan struct{})
	ended := make(chan struct{})
	inner := make(chan error, 1)
	inner <- errFailed
	go func() {
		defer close(ended)
		select {
		case <-unsub:
		case <-inner:
		}
	}()
	<-ended
	select {
	case unsub <- struct{}{}:
	case <-ended:
	}
}
