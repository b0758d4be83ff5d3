// Package lost hands what decides a wait to where it is easily lost.
package lost

import (
	"context"
	"errors"
	"time"
)

var errEmpty = errors.New("empty")

type response struct{ closed chan struct{} }

func newResponse(released chan<- struct{}) *response {
	r := &response{closed: make(chan struct{})}
	go func() {
		<-r.closed
		close(released)
	}()
	return r
}

var empty = true

func request(released chan<- struct{}) (r *response, err error) {
	res := newResponse(released)
	defer func() {
		if err != nil {
			close(res.closed)
		}
	}()
	if empty {
		return nil, errEmpty
	}
	return res, nil
}

// The deferred call cleans up: the error is one, and not nil.
func sentinel_ok() {
	released := make(chan struct{})
	if _, err := request(released); err != nil {
		<-released
	}
}

type future interface{ wait() }

type pipeline struct {
	in   chan int
	stop chan struct{}
}

func (p *pipeline) wait() { close(p.stop) }

func (p *pipeline) loop() {
	for {
		select {
		case <-p.in:
		case <-p.stop:
			return
		}
	}
}

func newPipeline(n int) *pipeline {
	p := &pipeline{in: make(chan int, n), stop: make(chan struct{})}
	go p.loop()
	return p
}

// The caller of start has the pipeline.
func start(fail bool) (future, error) {
	if fail {
		return nil, errEmpty
	}
	return newPipeline(2), nil
}

func returned_ok() {
	if f, err := start(false); err == nil {
		f.wait()
	}
}

type aggregator struct {
	ctx   context.Context
	extra chan int
	found map[int]bool
}

func (a *aggregator) loop(in <-chan int, out chan<- []int) {
	var got []int
	for {
		select {
		case n := <-in:
			got = append(got, n)
			if len(got) == 2 {
				a.notify(got, out)
			}
		case <-a.extra:
		case <-a.ctx.Done():
			return
		}
	}
}

func (a *aggregator) notify(got []int, out chan<- []int) {
	go func() {
		select {
		case out <- got:
		case <-a.ctx.Done():
		}
	}()
}

func expect(out <-chan []int) {
	timeout := time.NewTimer(10 * time.Second)
	defer timeout.Stop()
	select {
	case <-out:
	case <-timeout.C:
		panic("timeout")
	}
}

// What the sender sends is there before the context ends.
func output_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	in := make(chan int)
	out := make(chan []int)
	a := &aggregator{ctx: ctx, extra: make(chan int), found: map[int]bool{}}
	go a.loop(in, out)
	go func() {
		in <- 1
		in <- 2
	}()
	expect(out)
	cancel()
}

func handle(c chan<- int) error {
	if empty && errEmpty == nil {
		return errEmpty
	}
	c <- 1
	return nil
}

// The called function sends, unless it fails, which it does not.
func called_ok() {
	c := make(chan int, 1)
	_ = handle(c)
	<-c
}
