// Package closes has several close calls for one channel of which exactly one
// runs.
package closes

import (
	"errors"
	"sync"
)

var flag = true

func check() error {
	if flag {
		return errors.New("failed")
	}
	return nil
}

// Both branches close, and each returns.
func eachBranchReturns_ok() {
	done := make(chan struct{})
	if flag {
		close(done)
		return
	}
	close(done)
}

// The branches of a switch.
func switchBranches_ok() {
	done := make(chan struct{})
	switch {
	case flag:
		close(done)
	default:
		close(done)
	}
	<-done
}

// The same condition guards both, once negated.
func exclusiveConditions_ok() {
	early := flag
	done := make(chan struct{})
	if early {
		close(done)
	}
	if !early {
		close(done)
	}
	<-done
}

// The close in the loop is followed by a break.
func closeAndBreak_ok() {
	done := make(chan struct{})
	for i := range 3 {
		if i == 1 {
			close(done)
			break
		}
	}
	<-done
}

// A flag records that the channel is closed.
func localFlag_ok() {
	done := make(chan struct{})
	closed := false
	for range 3 {
		if !closed {
			closed = true
			close(done)
		}
	}
	<-done
}

// The variable is set to nil after the close.
func setToNil_ok() {
	done := make(chan struct{})
	for range 3 {
		if done != nil {
			close(done)
			done = nil
		}
	}
}

// A new channel is made after each close.
func remade_ok() {
	changed := make(chan struct{})
	for range 3 {
		close(changed)
		changed = make(chan struct{})
	}
	close(changed)
}

// A channel per iteration.
func perIteration_ok() {
	for range 3 {
		c := make(chan int)
		close(c)
	}
}

// The deferred close belongs to the closure, which is called once for each of
// its own channels.
func deferInClosure_ok() {
	for range 2 {
		func() {
			c := make(chan int)
			defer close(c)
		}()
	}
}

// Once.
func once_ok() {
	done := make(chan struct{})
	var once sync.Once
	stop := func() { once.Do(func() { close(done) }) }
	stop()
	stop()
	<-done
}

// OnceFunc.
func onceFunc_ok() {
	done := make(chan struct{})
	stop := sync.OnceFunc(func() { close(done) })
	defer stop()
	stop()
	<-done
}

// Check, then close, in one goroutine.
func selectGuard_ok() {
	done := make(chan struct{})
	stop := func() {
		select {
		case <-done:
		default:
			close(done)
		}
	}
	stop()
	stop()
}

// Only one of two cleanups is returned.
func cleanupChoice_ok() {
	done := make(chan struct{})
	cleanup := func() {}
	if flag {
		cleanup = func() { close(done) }
	} else {
		close(done)
	}
	cleanup()
	<-done
}

// The error path closes and returns; the goroutine that closes is not started
// then.
func goroutineOrHere_ok() {
	done := make(chan struct{})
	if check() != nil {
		close(done)
		return
	}
	go func() { close(done) }()
	<-done
}

// Close after the last send, with a deferred function that looks at a flag.
func deferredUnlessDone_ok() {
	c := make(chan int, 1)
	finished := false
	defer func() {
		if !finished {
			close(c)
		}
	}()
	c <- 1
	finished = true
	close(c)
}

type conn struct {
	mu     sync.Mutex
	done   chan struct{}
	closed bool
}

// Close may be called again.
func (c *conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	close(c.done)
}

func closedFlag_ok() {
	c := &conn{done: make(chan struct{})}
	defer c.Close()
	c.Close()
	<-c.done
}

// A nil-ing stored under the lock.
func (c *conn) nilClose() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		close(c.done)
		c.done = nil
	}
}

func nilledField_ok() {
	c := &conn{done: make(chan struct{})}
	c.nilClose()
	c.nilClose()
}

// Two channels with the same name in different scopes.
func shadowed_ok() {
	c := make(chan int)
	if flag {
		c := make(chan int)
		close(c)
	}
	close(c)
}

// Two objects of one type.
func twoObjects_ok() {
	a := &conn{done: make(chan struct{})}
	b := &conn{done: make(chan struct{})}
	close(a.done)
	close(b.done)
}

// A closed channel may be received from and ranged over.
func afterClose_ok() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	close(c)
	for v := range c {
		println(v)
	}
	v, ok := <-c
	println(v, ok, len(c))
}

// The recovered panic of a second close is a known idiom, if an ugly one.
func recovered_ok() {
	c := make(chan int)
	safeClose(c)
	safeClose(c)
}

func safeClose(c chan int) (again bool) {
	defer func() {
		if recover() != nil {
			again = true
		}
	}()
	close(c)
	return false
}

// The two channels of a swap.
func swapped_ok() {
	a, b := make(chan int), make(chan int)
	if flag {
		a, b = b, a
	}
	close(a)
	close(b)
}

// A goto leaves before the second close.
func gotoLeaves_ok() {
	c := make(chan int)
	if flag {
		close(c)
		goto out
	}
	close(c)
out:
	<-c
}

// view stands for a function of another package that calls back.
var view = func(f func() error) error { return f() }

// The channel is closed by a callback.
func closedByCallback_ok() {
	c := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range c {
		}
	}()
	if err := view(func() error {
		defer close(c)
		c <- 1
		return nil
	}); err != nil {
		println(err.Error())
	}
	<-done
}
