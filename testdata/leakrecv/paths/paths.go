// Package paths waits for a send or a close that some path does not reach.
package paths

import (
	"context"
	"errors"

	"chanlint.test/testdata/gate"
)

var errFailed = errors.New("failed")

var fails = true

func prepare() error {
	if fails {
		return errFailed
	}
	return nil
}

// Nobody ever sends on the channel or closes it.
func nobody_bad() {
	done := make(chan struct{})
	<-done // leaks // want `receive from done blocks forever.*`
}

func nobody_ok() {
	done := make(chan struct{})
	go func() { done <- struct{}{} }()
	<-done
}

// The goroutine waits for a signal that its starter never gives.
func neverSignalled_bad() {
	ready := make(chan struct{})
	go func() {
		<-ready // leaks // want `receive from ready blocks forever.*`
	}()
}

func neverSignalled_ok() {
	ready := make(chan struct{})
	go func() {
		<-ready
	}()
	close(ready)
}

// The starter returns at the error, before it gives the signal.
func signalSkipped_bad() {
	start := make(chan struct{})
	go func() {
		<-start // leaks // want `receive from start blocks forever.*`
	}()
	if prepare() != nil {
		return
	}
	close(start)
}

func signalSkipped_ok() {
	start := make(chan struct{})
	defer close(start)
	go func() {
		<-start
	}()
	if prepare() != nil {
		return
	}
}

// The goroutine does not send on its error path.
func sendSkipped_bad() {
	res := make(chan int)
	go func() {
		if prepare() != nil {
			return
		}
		res <- 1
	}()
	<-res // leaks // want `receive from res blocks forever.*`
}

func sendSkipped_ok() {
	res := make(chan int)
	go func() {
		defer close(res)
		if prepare() != nil {
			return
		}
		res <- 1
	}()
	<-res
}

// The goroutine does not close on its error path.
func closeSkipped_bad() {
	done := make(chan struct{})
	go func() {
		if err := prepare(); err != nil {
			return
		}
		close(done)
	}()
	<-done // leaks // want `receive from done blocks forever.*`
}

func closeSkipped_ok() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := prepare(); err != nil {
			return
		}
	}()
	<-done
}

// The panic is recovered, and the send behind it does not happen.
func panicSkips_bad() {
	done := make(chan struct{})
	go func() {
		defer func() { _ = recover() }()
		if fails {
			panic(errFailed)
		}
		done <- struct{}{}
	}()
	<-done // leaks // want `receive from done blocks forever.*`
}

func panicSkips_ok() {
	done := make(chan struct{})
	go func() {
		defer func() {
			_ = recover()
			done <- struct{}{}
		}()
		if fails {
			panic(errFailed)
		}
	}()
	<-done
}

// The wrong one of two channels is closed.
func wrongChannel_bad() {
	ready := make(chan struct{})
	done := make(chan struct{})
	go func() {
		<-ready
		close(ready)
	}()
	ready <- struct{}{}
	<-done // leaks // want `receive from done blocks forever.*`
}

func wrongChannel_ok() {
	ready := make(chan struct{})
	done := make(chan struct{})
	go func() {
		<-ready
		close(done)
	}()
	ready <- struct{}{}
	<-done
}

// Each of two goroutines waits for the other one to speak first.
func bothListen_bad() {
	ping := make(chan struct{})
	pong := make(chan struct{})
	go func() {
		<-ping // leaks // want `receive from ping blocks forever.*`
		pong <- struct{}{}
	}()
	<-pong // leaks
	ping <- struct{}{}
}

func bothListen_ok() {
	ping := make(chan struct{})
	pong := make(chan struct{})
	go func() {
		<-ping
		pong <- struct{}{}
	}()
	ping <- struct{}{}
	<-pong
}

// The function that should close its parameter returns early.
func callee_bad() {
	done := make(chan struct{})
	go finish(done)
	<-done // leaks // want `receive from done blocks forever.*`
}

func finish(done chan<- struct{}) {
	if prepare() != nil {
		return
	}
	close(done)
}

func callee_ok() {
	done := make(chan struct{})
	go finishAlways(done)
	<-done
}

func finishAlways(done chan<- struct{}) {
	defer close(done)
	_ = prepare()
}

// The goroutine leaves with its context and does not answer.
func ctxWithoutAnswer_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	res := make(chan int)
	tick := make(chan int)
	go func() {
		select {
		case n := <-tick:
			res <- n
		case <-ctx.Done():
		}
	}()
	<-res // leaks // want `receive from res blocks forever.*`
}

func ctxWithoutAnswer_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	res := make(chan int)
	tick := make(chan int)
	go func() {
		defer close(res)
		select {
		case n := <-tick:
			res <- n
		case <-ctx.Done():
		}
	}()
	<-res
}

// The send has a default case, which is taken because the receiver is late.
func sendGivesUp_bad() {
	wake := make(chan struct{})
	go func() {
		gate.Await()
		<-wake // leaks // want `receive from wake blocks forever.*`
	}()
	select {
	case wake <- struct{}{}:
	default:
	}
	gate.Open()
}

func sendGivesUp_ok() {
	wake := make(chan struct{}, 1)
	go func() {
		gate.Await()
		<-wake
	}()
	select {
	case wake <- struct{}{}:
	default:
	}
	gate.Open()
}

// A channel that is made anew: the goroutine holds the old one.
func remade_bad() {
	done := make(chan struct{})
	go func(c chan struct{}) {
		<-c // leaks // want `receive from c blocks forever.*`
	}(done)
	done = make(chan struct{})
	close(done)
}

func remade_ok() {
	done := make(chan struct{})
	go func(c chan struct{}) {
		<-c
	}(done)
	close(done)
	done = make(chan struct{})
	close(done)
}

// The spawned goroutine's result is received twice.
func receivedTwice_bad() {
	res := make(chan int)
	go func() { res <- 1 }()
	println(<-res)
	println(<-res) // leaks // want `receive from res blocks forever.*`
}

func receivedTwice_ok() {
	res := make(chan int)
	go func() {
		defer close(res)
		res <- 1
	}()
	println(<-res)
	println(<-res)
}
