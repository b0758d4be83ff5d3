// Package callees closes channels through functions of the package.
package callees

// The analyzer may not assume the value of this.
var fail = true

type conn struct{ done chan int }

func (c *conn) hangUp() { close(c.done) } // panics "close of closed channel" in hop_bad, ownAndHop_bad

type client struct{ conn *conn }

func newClient() *client { return &client{&conn{make(chan int)}} }

func (c *client) stop() { c.conn.hangUp() }

func hop_bad() {
	c := newClient()
	c.stop()
	c.stop() // want `close of closed channel: c.done is already closed at line \d+ when stop closes it at line \d+`
}

func hop_ok() {
	c := newClient()
	c.stop()
	c.conn = &conn{make(chan int)}
	c.stop()
}

func ownAndHop_bad() {
	c := newClient()
	if fail {
		close(c.conn.done)
	}
	c.stop() // want `close of closed channel: c.done may already be closed at line \d+ when stop closes it at line \d+`
}

func ownAndHop_ok() {
	c := newClient()
	if fail {
		close(c.conn.done)
	} else {
		c.stop()
	}
}

// A literal in a variable that is assigned once.
func variable_bad() {
	c := make(chan int)
	stop := func() {
		close(c) // panics "close of closed channel"
	}
	finish := func() { stop() }
	stop()
	finish() // want `close of closed channel: c is already closed at line \d+ when the function literal closes it at line \d+`
}

func variable_ok() {
	c := make(chan int)
	stop := func() { close(c) }
	finish := func() { stop() }
	if fail {
		stop()
	} else {
		finish()
	}
}

// The last call decides: a literal that is replaced.
func replaced_ok() {
	c := make(chan int)
	stop := func() { close(c) }
	stop()
	stop = func() {}
	stop()
}

func guarded(c chan int) {
	select {
	case <-c:
	default:
		close(c)
	}
}

func guarded_ok() {
	c := make(chan int)
	guarded(c)
	guarded(c)
}

func safely(c chan int) {
	defer func() { recover() }()
	close(c)
}

func recovered_ok() {
	c := make(chan int)
	safely(c)
	safely(c)
}

func closed() chan int {
	c := make(chan int)
	close(c)
	return c
}

func result_bad() {
	c := closed()
	close(c) // panics "close of closed channel" // want `close of closed channel: c is already closed at line \d+`
}

func result_ok() {
	<-closed()
}

// A generic helper.
func finish[T int | string](c chan T, last T) {
	println(last)
	close(c) // panics "close of closed channel" in generic_bad
}

func generic_bad() {
	c := make(chan int, 2)
	close(c)
	finish(c, 2) // want `close of closed channel: c is already closed at line \d+ when finish closes it at line \d+`
}

func generic_ok() {
	c := make(chan string, 2)
	finish(c, "end")
}

// Recursion ends some time.
func recursive(c chan int, n int) {
	if n == 0 {
		close(c)
		return
	}
	recursive(c, n-1)
}

func recursive_ok() {
	c := make(chan int)
	recursive(c, 3)
}

// An argument that is a field of a struct passed by value.
type config struct{ done chan int }

func (c config) end() { close(c.done) } // panics "close of closed channel" in byValue_bad

func byValue_bad() {
	c := config{make(chan int)}
	c.end()
	c.end() // want `close of closed channel: c.done is already closed at line \d+ when end closes it at line \d+`
}

func byValue_ok() {
	c := config{make(chan int)}
	c.end()
	c = config{make(chan int)}
	c.end()
}
