// Package objects sends on channels that live in fields and closes them, from
// different goroutines.
package objects

import (
	"sync"
)

// A cache hands work to workers.
type cache struct {
	wg    sync.WaitGroup
	input chan int
}

// Cache starts a worker.
func Cache() *cache {
	c := &cache{input: make(chan int)}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		for range c.input {
		}
	}()
	return c
}

// Fetch returns before its work is handed over.
func (c *cache) Fetch(n int) {
	go func() {
		for i := range n {
			c.input <- i // likely `send on closed channel: c.input may be closed at line \d+, which does not wait for the goroutine started at line \d+`
		}
	}()
}

// Stop waits for the worker, but only after the close.
func (c *cache) Stop() {
	close(c.input)
	c.wg.Wait()
}

//fixture:norun it is only a race
func notAwaited_bad() { Cache().Stop() }

// An awaited counts its senders as well.
type awaited struct {
	senders sync.WaitGroup
	input   chan int
}

// Fetch returns before its work is handed over.
func (a *awaited) Fetch(n int) {
	a.senders.Add(1)
	go func() {
		defer a.senders.Done()
		for i := range n {
			a.input <- i
		}
	}()
}

// Stop closes when nobody sends any more.
func (a *awaited) Stop() {
	a.senders.Wait()
	close(a.input)
}

func notAwaited_ok() {
	a := &awaited{input: make(chan int, 3)}
	a.Fetch(3)
	a.Stop()
}

// A forwarder closes when it is done, which does not keep senders away.
type forwarder struct {
	done chan struct{}
	once sync.Once
	msgs chan int
}

// Forwarder lets others have one.
func Forwarder() *forwarder {
	return &forwarder{done: make(chan struct{}), msgs: make(chan int)}
}

// Send may be called by several at once.
func (f *forwarder) Send(m int) {
	select {
	case <-f.done:
		f.once.Do(func() { close(f.msgs) })
	case f.msgs <- m: // likely `send on closed channel: f.msgs may be closed at line \d+ while this select waits; that the case at line \d+ is ready as well does not keep it from choosing the send`
	}
}

// Close makes the senders leave.
func (f *forwarder) Close() { close(f.done) }

//fixture:norun it takes two senders
func besideQuit_bad() {
	f := Forwarder()
	f.Close()
	f.Send(1)
}

// A leaver has senders that leave, and closes nothing that they use.
type leaver struct {
	done chan struct{}
	msgs chan int
}

// Send may be called by several at once.
func (l *leaver) Send(m int) {
	select {
	case <-l.done:
	case l.msgs <- m:
	}
}

// Close makes the senders leave.
func (l *leaver) Close() { close(l.done) }

func besideQuit_ok() {
	l := &leaver{done: make(chan struct{}), msgs: make(chan int)}
	l.Close()
	l.Send(1)
}

// A watcher hands a method to others that call it when something changes.
type watcher struct {
	changes chan error
}

// Watch registers the method.
func (w *watcher) Watch(register func(func(error))) { register(w.onChange) }

func (w *watcher) onChange(err error) {
	w.changes <- err // likely `send on closed channel: w.changes may be closed at line \d+ while the function that is handed on at line \d+ still sends`
}

// Shutdown does not unregister it.
func (w *watcher) Shutdown() { close(w.changes) }

// Watcher lets others have one.
func Watcher() *watcher { return &watcher{changes: make(chan error, 1)} }

//fixture:norun others decide when they call
func handedOn_bad() { Watcher().Shutdown() }

// An orderly one ends its sources before it closes.
type orderly struct {
	changes chan error
	sources []interface{ Shutdown() }
}

// Watch registers the method.
func (o *orderly) Watch(register func(func(error))) { register(o.onChange) }

func (o *orderly) onChange(err error) { o.changes <- err }

// Shutdown ends who sends, then closes.
func (o *orderly) Shutdown() {
	for _, s := range o.sources {
		s.Shutdown()
	}
	close(o.changes)
}

// Orderly lets others have one.
func Orderly() *orderly { return &orderly{changes: make(chan error, 1)} }

func handedOn_ok() {
	Orderly().Shutdown()
	h := &hub{subs: map[*sub]bool{}}
	s := h.Subscribe()
	go h.Publish(1)
	h.Unsubscribe(s)
}

// A hub publishes under the lock that Unsubscribe takes before it closes.
type hub struct {
	mu   sync.Mutex
	subs map[*sub]bool
}

type sub struct{ c chan int }

func (s *sub) put(v int) {
	select {
	case s.c <- v:
	default:
	}
}

