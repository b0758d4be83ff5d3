// Package local sends on closed channels in one goroutine.
package local

// The analyzer may not assume the values of these.
var (
	fail = true
	two  = []int{1, 2}
)

func straight_bad() {
	c := make(chan int, 1)
	close(c)
	c <- 1 // panics "send on closed channel" // want `send on closed channel: c is already closed at line \d+`
}

func straight_ok() {
	c := make(chan int, 1)
	c <- 1
	close(c)
}

func branch_bad() {
	c := make(chan int, 1)
	if fail {
		close(c)
	}
	c <- 1 // panics "send on closed channel" // want `send on closed channel: c may already be closed at line \d+`
}

func branch_ok() {
	c := make(chan int, 1)
	if fail {
		close(c)
		return
	}
	c <- 1
}

func choice_bad() {
	c := make(chan int, 1)
	quit := make(chan int)
	close(c)
	select { // panics "send on closed channel"
	case c <- 1: // want `send on closed channel: c is already closed at line \d+`
	case <-quit:
	}
}

func choice_ok() {
	c := make(chan int, 1)
	quit := make(chan int)
	select {
	case c <- 1:
	case <-quit:
	}
	close(c)
}

func loop_bad() {
	c := make(chan int, 2)
	for _, v := range two {
		c <- v // panics "send on closed channel" // want `send on closed channel: c is already closed at line \d+ by the iteration before`
		close(c)
	}
}

func loop_ok() {
	c := make(chan int, 2)
	for _, v := range two {
		c <- v
	}
	close(c)
}

type queue struct{ items chan int }

func (q *queue) put(v int) { q.items <- v } // panics "send on closed channel" in stopped_bad

func (q *queue) stop() { close(q.items) }

func stopped_bad() {
	q := &queue{make(chan int, 1)}
	q.stop()
	q.put(1) // want `send on closed channel: q.items is already closed at line \d+ when put sends on it at line \d+`
}

func stopped_ok() {
	q := &queue{make(chan int, 1)}
	q.put(1)
	q.stop()
}

func deferred_bad() {
	c := make(chan int, 1)
	defer func() {
		c <- 1 // panics "send on closed channel" // want `send on closed channel: c is already closed by the deferred call at line \d+ when this deferred call runs`
	}()
	defer close(c)
}

func deferred_ok() {
	c := make(chan int, 1)
	defer close(c)
	defer func() {
		c <- 1
	}()
}

// A callee that sends and closes when it returns does so in this order.
type line struct{ c chan int }

func (l *line) shutdown() {
	defer close(l.c)
	l.c <- 1
}

func sendThenDeferredClose_ok() {
	l := &line{make(chan int, 1)}
	l.shutdown()
}
