// Package selects waits in a select of which no case can ever proceed.
package selects

import (
	"context"

	"chanlint.test/testdata/gate"
)

// Neither channel has a counterpart.
func noCounterpart_bad() {
	a := make(chan int)
	b := make(chan int)
	go func() {
		select { // leaks // want `.*blocks forever.*`
		case <-a:
		case b <- 1:
		}
	}()
}

func noCounterpart_ok() {
	a := make(chan int)
	b := make(chan int)
	go func() {
		select {
		case <-a:
		case b <- 1:
		}
	}()
	<-b
}

// The loop has a quit case that nobody serves.
func quitNeverClosed_bad() {
	jobs := make(chan int)
	quit := make(chan struct{})
	go func() {
		for {
			select { // leaks // want `.*blocks forever.*`
			case <-jobs:
			case <-quit:
				return
			}
		}
	}()
	jobs <- 1
	jobs <- 2
}

func quitNeverClosed_ok() {
	jobs := make(chan int)
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case <-jobs:
			case <-quit:
				return
			}
		}
	}()
	jobs <- 1
	jobs <- 2
	close(quit)
}

// The context is one that nobody cancels and that has no deadline.
func background_bad() {
	ctx := context.Background()
	jobs := make(chan int)
	go func() {
		for {
			select { // leaks // want `.*blocks forever.*`
			case <-jobs:
			case <-ctx.Done():
				return
			}
		}
	}()
	jobs <- 1
}

func background_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	jobs := make(chan int)
	go func() {
		for {
			select {
			case <-jobs:
			case <-ctx.Done():
				return
			}
		}
	}()
	jobs <- 1
}

// The cancel function of a local context is called on one path only.
func cancelSkipped_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	jobs := make(chan int)
	go func() {
		for {
			select { // leaks // want `.*blocks forever.*`
			case <-jobs:
			case <-ctx.Done():
				return
			}
		}
	}()
	jobs <- 1
	if early {
		return
	}
	cancel()
}

var early = true

func cancelSkipped_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	jobs := make(chan int)
	go func() {
		for {
			select {
			case <-jobs:
			case <-ctx.Done():
				return
			}
		}
	}()
	jobs <- 1
	if early {
		return
	}
	cancel()
}

// Every case is nil for ever.
func nilCases_bad() {
	var never, neither chan int
	done := make(chan struct{})
	go func() {
		defer close(done)
		gate.Await()
		select { // leaks // want `select blocks forever: nothing serves any of its cases; goroutine leaks`
		case <-never:
		case <-neither:
		}
	}()
	gate.Open()
	<-done // leaks
}

func nilCases_ok() {
	var never chan int
	ever := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		gate.Await()
		select {
		case <-never:
		case <-ever:
		}
	}()
	gate.Open()
	close(ever)
	<-done
}

// Both channels are set to nil and the loop goes on.
func bothDisabled_bad() {
	a := make(chan int)
	b := make(chan int)
	close(a)
	close(b)
	for {
		select { // leaks // want `.*blocks forever.*`
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

func bothDisabled_ok() {
	a := make(chan int)
	b := make(chan int)
	close(a)
	close(b)
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