// Subscribe adds one.
func (h *hub) Subscribe() *sub {
	s := &sub{c: make(chan int, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs[s] = true
	return s
}

// Publish sends to all.
func (h *hub) Publish(v int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.put(v)
	}
}

func (h *hub) forward(in chan int) {
	for v := range in {
		h.Publish(v)
	}
}

// Serve publishes what comes in.
func (h *hub) Serve(in chan int) { go h.forward(in) }

// Unsubscribe takes one away: when the lock is free, nobody sends to it.
func (h *hub) Unsubscribe(s *sub) {
	h.mu.Lock()
	delete(h.subs, s)
	h.mu.Unlock()
	close(s.c)
}

// A counted closes when the last of its users is gone.
type counted struct {
	mu   sync.Mutex
	refs int
	in   chan int
}

// Use sends in a goroutine that holds a reference.
func (c *counted) Use() {
	c.mu.Lock()
	c.refs++
	c.mu.Unlock()
	go func() {
		c.in <- 1
		c.release()
	}()
}

func (c *counted) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refs--
	if c.refs == 0 {
		close(c.in)
	}
}

func references_ok() {
	c := &counted{in: make(chan int, 1)}
	c.Use()
	<-c.in
}

// A run is started through a function that runs what it is given.
type run struct {
	out chan int
}

func started(f func()) { f() }

// Start has one goroutine that sends and closes.
func (r *run) Start() { go started(r.loop) }

func (r *run) loop() {
	r.step()
	r.shutdown()
}

func (r *run) step()     { r.out <- 1 }
func (r *run) shutdown() { close(r.out) }

// Other uses the same helper for another goroutine.
func (r *run) Other() { go started(func() {}) }

func oneGoroutine_ok() {
	r := &run{out: make(chan int, 1)}
	r.Start()
	r.Other()
	for range r.out {
	}
}

// A future answers once, in whatever goroutine.
type future struct {
	answered bool
	errc     chan error
}

func (f *future) respond(err error) {
	if f.answered {
		return
	}
	f.errc <- err
	close(f.errc)
	f.answered = true
}

// Ask has it answered in two ways.
func Ask(later bool) error {
	f := &future{errc: make(chan error, 1)}
	if later {
		go f.respond(nil)
	} else {
		f.respond(nil)
	}
	return <-f.errc
}

func answeredOnce_ok() {
	Ask(true)
	Ask(false)
}

// A control runs what it is given under its lock.
type control struct {
	mu    sync.Mutex
	quota chan int
}

func (c *control) execute(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *control) reader(in chan int) {
	for range in {
		c.execute(func() {
			select {
			case c.quota <- 1:
			default:
			}
		})
	}
}

// Start sends in a goroutine.
func (c *control) Start(in chan int) { go c.reader(in) }

// Wake closes and makes anew, all in one.
func (c *control) Wake() {
	c.execute(func() {
		close(c.quota)
		c.quota = make(chan int, 1)
	})
}

func underLockOfCallee_ok() {
	c := &control{quota: make(chan int, 1)}
	in := make(chan int)
	c.Start(in)
	in <- 1
	c.Wake()
	close(in)
}

// A lister has the keys that a goroutine finds.
type lister struct{ keys chan int }

// List lists all.
func List(in chan int) *lister {
	l := &lister{keys: make(chan int)}
	go func() {
		defer close(l.keys)
		for k := range in {
			l.keys <- k
		}
	}()
	return l
}

// ListSome lists some.
func ListSome(in chan int) *lister {
	l := &lister{keys: make(chan int)}
	go func() {
		defer close(l.keys)
		for k := range in {
			if k > 0 {
				l.keys <- k
			}
		}
	}()
	return l
}

func differentObjects_ok() {
	in := make(chan int, 1)
	in <- 1
	close(in)
	for range List(in).keys {
	}
	for range ListSome(in).keys {
	}
}

// Stats collects until ctx ends. The collector may still send then.
func Stats(stop <-chan struct{}, in <-chan int) <-chan int {
	out := make(chan int, 1)
	go collect(stop, in, out)
	return out
}

func collect(stop <-chan struct{}, in <-chan int, out chan int) {
	defer close(out)
	go copyAll(in, out)
	<-stop
}

func copyAll(in <-chan int, out chan<- int) {
	for v := range in {
		out <- v // likely `send on closed channel: out may be closed at line \d+, which does not wait for the goroutine started at line \d+`
	}
}

//fixture:norun it is only a race
func handedDown_bad() { Stats(nil, nil) }

func collectAll(in <-chan int, out chan int) {
	defer close(out)
	var wg sync.WaitGroup
	wg.Go(func() { copyEach(in, out) })
	wg.Wait()
}

func copyEach(in <-chan int, out chan<- int) {
	for v := range in {
		out <- v
	}
}

func handedDown_ok() {
	in, out := make(chan int), make(chan int, 1)
	close(in)
	collectAll(in, out)
}
