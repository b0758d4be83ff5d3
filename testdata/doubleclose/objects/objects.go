// Package objects closes channels that live in fields, from methods that other
// code may call at any time.
package objects

import (
	"errors"
	"sync"
	"sync/atomic"
)

// A checked asks whether its channel is closed, and closes it.
type checked struct{ done chan struct{} }

// Stop may be called by anyone.
func (c *checked) Stop() {
	select {
	case <-c.done:
	default:
		close(c.done) // likely `close of closed channel: c.done may be closed by another goroutine after the check at line \d+; no lock is held over both`
	}
}

// Checked lets others have one.
func Checked() *checked { return &checked{done: make(chan struct{})} }

//fixture:norun it is only a race
func checkThenClose_bad() { Checked().Stop() }

func checkThenClose_ok() { Locked().Stop() }

// A locked does both under a lock.
type locked struct {
	mu   sync.Mutex
	done chan struct{}
}

// Stop may be called by anyone.
func (l *locked) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
	default:
		close(l.done)
	}
}

// Locked lets others have one.
func Locked() *locked { return &locked{done: make(chan struct{})} }

// A flagged tests and sets a flag under a lock, and closes after it.
type flagged struct {
	mu     sync.Mutex
	closed bool
	done   chan struct{}
}

// Stop may be called by anyone: only one caller finds the flag unset.
func (f *flagged) Stop() {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.closed = true
	f.mu.Unlock()
	close(f.done)
}

func testAndSet_ok() { (&flagged{done: make(chan struct{})}).Stop() }

// A swapped swaps a flag.
type swapped struct {
	closed atomic.Bool
	done   chan struct{}
	once   sync.Once
	other  chan struct{}
}

// Stop may be called by anyone.
func (s *swapped) Stop() {
	if s.closed.CompareAndSwap(false, true) {
		close(s.done)
	}
	s.once.Do(func() { close(s.other) })
}

func swap_ok() { (&swapped{done: make(chan struct{}), other: make(chan struct{})}).Stop() }

// A racy loads a flag, and stores it later.
type racy struct {
	closed atomic.Bool
	done   chan struct{}
}

// Stop may be called by anyone.
func (r *racy) Stop() {
	if r.closed.Load() {
		return
	}
	r.closed.Store(true)
	close(r.done) // likely `close of closed channel: r.done may be closed by another goroutine after the check at line \d+; no lock is held over both`
}

// Racy lets others have one.
func Racy() *racy { return &racy{done: make(chan struct{})} }

//fixture:norun it is only a race
func loadThenStore_bad() { Racy().Stop() }

func loadThenStore_ok() { swap_ok() }

// A balancer closes ready when the first address comes up, or at the end.
type balancer struct {
	mu    sync.Mutex
	up    map[string]bool
	ready chan struct{}
}

// Up tells of an address.
func (b *balancer) Up(addr string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.up) == 0 {
		close(b.ready) // likely `close of closed channel: b.ready may already be closed at line \d+, which changes nothing that the check at line \d+ depends on`
	}
	b.up[addr] = true
}

// Close releases who waits.
func (b *balancer) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.up) == 0 {
		close(b.ready)
	}
}

// Balancer lets others have one.
func Balancer() *balancer { return &balancer{up: map[string]bool{}, ready: make(chan struct{})} }

//fixture:norun it takes two callers
func unchangedGuard_bad() { Balancer().Up("a") }

// A careful does the same with a flag that both test.
type careful struct {
	mu     sync.Mutex
	up     map[string]bool
	closed bool
	ready  chan struct{}
}

// Up tells of an address.
func (c *careful) Up(addr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	if len(c.up) == 0 {
		close(c.ready)
	}
	c.up[addr] = true
}

// Close releases who waits.
func (c *careful) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	if len(c.up) == 0 {
		close(c.ready)
	}
}

func unchangedGuard_ok() {
	c := &careful{up: map[string]bool{}, ready: make(chan struct{})}
	c.Close()
	c.Up("a")
}

// A broadcaster closes what it holds for its listeners.
type broadcaster struct {
	mu        sync.Mutex
	closed    bool
	listeners []chan int
}

// Send does nothing after Close.
func (b *broadcaster) Send(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	for _, l := range b.listeners {
		select {
		case l <- v:
		default:
		}
	}
}

// Close sets the flag and does not look at it.
func (b *broadcaster) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, l := range b.listeners {
		close(l) // likely `close of closed channel: l is closed again if Close is called again: it sets closed at line \d+ and does not test it, as Send does at line \d+`
	}
}

