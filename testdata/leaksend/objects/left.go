package objects

import (
	"context"
	"sync"
)

// A desk has a loop that serves it until it is closed.
type desk struct {
	asked chan int
	quit  chan struct{}
}

// Desk lets others have one.
func Desk() *desk {
	d := &desk{asked: make(chan int), quit: make(chan struct{})}
	go d.serve()
	return d
}

func (d *desk) serve() {
	for {
		select {
		case n := <-d.asked:
			println(n)
		case <-d.quit:
			return
		}
	}
}

// Ask finds nobody if the desk has been closed meanwhile.
func (d *desk) Ask(n int) {
	d.asked <- n // likely `send on d.asked may block forever: serve stops receiving when d.quit is ready at line \d+, and this send has no other case`
}

// TryAsk looks for the end as well.
func (d *desk) TryAsk(n int) {
	select {
	case d.asked <- n:
	case <-d.quit:
	}
}

// Close ends it.
func (d *desk) Close() { close(d.quit) }

//fixture:norun others ask and close
func closedDesk_bad(d *desk) { d.Close() }

// A till is open until Close has the lock.
type till struct {
	mu     sync.Mutex
	closed bool
	asked  chan int
	quit   chan struct{}
}

// Till lets others have one.
func Till() *till {
	c := &till{asked: make(chan int), quit: make(chan struct{})}
	go c.serve()
	return c
}

func (c *till) serve() {
	for {
		select {
		case n := <-c.asked:
			println(n)
		case <-c.quit:
			return
		}
	}
}

// Ask knows that the till is open until it gives the lock up.
func (c *till) Ask(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.asked <- n
	}
}

// Close ends it.
func (c *till) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		close(c.quit)
	}
}

//fixture:norun others ask and close
func closedDesk_ok(c *till) { c.Close() }

// A tracker shows progress until a context ends.
type tracker struct{ added chan string }

// Tracker lets others have one.
func Tracker() *tracker { return &tracker{added: make(chan string, 1)} }

// Show returns when the context has ended.
func (t *tracker) Show(ctx context.Context) {
	for {
		select {
		case name := <-t.added:
			println(name)
		case <-ctx.Done():
			return
		}
	}
}

// Add fills the buffer once nobody shows.
func (t *tracker) Add(name string) {
	t.added <- name // likely `send on t.added may block forever: Show stops receiving when ctx.Done\(\) is ready at line \d+, and this send has no other case`
}

//fixture:norun others add and show
func contextEnds_bad(ctx context.Context, t *tracker) { t.Show(ctx) }

// A drain shows until all has been added.
type drain struct{ added chan string }

// Drain lets others have one.
func Drain() *drain { return &drain{added: make(chan string, 1)} }

// Show returns when nothing more comes.
func (d *drain) Show() {
	for name := range d.added {
		println(name)
	}
}

// Add is always served.
func (d *drain) Add(name string) { d.added <- name }

// Finish says that nothing more comes.
func (d *drain) Finish() { close(d.added) }

//fixture:norun others add and finish
func contextEnds_ok(d *drain) { d.Show() }
