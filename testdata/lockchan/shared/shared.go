// Package shared has goroutines that assign a variable under a lock while others
// use it: what it holds when it is used decides who waits for whom.
package shared

import (
	"sync"

	"chanlint.test/testdata/gate"
)

type conn struct {
	mu    sync.Mutex
	reset chan bool
	quit  chan bool
}

// watch takes the channel away, under the lock that a sender holds.
func (c *conn) watch() {
	reset := c.reset
	for {
		select {
		case <-reset:
		case <-c.quit:
			gate.Open()
			gate.AwaitN(2)
			c.mu.Lock() // leaks in takenAway_bad
			c.reset = nil
			c.mu.Unlock()
			return
		}
	}
}

func (c *conn) write() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reset == nil {
		return
	}
	gate.Await()
	gate.Open()
	c.reset <- true // leaks in takenAway_bad // want `send on c\.reset blocks forever.*`
}

func takenAway_bad() {
	c := &conn{reset: make(chan bool), quit: make(chan bool)}
	go c.watch()
	go c.write()
	c.quit <- true
}

// There is a reader.
func read_ok() {
	c := &conn{reset: make(chan bool), quit: make(chan bool)}
	gate.Open()
	go c.write()
	<-c.reset
}

// By the time of the write the channel is gone.
func takenAway_ok() {
	c := &conn{reset: make(chan bool), quit: make(chan bool)}
	gone := make(chan bool)
	go func() {
		c.watch2()
		close(gone)
	}()
	go func() {
		<-gone
		c.write2()
	}()
	c.quit <- true
	<-gone
}

func (c *conn) watch2() {
	<-c.quit
	c.mu.Lock()
	c.reset = nil
	c.mu.Unlock()
}

func (c *conn) write2() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reset == nil {
		return
	}
	c.reset <- true
}

// A client sends its ping only while it has streams; without, it waits for one, and
// holds the lock that making one takes.
type client struct {
	mu      sync.Mutex
	streams []int
	awake   chan bool
}

func (c *client) keepalive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.streams) < 1 {
		gate.Open()
		<-c.awake // leaks in dormant_bad // want `receive from c\.awake blocks forever.*`
	}
}

func (c *client) open() {
	c.mu.Lock() // leaks in dormant_bad
	defer c.mu.Unlock()
	c.streams = append(c.streams, 1)
	if len(c.streams) == 1 {
		select {
		case c.awake <- true:
		default:
		}
	}
}

func dormant_bad() {
	c := &client{awake: make(chan bool)}
	go c.keepalive()
	gate.Await()
	c.open()
}

func dormant_ok() {
	c := &client{awake: make(chan bool)}
	c.open()
	go c.keepalive()
	c.open()
}

// A watcher tells each of its listeners of every change, and they take the lock
// under which the next change is announced.
type announcer struct {
	mu      sync.Mutex
	changes chan int
}

func (a *announcer) announce() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes <- 1
}

func (a *announcer) heard() {
	a.mu.Lock() // leaks in announced_bad
	defer a.mu.Unlock()
}

func (a *announcer) watch(all []func()) {
	for range a.changes {
		gate.Await()
		var told []func()
		for _, f := range all {
			told = append(told, f)
		}
		for _, f := range told {
			f()
		}
	}
}

func announced_bad() {
	a := &announcer{changes: make(chan int)}
	go a.watch([]func(){a.heard, a.heard})
	a.announce()
	go func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		gate.Open()
		a.changes <- 2 // leaks // want `send on a\.changes blocks forever.*`
		close(a.changes)
	}()
}

func announced_ok() {
	a := &announcer{changes: make(chan int)}
	done := make(chan bool)
	go func() {
		gate.Open()
		a.watch([]func(){a.heard, a.heard})
		close(done)
	}()
	a.announce()
	close(a.changes)
	<-done
}
