// Package selects has selects with nil channels, defaults and priorities.
package selects

import (
	"sync"
	"time"
)

// A closed channel is set to nil until both are closed.
func mergeTwo_ok() {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		a <- 1
	}()
	go func() {
		defer close(b)
		b <- 2
	}()
	for a != nil || b != nil {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil
			}
		case _, ok := <-b:
			if !ok {
				b = nil
			}
		}
	}
}

// The output is nil while there is nothing to send.
func pendingSend_ok() {
	in, out := make(chan int), make(chan int)
	go func() {
		defer close(in)
		in <- 1
		in <- 2
	}()
	got := make(chan struct{})
	go func() {
		defer close(got)
		for range out {
		}
	}()
	var queue []int
	src := in
	for src != nil || len(queue) > 0 {
		var dst chan int
		var next int
		if len(queue) > 0 {
			dst, next = out, queue[0]
		}
		select {
		case v, ok := <-src:
			if !ok {
				src = nil
				continue
			}
			queue = append(queue, v)
		case dst <- next:
			queue = queue[1:]
		}
	}
	close(out)
	<-got
}

// A timeout that is nil when there is none.
func optionalTimeout_ok() {
	wait(0)
	wait(time.Millisecond)
}

func wait(d time.Duration) {
	c := make(chan int, 1)
	var timeout <-chan time.Time
	if d > 0 {
		timeout = time.After(d)
	} else {
		c <- 1
	}
	select {
	case <-c:
	case <-timeout:
	}
}

// A case that is enabled once.
func once_ok() {
	start := make(chan int, 1)
	start <- 1
	quit := make(chan struct{})
	for {
		select {
		case <-start:
			start = nil
			close(quit)
		case <-quit:
			return
		}
	}
}

// Non-blocking send and receive.
func defaults_ok() {
	c := make(chan int)
	select {
	case c <- 1:
	default:
	}
	select {
	case <-c:
	default:
	}
}

// The quit channel goes first.
func priority_ok() {
	jobs := make(chan int, 1)
	quit := make(chan struct{})
	jobs <- 1
	close(quit)
	for {
		select {
		case <-quit:
			return
		default:
		}
		select {
		case <-jobs:
		case <-quit:
			return
		}
	}
}

// The first of two answers, and the other one has a buffer to go to.
func firstOf_ok() {
	ask := func() <-chan int {
		c := make(chan int, 1)
		go func() { c <- 1 }()
		return c
	}
	a, b := ask(), ask()
	select {
	case <-a:
	case <-b:
	}
}

// The loser sees that it has lost.
func loserLeaves_ok() {
	won := make(chan struct{})
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			select {
			case c <- i:
			case <-won:
			}
		})
	}
	<-c
	close(won)
	wg.Wait()
}

// A send to either of two.
func eitherReceiver_ok() {
	a, b := make(chan int), make(chan int)
	quit := make(chan struct{})
	var wg sync.WaitGroup
	for _, c := range []chan int{a, b} {
		wg.Go(func() {
			for {
				select {
				case <-c:
				case <-quit:
					return
				}
			}
		})
	}
	for i := range 4 {
		select {
		case a <- i:
		case b <- i:
		}
	}
	close(quit)
	wg.Wait()
}

// A batch is flushed when it is full or when time is up.
func batch_ok() {
	in := make(chan int)
	go func() {
		defer close(in)
		for i := range 5 {
			in <- i
		}
	}()
	var batch []int
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case v, ok := <-in:
			if !ok {
				return
			}
			if batch = append(batch, v); len(batch) == 2 {
				batch = batch[:0]
			}
		case <-t.C:
			batch = batch[:0]
		}
	}
}

// A debounce with one timer that is reset.
func debounce_ok() {
	in := make(chan int, 3)
	in <- 1
	in <- 2
	t := time.NewTimer(time.Hour)
	defer t.Stop()
	for {
		select {
		case <-in:
			t.Reset(time.Millisecond)
		case <-t.C:
			return
		}
	}
}

// The select with no case, in a goroutine of a process that is about to end,
// stands here for completeness only.
//
//fixture:norun it is meant to block
func empty_ok() {
	select {}
}

// A received channel decides the next select.
func switching_ok() {
	next := make(chan chan int, 1)
	var cur chan int
	done := make(chan struct{})
	c := make(chan int, 1)
	next <- c
	c <- 1
	go func() {
		defer close(done)
		for {
			select {
			case cur = <-next:
			case <-cur:
				return
			}
		}
	}()
	<-done
}

// len of a channel in a condition in front of the receive, with one receiver.
func lenGuard_ok() {
	c := make(chan int, 2)
	c <- 1
	if len(c) > 0 {
		<-c
	}
	if len(c) > 0 {
		<-c
	}
}