// Broadcaster lets others have one.
func Broadcaster() *broadcaster { return &broadcaster{listeners: []chan int{make(chan int, 1)}} }

//fixture:norun it takes two callers
func untestedFlag_bad() { Broadcaster().Close() }

// A quiet one looks at it.
type quiet struct {
	mu        sync.Mutex
	closed    bool
	listeners []chan int
}

// Close may be called again.
func (q *quiet) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.closed = true
	for _, l := range q.listeners {
		close(l)
	}
}

func untestedFlag_ok() {
	q := &quiet{listeners: []chan int{make(chan int)}}
	q.Close()
	q.Close()
}

// A periodic runs in a goroutine that Start starts, as often as it is called.
type periodic struct {
	stop, ended chan struct{}
}

// Start can be called twice.
func (p *periodic) Start() { go p.run() }

func (p *periodic) run() {
	defer close(p.ended) // likely `close of closed channel: p.ended is closed again if Start starts this goroutine a second time at line \d+, which nothing prevents`
	<-p.stop
}

// Flush makes it ready for the next Start.
func (p *periodic) Flush() { p.stop, p.ended = make(chan struct{}), make(chan struct{}) }

// Periodic lets others have one.
func Periodic() *periodic {
	p := new(periodic)
	p.Flush()
	return p
}

//fixture:norun it takes two calls of Start
func restarted_bad() {
	p := Periodic()
	p.Start()
	close(p.stop)
}

// A renewed has new channels for every run.
type renewed struct {
	stop, ended chan struct{}
}

// Start makes the channels of the run that it starts.
func (r *renewed) Start() {
	r.stop, r.ended = make(chan struct{}), make(chan struct{})
	go r.run(r.stop, r.ended)
}

func (r *renewed) run(stop, ended chan struct{}) {
	defer close(ended)
	<-stop
}

func restarted_ok() {
	r := new(renewed)
	r.Start()
	close(r.stop)
	<-r.ended
}

// An owner has one goroutine that asks and closes.
type owner struct {
	first chan struct{}
	in    chan int
}

// Serve runs until in is closed: nobody else closes first.
func (o *owner) Serve() {
	for range o.in {
		o.fire()
	}
}

func (o *owner) fire() {
	select {
	case <-o.first:
	default:
		close(o.first)
	}
}

func ownedByLoop_ok() {
	o := &owner{first: make(chan struct{}), in: make(chan int, 2)}
	o.in <- 1
	o.in <- 2
	close(o.in)
	o.Serve()
}

// A table takes what it closes out of its map, under a lock.
type table struct {
	mu      sync.Mutex
	waiting map[int]*waiter
}

type waiter struct {
	closed bool
	done   chan struct{}
}

func (w *waiter) cleanup() {
	if !w.closed {
		close(w.done)
		w.closed = true
	}
}

// Drop may be called by anyone, but it finds each waiter once.
func (t *table) Drop(id int) {
	t.mu.Lock()
	w, ok := t.waiting[id]
	delete(t.waiting, id)
	t.mu.Unlock()
	if ok {
		w.cleanup()
	}
}

func takenOut_ok() {
	t := &table{waiting: map[int]*waiter{1: {done: make(chan struct{})}}}
	t.Drop(1)
	t.Drop(1)
}

// A conn is stopped by its user and by its own goroutine.
type conn struct {
	in   chan int
	done chan struct{}
}

// Dial starts the goroutine.
func Dial() *conn {
	c := &conn{in: make(chan int), done: make(chan struct{})}
	go c.loop()
	return c
}

func (c *conn) loop() {
	for range c.in {
	}
	c.Close()
}

// Close may be called by the user as well.
func (c *conn) Close() {
	close(c.done) // likely `close of closed channel: c.done is closed again if Close is called after the goroutine started at line \d+ has called it at line \d+`
}

//fixture:norun it takes two callers
func ownCaller_bad() {
	c := Dial()
	close(c.in)
	<-c.done
}

// A line closes once, whoever is first.
type line struct {
	in   chan int
	once sync.Once
	done chan struct{}
}

func (l *line) loop() {
	for range l.in {
	}
	l.Close()
}

// Close may be called by the user as well.
func (l *line) Close() { l.once.Do(func() { close(l.done) }) }

func ownCaller_ok() {
	l := &line{in: make(chan int), done: make(chan struct{})}
	go l.loop()
	close(l.in)
	l.Close()
}

// A screen is run by a goroutine that the package starts for its users.
type screen struct {
	in     chan int
	closed chan struct{}
}

// Run works until in is closed.
func (s *screen) Run() {
	defer close(s.closed)
	s.draw()
}

