// Package doubleclose closes a channel in several goroutines.
package doubleclose

import (
	"sync"
	"sync/atomic"

	"chanlint.test/testdata/gate"
)

// Two goroutines that each close.
func two_bad() {
	done := make(chan struct{})
	for range 2 {
		go func() {
			close(done) // panics "close of closed channel" // want `close of closed channel.*`
		}()
	}
	<-done
}

func two_ok() {
	done := make(chan struct{})
	var once sync.Once
	for range 2 {
		go func() {
			once.Do(func() { close(done) })
		}()
	}
	<-done
}

// One close in the goroutine, one in its starter.
func starter_bad() {
	done := make(chan struct{})
	go func() {
		close(done)
		gate.Open()
	}()
	gate.Await()
	close(done) // panics "close of closed channel" // want `close of closed channel.*`
}

func starter_ok() {
	done := make(chan struct{})
	go func() {
		close(done)
		gate.Open()
	}()
	gate.Await()
	<-done
}

// Every worker closes the results when it has finished.
func workers_bad() {
	results := make(chan int, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i
			gate.Open()
			gate.AwaitN(3)
			close(results) // panics "close of closed channel" // want `close of closed channel.*`
		}()
	}
	wg.Wait()
}

func workers_ok() {
	results := make(chan int, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i
		}()
	}
	wg.Wait()
	close(results)
}

// Check, then close: both checks may come before either close.
func checkThenClose_bad() {
	done := make(chan struct{})
	stop := func() {
		select {
		case <-done:
		default:
			gate.Open()
			gate.AwaitN(2)
			close(done) // panics "close of closed channel" // want `close of closed channel.*`
		}
	}
	go stop()
	stop()
}

func checkThenClose_ok() {
	done := make(chan struct{})
	var mu sync.Mutex
	stop := func() {
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-done:
		default:
			close(done)
		}
	}
	go stop()
	stop()
	<-done
}

// A goroutine with a deferred close is started again.
type loop struct {
	done chan struct{}
}

func (l *loop) start() {
	go func() {
		defer gate.Open()
		defer func() {
			close(l.done) // panics "close of closed channel" in restarted_bad // want `close of closed channel.*`
		}()
	}()
}

func restarted_bad() {
	l := &loop{done: make(chan struct{})}
	l.start()
	gate.Await()
	l.start()
	gate.AwaitN(2)
}

type freshLoop struct {
	done chan struct{}
}

func (l *freshLoop) start() {
	l.done = make(chan struct{})
	go func(done chan struct{}) {
		defer gate.Open()
		defer close(done)
	}(l.done)
}

func restarted_ok() {
	l := &freshLoop{}
	l.start()
	gate.Await()
	l.start()
	gate.AwaitN(2)
}

// Between the look and the store there is room for another.
func looksFirst_bad() {
	var closed atomic.Bool
	c := make(chan int)
	done := make(chan bool)
	stop := func() {
		if closed.Load() {
			return
		}
		gate.Open()
		gate.AwaitN(2)
		closed.Store(true)
		close(c) // panics "close of closed channel" // want `close of closed channel: c .*`
	}
	go func() {
		stop()
		done <- true
	}()
	stop()
	<-done
}

// Only one swaps it.
func swapsOnce_ok() {
	var closed atomic.Bool
	c := make(chan int)
	done := make(chan bool)
	stop := func() {
		if closed.CompareAndSwap(false, true) {
			close(c)
		}
	}
	go func() {
		stop()
		done <- true
	}()
	stop()
	<-done
}

func swapped_ok() {
	var closed atomic.Int32
	c := make(chan int)
	done := make(chan bool)
	stop := func() {
		if closed.Swap(1) == 0 {
			close(c)
		}
	}
	go func() {
		stop()
		done <- true
	}()
	stop()
	<-done
}

// The lock makes the look and the store one step.
func looksFirst_ok() {
	var mu sync.Mutex
	closed := false
	c := make(chan int)
	done := make(chan bool)
	stop := func() {
		mu.Lock()
		defer mu.Unlock()
		if !closed {
			closed = true
			close(c)
		}
	}
	go func() {
		stop()
		done <- true
	}()
	stop()
	<-done
}
