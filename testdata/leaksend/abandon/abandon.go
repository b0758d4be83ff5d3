// Package abandon waits in a select that can leave a sender behind.
package abandon

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"chanlint.test/testdata/gate"
)

// slow is work that lasts until the fixture opens the gate.
func slow() error {
	gate.Await()
	return nil
}

// The timeout leaves the sender without a receiver.
func timeout_bad() {
	defer gate.Open()
	errc := make(chan error)
	go func() {
		errc <- slow() // leaks // want `send on errc blocks forever.*`
	}()
	select {
	case <-errc:
	case <-time.After(time.Millisecond):
	}
}

func timeout_ok() {
	defer gate.Open()
	errc := make(chan error, 1)
	go func() {
		errc <- slow()
	}()
	select {
	case <-errc:
	case <-time.After(time.Millisecond):
	}
}

// The same with a timer that is stopped.
func timer_bad() {
	defer gate.Open()
	done := make(chan struct{})
	go func() {
		_ = slow()
		done <- struct{}{} // leaks // want `send on done blocks forever.*`
	}()
	t := time.NewTimer(time.Millisecond)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		return
	}
}

// Closing instead of sending needs no receiver.
func timer_ok() {
	defer gate.Open()
	done := make(chan struct{})
	go func() {
		_ = slow()
		close(done)
	}()
	t := time.NewTimer(time.Millisecond)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		return
	}
}

// A context that is cancelled before the answer arrives.
func ctx_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = fetch(ctx)
	gate.Open()
}

func fetch(ctx context.Context) error {
	errc := make(chan error)
	go func() {
		errc <- slow() // leaks in ctx_bad // want `send on errc blocks forever.*`
	}()
	select {
	case err := <-errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func ctx_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = fetchBuffered(ctx)
	gate.Open()
}

func fetchBuffered(ctx context.Context) error {
	errc := make(chan error, 1)
	go func() {
		errc <- slow()
	}()
	select {
	case err := <-errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// After the cancellation the answer is waited for all the same.
func ctxDrained_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = fetchDrained(ctx)
}

func fetchDrained(ctx context.Context) error {
	errc := make(chan error)
	go func() {
		gate.Await()
		errc <- nil
	}()
	select {
	case err := <-errc:
		return err
	case <-ctx.Done():
		gate.Open()
		<-errc
		return ctx.Err()
	}
}

// A quit channel that is already closed.
func quit_bad() {
	quit := make(chan struct{})
	close(quit)
	wait(quit)
	gate.Open()
}

func wait(quit <-chan struct{}) {
	res := make(chan int)
	go func() {
		gate.Await()
		res <- 1 // leaks in quit_bad // want `send on res blocks forever.*`
	}()
	select {
	case <-res:
	case <-quit:
	}
}

func quit_ok() {
	quit := make(chan struct{})
	close(quit)
	waitBoth(quit)
	gate.Open()
}

// The sender gives up for the same reason as the receiver.
func waitBoth(quit <-chan struct{}) {
	res := make(chan int)
	go func() {
		gate.Await()
		select {
		case res <- 1:
		case <-quit:
		}
	}()
	select {
	case <-res:
	case <-quit:
	}
}

// A default case that is taken because nothing is ready yet.
func defaultCase_bad() {
	res := make(chan int)
	go func() {
		gate.Await()
		res <- 1 // leaks // want `send on res blocks forever.*`
	}()
	select {
	case <-res:
	default:
	}
	gate.Open()
}

// The send does not wait either.
func defaultCase_ok() {
	res := make(chan int)
	go func() {
		gate.Await()
		select {
		case res <- 1:
		default:
		}
	}()
	select {
	case <-res:
	default:
	}
	gate.Open()
}

// A signal interrupts the wait.
func signal_bad() {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGUSR1)
	defer signal.Stop(sig)
	line := make(chan string)
	go func() {
		gate.Await()
		line <- "input" // leaks // want `send on line blocks forever.*`
	}()
	_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	select {
	case <-line:
	case <-sig:
	}
	gate.Open()
}

func signal_ok() {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGUSR1)
	defer signal.Stop(sig)
	line := make(chan string, 1)
	go func() {
		gate.Await()
		line <- "input"
	}()
	_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	select {
	case <-line:
	case <-sig:
	}
	gate.Open()
}

// The loop forwards until the context ends; the producer has no such case.
func loop_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	ticks := make(chan int)
	go func() {
		for i := 0; ; i++ {
			ticks <- i // leaks // want `send on ticks blocks forever.*`
		}
	}()
	for {
		select {
		case i := <-ticks:
			println(i)
			if enough {
				cancel()
			}
		case <-ctx.Done():
			return
		}
	}
}

func loop_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	ticks := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case ticks <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case i := <-ticks:
			println(i)
			if enough {
				cancel()
			}
		case <-ctx.Done():
			return
		}
	}
}

// enough ends the loop after the first message.
var enough = true

// Normal results are sent in a select with the context, the error is not.
func asymmetric_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := make(chan error)
	go func() {
		for range 3 {
			select {
			case out <- nil:
			case <-ctx.Done():
				out <- ctx.Err() // leaks // want `send on out blocks forever.*`
				return
			}
		}
	}()
	<-ctx.Done()
}

func asymmetric_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := make(chan error, 1)
	go func() {
		for range 3 {
			select {
			case out <- nil:
			case <-ctx.Done():
				return
			}
		}
	}()
	<-ctx.Done()
}

// Two unbuffered sends, one after the other, to two channels of which the
// select takes one.
func twoSteps_bad() {
	defer gate.Open()
	pid := make(chan int)
	exit := make(chan int)
	go func() {
		pid <- 1
		gate.Await()
		exit <- 0 // leaks // want `send on exit blocks forever.*`
	}()
	<-pid
	select {
	case <-exit:
	case <-time.After(time.Millisecond):
	}
}

func twoSteps_ok() {
	defer gate.Open()
	pid := make(chan int)
	exit := make(chan int, 1)
	go func() {
		pid <- 1
		gate.Await()
		exit <- 0
	}()
	<-pid
	select {
	case <-exit:
	case <-time.After(time.Millisecond):
	}
}

// A generic helper with a timeout.
func generic_bad() {
	_, _ = within(time.Millisecond, slow)
	gate.Open()
}

func within[T any](d time.Duration, f func() T) (T, bool) {
	res := make(chan T)
	go func() {
		res <- f() // leaks in generic_bad // want `send on res blocks forever.*`
	}()
	select {
	case v := <-res:
		return v, true
	case <-time.After(d):
		var zero T
		return zero, false
	}
}

func generic_ok() {
	_, _ = withinBuffered(time.Millisecond, slow)
	gate.Open()
}

func withinBuffered[T any](d time.Duration, f func() T) (T, bool) {
	res := make(chan T, 1)
	go func() {
		res <- f()
	}()
	select {
	case v := <-res:
		return v, true
	case <-time.After(d):
		var zero T
		return zero, false
	}
}
