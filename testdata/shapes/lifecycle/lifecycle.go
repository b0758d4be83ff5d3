// Package lifecycle has values that start goroutines and stop them again.
package lifecycle

import (
	"context"
	"errors"
	"sync"
	"time"
)

type server struct {
	quit chan struct{}
	done chan struct{}
	reqs chan int
}

func (s *server) Start() {
	s.quit = make(chan struct{})
	s.done = make(chan struct{})
	s.reqs = make(chan int)
	go s.loop()
}

func (s *server) loop() {
	defer close(s.done)
	for {
		select {
		case <-s.reqs:
		case <-s.quit:
			return
		}
	}
}

func (s *server) Stop() {
	close(s.quit)
	<-s.done
}

func startStop_ok() {
	var s server
	s.Start()
	s.reqs <- 1
	s.Stop()
}

// Start makes new channels, so that the value can be used again.
func restart_ok() {
	var s server
	s.Start()
	s.Stop()
	s.Start()
	s.Stop()
}

type safeServer struct {
	quit chan struct{}
	once sync.Once
	wg   sync.WaitGroup
}

func newSafeServer() *safeServer {
	s := &safeServer{quit: make(chan struct{})}
	s.wg.Add(1)
	go s.loop()
	return s
}

func (s *safeServer) loop() {
	defer s.wg.Done()
	<-s.quit
}

func (s *safeServer) Stop() {
	s.once.Do(func() { close(s.quit) })
	s.wg.Wait()
}

func stopTwice_ok() {
	s := newSafeServer()
	defer s.Stop()
	s.Stop()
}

// Senders are registered, and the channel is closed after the last of them.
type queue struct {
	mu      sync.RWMutex
	closed  bool
	jobs    chan int
	drained chan struct{}
}

func newQueue() *queue {
	q := &queue{jobs: make(chan int), drained: make(chan struct{})}
	go func() {
		defer close(q.drained)
		for range q.jobs {
		}
	}()
	return q
}

func (q *queue) add(n int) error {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return errors.New("closed")
	}
	q.jobs <- n
	return nil
}

func (q *queue) Close() {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return
	}
	q.closed = true
	q.mu.Unlock()
	close(q.jobs)
	<-q.drained
}

func closeUnderFlag_ok() {
	q := newQueue()
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { _ = q.add(i) })
	}
	q.Close()
	wg.Wait()
	_ = q.add(4)
	q.Close()
}

// The sender watches the quit channel, and the data channel is never closed.
type events struct {
	c    chan int
	quit chan struct{}
	wg   sync.WaitGroup
}

func (e *events) emit(n int) {
	select {
	case e.c <- n:
	case <-e.quit:
	}
}

func (e *events) run() {
	defer e.wg.Done()
	for {
		select {
		case <-e.c:
		case <-e.quit:
			return
		}
	}
}

func neverClosedData_ok() {
	e := &events{c: make(chan int), quit: make(chan struct{})}
	e.wg.Add(1)
	go e.run()
	e.emit(1)
	close(e.quit)
	e.wg.Wait()
	e.emit(2)
}

// A background loop with a ticker, ended by the context.
func tickerLoop_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(time.Millisecond)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
		}
	}()
	cancel()
	<-done
}

// Shutdown in order: producers, then the channel, then the consumer.
func ordered_ok() {
	quit := make(chan struct{})
	data := make(chan int)
	consumed := make(chan struct{})
	var producers sync.WaitGroup
	for i := range 2 {
		producers.Go(func() {
			for {
				select {
				case data <- i:
				case <-quit:
					return
				}
			}
		})
	}
	go func() {
		defer close(consumed)
		for range data {
		}
	}()
	close(quit)
	producers.Wait()
	close(data)
	<-consumed
}

// A goroutine per connection, all of them ended by one close.
type listener struct {
	conns chan chan int
	quit  chan struct{}
	wg    sync.WaitGroup
}

func (l *listener) accept() {
	defer l.wg.Done()
	for {
		select {
		case conn := <-l.conns:
			l.wg.Add(1)
			go l.handle(conn)
		case <-l.quit:
			return
		}
	}
}

func (l *listener) handle(conn chan int) {
	defer l.wg.Done()
	for {
		select {
		case <-conn:
		case <-l.quit:
			return
		}
	}
}

func listener_ok() {
	l := &listener{conns: make(chan chan int), quit: make(chan struct{})}
	l.wg.Add(1)
	go l.accept()
	conn := make(chan int)
	l.conns <- conn
	conn <- 1
	close(l.quit)
	l.wg.Wait()
}

// Wait returns an error that the goroutine leaves in a field.
type process struct {
	done chan struct{}
	err  error
}

func start() *process {
	p := &process{done: make(chan struct{})}
	go func() {
		p.err = errors.New("exit 1")
		close(p.done)
	}()
	return p
}

func (p *process) Wait() error {
	<-p.done
	return p.err
}

func waitTwice_ok() {
	p := start()
	_ = p.Wait()
	_ = p.Wait()
}

// The zero value of the struct needs no channel until it is used.
type lazy struct {
	once sync.Once
	done chan struct{}
}

func (l *lazy) init() { l.once.Do(func() { l.done = make(chan struct{}) }) }

func (l *lazy) Done() <-chan struct{} {
	l.init()
	return l.done
}

func (l *lazy) Close() {
	l.init()
	close(l.done)
}

func lazy_ok() {
	var l lazy
	go l.Close()
	<-l.Done()
}

// Heartbeats go out while the work goes on.
func heartbeat_ok() {
	work := make(chan int)
	beat := make(chan struct{}, 1)
	quit := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(time.Millisecond)
		defer t.Stop()
		for {
			select {
			case <-work:
			case <-t.C:
				select {
				case beat <- struct{}{}:
				default:
				}
			case <-quit:
				return
			}
		}
	}()
	work <- 1
	<-beat
	close(quit)
	<-done
}

// A supervisor starts its ward again until it is told to stop.
func supervisor_ok() {
	quit := make(chan struct{})
	restarts := make(chan int)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ; n++ {
			ward := make(chan struct{})
			go func() { close(ward) }()
			<-ward
			select {
			case restarts <- n:
			case <-quit:
				return
			}
		}
	}()
	<-restarts
	<-restarts
	close(quit)
	<-stopped
}

// The goroutine says that it runs before the constructor returns.
func ready_ok() {
	ready := make(chan struct{})
	quit := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		close(ready)
		<-quit
	}()
	<-ready
	close(quit)
	<-done
}

// Stop sends and waits for the acknowledgement on the same channel.
func stopHandshake_ok() {
	stop := make(chan chan struct{})
	go func() {
		ack := <-stop
		close(ack)
	}()
	ack := make(chan struct{})
	stop <- ack
	<-ack
}

// The same unbuffered channel is used in both directions in turn.
func pingPong_ok() {
	c := make(chan int)
	go func() {
		n := <-c
		c <- n + 1
	}()
	c <- 1
	println(<-c)
}

// The deferred call stops the server through an interface in a struct.
type stopper interface{ Stop() }

type handle struct{ *server }

func newHandle() stopper {
	s := new(server)
	s.Start()
	return &handle{s}
}

func deferredStop_ok() {
	h := newHandle()
	defer func() {
		h.Stop()
	}()
}
