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