func (s *screen) draw() {
	for range s.in {
	}
}

// Setup starts it.
func Setup(s *screen) { go func() { s.Run() }() }

func runFunction_ok() {
	s := &screen{make(chan int), make(chan struct{})}
	Setup(s)
	close(s.in)
	<-s.closed
}

// A writer is for one goroutine, which may close it twice.
type writer struct {
	closed bool
	tasks  chan int
	wg     sync.WaitGroup
}

// Writer lets others have one.
func Writer() *writer {
	w := &writer{tasks: make(chan int)}
	w.wg.Go(func() {
		for range w.tasks {
		}
	})
	return w
}

// Finish may be called again by the same goroutine.
func (w *writer) Finish() {
	if w.closed {
		return
	}
	close(w.tasks)
	w.wg.Wait()
	w.closed = true
}

func oneUser_ok() {
	w := Writer()
	w.Finish()
	w.Finish()
}

// A cond is used with its lock held, as its Wait shows.
type cond struct {
	L  sync.Locker
	ch chan struct{}
}

// Broadcast wakes all.
func (c *cond) Broadcast() {
	if c.ch != nil {
		close(c.ch)
		c.ch = nil
	}
}

// Wait gives the lock up while it waits.
func (c *cond) Wait() {
	if c.ch == nil {
		c.ch = make(chan struct{})
	}
	ch := c.ch
	c.L.Unlock()
	defer c.L.Lock()
	<-ch
}

// Cond lets others have one.
func Cond(l sync.Locker) *cond { return &cond{L: l} }

func lockOfCaller_ok() {
	var mu sync.Mutex
	c := Cond(&mu)
	mu.Lock()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c.Broadcast()
	}()
	c.Wait()
	mu.Unlock()
}

// A subscription ends in two ways, whichever is first.
type subscription struct {
	mu     sync.Mutex
	closed atomic.Bool
	done   chan struct{}
}

// Stop may be called by anyone.
func (s *subscription) Stop() {
	if !s.closed.CompareAndSwap(false, true) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.done)
}

// Drain may be called by anyone.
func (s *subscription) Drain() {
	if !s.closed.CompareAndSwap(false, true) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.done)
}

func firstOfTwo_ok() {
	s := &subscription{done: make(chan struct{})}
	s.Stop()
	s.Drain()
}

// An unbounded one is closed when it is empty: by Close, or later by Load.
type unbounded struct {
	mu              sync.Mutex
	closing, closed bool
	backlog         []int
	c               chan int
}

// Load may be called by anyone.
func (u *unbounded) Load() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.backlog) > 0 {
		u.backlog = u.backlog[1:]
	} else if u.closing && !u.closed {
		u.closed = true
		close(u.c)
	}
}

// Close may be called by anyone.
func (u *unbounded) Close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closing {
		return
	}
	u.closing = true
	if len(u.backlog) == 0 {
		u.closed = true
		close(u.c)
	}
}

func oppositeFlag_ok() {
	u := &unbounded{backlog: []int{1}, c: make(chan int)}
	u.Close()
	u.Load()
	u.Load()
}

// A transport cleans up after itself if it cannot be made.
type transport struct {
	done chan struct{}
	in   chan int
}

// NewTransport closes what its goroutine would have closed.
func NewTransport(fail bool) (t *transport, err error) {
	t = &transport{done: make(chan struct{}), in: make(chan int)}
	defer func() {
		if err != nil {
			close(t.done)
		}
	}()
	if fail {
		return nil, errors.New("no")
	}
	u := t
	go func() {
		for range u.in {
		}
		if u.in != nil {
			close(u.done)
		}
	}()
	return u, nil
}

func cleanUp_ok() {
	t, err := NewTransport(false)
	if err == nil {
		close(t.in)
		<-t.done
	}
}

// A publisher takes its channel out of the field before it closes it.
type publisher struct {
	mu   sync.Mutex
	open int
	done chan struct{}
}

// Ack may be called by anyone.
func (p *publisher) Ack() {
	var done chan struct{}
	p.mu.Lock()
	p.open--
	if p.done != nil && p.open == 0 {
		done = p.done
		p.done = nil
	}
	p.mu.Unlock()
	closeDone := func() {
		if done != nil {
			close(done)
		}
	}
	defer closeDone()
}

// Reset may be called by anyone.
func (p *publisher) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done != nil {
		close(p.done)
		p.done = nil
	}
}

func takenFromField_ok() {
	p := &publisher{open: 1, done: make(chan struct{})}
	p.Ack()
	p.Reset()
}
