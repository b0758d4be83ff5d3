// Package object waits on channels that are fields of values made in the
// function.
package object

import (
	"errors"
	"sync"

	"chanlint.test/testdata/gate"
)

var fails = true

type server struct {
	ready chan struct{}
	done  chan struct{}
}

func newServer() *server {
	return &server{ready: make(chan struct{}), done: make(chan struct{})}
}

// serve forgets ready when it cannot listen.
func (s *server) serve() error {
	defer close(s.done)
	if fails {
		return errors.New("no port")
	}
	close(s.ready)
	return nil
}

// start waits for a server that never was.
func start_bad() {
	s := newServer()
	go s.serve()
	<-s.ready // leaks // want `receive from s.ready blocks forever.*`
}

func start_ok() {
	s := newServer()
	go s.serve()
	select {
	case <-s.ready:
	case <-s.done:
	}
}

type loop struct {
	quit chan struct{}
	done chan struct{}
}

// run never says that it is done.
func (l *loop) run() {
	<-l.quit
}

func (l *loop) runAndTell() {
	defer close(l.done)
	<-l.quit
}

func (l *loop) stop() {
	close(l.quit)
	<-l.done // leaks in stopNeverTold_bad // want `receive from l.done blocks forever.*`
}

func (l *loop) stopTold() {
	close(l.quit)
	<-l.done
}

func stopNeverTold_bad() {
	l := &loop{quit: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	l.stop()
}

func stopNeverTold_ok() {
	l := &loop{quit: make(chan struct{}), done: make(chan struct{})}
	go l.runAndTell()
	l.stopTold()
}

type call struct {
	wait chan struct{}
	val  int
}

// The leader closes the wait channel on success only; a follower stays.
func follower_bad() {
	c := &call{wait: make(chan struct{})}
	go func() {
		gate.Await()
		<-c.wait // leaks // want `receive from c.wait blocks forever.*`
	}()
	if fails {
		gate.Open()
		return
	}
	c.val = 1
	close(c.wait)
}

func follower_ok() {
	c := &call{wait: make(chan struct{})}
	go func() {
		gate.Await()
		<-c.wait
	}()
	defer close(c.wait)
	if fails {
		gate.Open()
		return
	}
	c.val = 1
}

// The Once runs the close for the first caller only, but of another channel.
func once_bad() {
	var once sync.Once
	first := make(chan struct{})
	second := make(chan struct{})
	once.Do(func() { close(first) })
	once.Do(func() { close(second) })
	<-first
	<-second // leaks // want `receive from second blocks forever.*`
}

func once_ok() {
	var once sync.Once
	first := make(chan struct{})
	once.Do(func() { close(first) })
	once.Do(func() { close(first) })
	<-first
}
