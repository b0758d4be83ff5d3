// Package pubsub distributes messages to subscribers, answers requests in a
// loop and shares the work of equal calls.
package pubsub

import (
	"sync"
)

type broker struct {
	mu   sync.Mutex
	subs map[chan int]struct{}
}

func newBroker() *broker { return &broker{subs: make(map[chan int]struct{})} }

func (b *broker) subscribe() chan int {
	c := make(chan int, 4)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs[c] = struct{}{}
	return c
}

// unsubscribe removes the channel under the lock and may close it then.
func (b *broker) unsubscribe(c chan int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.subs[c]; ok {
		delete(b.subs, c)
		close(c)
	}
}

func (b *broker) publish(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		select {
		case c <- n:
		default:
		}
	}
}

func (b *broker) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		delete(b.subs, c)
		close(c)
	}
}

// Subscribers that leave and a broker that closes the rest.
func broker_ok() {
	b := newBroker()
	first, second := b.subscribe(), b.subscribe()
	var wg sync.WaitGroup
	wg.Go(func() {
		for range second {
		}
	})
	b.publish(1)
	<-first
	b.unsubscribe(first)
	b.unsubscribe(first)
	b.publish(2)
	b.close()
	wg.Wait()
}

// A loop owns the map of subscribers; everything goes through channels.
type hub struct {
	join, leave chan chan int
	msgs        chan int
	quit, done  chan struct{}
}

func newHub() *hub {
	h := &hub{
		join:  make(chan chan int),
		leave: make(chan chan int),
		msgs:  make(chan int),
		quit:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	go h.run()
	return h
}

func (h *hub) run() {
	defer close(h.done)
	subs := make(map[chan int]bool)
	for {
		select {
		case c := <-h.join:
			subs[c] = true
		case c := <-h.leave:
			if subs[c] {
				delete(subs, c)
				close(c)
			}
		case m := <-h.msgs:
			for c := range subs {
				c <- m
			}
		case <-h.quit:
			for c := range subs {
				close(c)
			}
			return
		}
	}
}

func hub_ok() {
	h := newHub()
	c := make(chan int, 1)
	h.join <- c
	h.msgs <- 7
	<-c
	h.leave <- c
	if _, ok := <-c; ok {
		return
	}
	close(h.quit)
	<-h.done
}

type call struct {
	done chan struct{}
	val  int
}

type flight struct {
	mu    sync.Mutex
	calls map[string]*call
}

// do runs f once for all concurrent callers with the same key.
func (f *flight) do(key string, fn func() int) int {
	f.mu.Lock()
	if c, ok := f.calls[key]; ok {
		f.mu.Unlock()
		<-c.done
		return c.val
	}
	c := &call{done: make(chan struct{})}
	f.calls[key] = c
	f.mu.Unlock()

	c.val = fn()
	f.mu.Lock()
	delete(f.calls, key)
	f.mu.Unlock()
	close(c.done)
	return c.val
}

func singleflight_ok() {
	f := &flight{calls: make(map[string]*call)}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { f.do("key", func() int { return 1 }) })
	}
	wg.Wait()
}

type request struct {
	key   string
	reply chan int
}

// An actor: state behind a channel of requests, each with its own reply.
func actor_ok() {
	reqs := make(chan request)
	done := make(chan struct{})
	go func() {
		defer close(done)
		state := map[string]int{"a": 1}
		for r := range reqs {
			r.reply <- state[r.key]
		}
	}()
	ask := func(key string) int {
		r := request{key: key, reply: make(chan int)}
		reqs <- r
		return <-r.reply
	}
	println(ask("a"), ask("b"))
	close(reqs)
	<-done
}

// A memo whose entries are channels that are closed when they are ready.
type memo struct {
	mu      sync.Mutex
	entries map[int]*entry
}

type entry struct {
	ready chan struct{}
	res   int
}

func (m *memo) get(k int) int {
	m.mu.Lock()
	e := m.entries[k]
	if e == nil {
		e = &entry{ready: make(chan struct{})}
		m.entries[k] = e
		m.mu.Unlock()
		e.res = k * k
		close(e.ready)
	} else {
		m.mu.Unlock()
		<-e.ready
	}
	return e.res
}

func memo_ok() {
	m := &memo{entries: make(map[int]*entry)}
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() { m.get(i % 2) })
	}
	wg.Wait()
}

// Responses are matched to waiting requests by number.
type mux struct {
	mu      sync.Mutex
	pending map[int]chan string
	in      chan int
}

func (m *mux) send(id int) string {
	c := make(chan string, 1)
	m.mu.Lock()
	m.pending[id] = c
	m.mu.Unlock()
	m.in <- id
	return <-c
}

func (m *mux) loop() {
	for id := range m.in {
		m.mu.Lock()
		c := m.pending[id]
		delete(m.pending, id)
		m.mu.Unlock()
		if c != nil {
			c <- "answer"
		}
	}
}

func mux_ok() {
	m := &mux{pending: make(map[int]chan string), in: make(chan int)}
	go m.loop()
	println(m.send(1), m.send(2))
	close(m.in)
}

// A change is announced by closing the current channel and making a new one.
type watched struct {
	mu      sync.Mutex
	val     int
	changed chan struct{}
}

func (w *watched) set(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.val = n
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *watched) get() (int, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.val, w.changed
}

func broadcast_ok() {
	w := &watched{changed: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				n, changed := w.get()
				if n == 2 {
					return
				}
				<-changed
			}
		})
	}
	w.set(1)
	w.set(2)
	wg.Wait()
}

// The latest value only: an old one is taken out before a new one is put in.
func latest_ok() {
	c := make(chan int, 1)
	put := func(n int) {
		select {
		case <-c:
		default:
		}
		c <- n
	}
	put(1)
	put(2)
	println(<-c)
}

// A wake-up call that is not lost and not counted.
func wakeUp_ok() {
	wake := make(chan struct{}, 1)
	done := make(chan struct{})
	var mu sync.Mutex
	var queue []int
	go func() {
		defer close(done)
		for range wake {
			mu.Lock()
			q := queue
			queue = nil
			mu.Unlock()
			for _, n := range q {
				if n == 0 {
					return
				}
			}
		}
	}()
	for _, n := range []int{2, 1, 0} {
		mu.Lock()
		queue = append(queue, n)
		mu.Unlock()
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	<-done
}
