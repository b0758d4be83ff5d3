// Package spin receives from a closed channel again and again.
package spin

import (
	"context"

	"chanlint.test/testdata/gate"
)

// The break leaves the select and not the loop.
func breakSelect_bad() {
	c := make(chan int)
	close(c)
	quit := make(chan struct{})
	for { // spins
		select {
		case _, ok := <-c: // want `receive from c spins once it is closed: the loop at line \d+ goes on to receive again`
			if !ok {
				break
			}
		case <-quit:
			return
		}
	}
}

func breakSelect_ok() {
	c := make(chan int)
	close(c)
	quit := make(chan struct{})
loop:
	for {
		select {
		case _, ok := <-c:
			if !ok {
				break loop
			}
		case <-quit:
			return
		}
	}
}

// The continue goes straight back to the closed channel.
func continues_bad() {
	c := make(chan int)
	close(c)
	for { // spins
		v, ok := <-c // want `receive from c spins once it is closed: the loop at line \d+ goes on to receive again`
		if !ok {
			continue
		}
		println(v)
	}
}

func continues_ok() {
	c := make(chan int)
	close(c)
	for {
		v, ok := <-c
		if !ok {
			return
		}
		println(v)
	}
}

// ok only decides what is done with the value.
func ifOk_bad() {
	c := make(chan int)
	quit := make(chan struct{})
	go close(c)
	for { // spins
		select {
		case v, ok := <-c: // want `receive from c spins once it is closed: the loop at line \d+ goes on to receive again`
			if ok {
				println(v)
			}
		case <-quit:
			return
		}
	}
}

// Setting the variable to nil disables the case.
func ifOk_ok() {
	c := make(chan int)
	quit := make(chan struct{})
	go close(c)
	go func() {
		gate.Await()
		close(quit)
	}()
	for {
		select {
		case v, ok := <-c:
			if ok {
				println(v)
				continue
			}
			c = nil
			gate.Open()
		case <-quit:
			return
		}
	}
}

// The zero value stands for the closed channel, and break leaves the select.
func zeroValue_bad() {
	errs := make(chan error)
	go close(errs)
	ctx := context.Background()
	for { // spins
		select {
		case err := <-errs: // want `receive from errs spins once it is closed: the loop at line \d+ goes on to receive again`
			if err == nil {
				break
			}
			println(err.Error())
		case <-ctx.Done():
			return
		}
	}
}

func zeroValue_ok() {
	errs := make(chan error)
	go close(errs)
	ctx := context.Background()
	for {
		select {
		case err := <-errs:
			if err == nil {
				return
			}
			println(err.Error())
		case <-ctx.Done():
			return
		}
	}
}

// A done channel that the loop sees closed and does not leave for.
func doneWithoutReturn_bad() {
	done := make(chan struct{})
	close(done)
	jobs := make(chan int)
	for { // spins
		select {
		case <-done: // want `receive from done spins once it is closed: the loop at line \d+ goes on to receive again`
			println("stopping")
			break
		case j := <-jobs:
			println(j)
		}
	}
}

func doneWithoutReturn_ok() {
	done := make(chan struct{})
	close(done)
	jobs := make(chan int)
	for {
		select {
		case <-done:
			println("stopping")
			return
		case j := <-jobs:
			println(j)
		}
	}
}

// The default case polls; the closed channel is received from over and over.
func poll_bad() {
	c := make(chan int)
	close(c)
	for { // spins
		select {
		case v, ok := <-c: // want `receive from c spins once it is closed: the loop at line \d+ goes on to receive again`
			if !ok {
				break
			}
			println(v)
		default:
			return
		}
	}
}

func poll_ok() {
	c := make(chan int)
	close(c)
	for {
		select {
		case v, ok := <-c:
			if !ok {
				return
			}
			println(v)
		default:
			return
		}
	}
}

// A switch in the case: its break does not leave the loop either.
func breakSwitch_bad() {
	c := make(chan int)
	close(c)
	for { // spins
		v, ok := <-c // want `receive from c spins once it is closed: the loop at line \d+ goes on to receive again`
		switch {
		case !ok:
			break
		case v > 0:
			println(v)
		}
	}
}

func breakSwitch_ok() {
	c := make(chan int)
	close(c)
	for {
		v, ok := <-c
		switch {
		case !ok:
			return
		case v > 0:
			println(v)
		}
	}
}

// A loop with a bound ends although it goes on after the close.
func bounded_ok() {
	c := make(chan int)
	close(c)
	for range 10 {
		if _, ok := <-c; !ok {
			continue
		}
		println("value")
	}
}

// The flag that the closed case sets ends the loop.
func flag_ok() {
	c := make(chan int)
	close(c)
	quit := make(chan struct{})
	for open := true; open; {
		select {
		case _, ok := <-c:
			open = ok
		case <-quit:
			return
		}
	}
}

// The channel is replaced by a new one when it is found closed.
func replaced_ok() {
	c := make(chan int)
	close(c)
	quit := make(chan struct{})
	for {
		select {
		case _, ok := <-c:
			if !ok {
				c = make(chan int)
				close(quit)
			}
		case <-quit:
			return
		}
	}
}

// Nobody ever closes the channel, so that the case of a closed one is dead.
func neverClosed_ok() {
	c := make(chan int)
	quit := make(chan struct{})
	go func() {
		c <- 1
		close(quit)
	}()
	for {
		select {
		case _, ok := <-c:
			if !ok {
				break
			}
		case <-quit:
			return
		}
	}
}

// The break leaves the select; the context stays cancelled.
func context_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	jobs := make(chan int)
	for { // spins
		select {
		case <-ctx.Done(): // want `receive from ctx.Done\(\) spins once it is closed: the loop at line \d+ goes on to receive again`
			break
		case j := <-jobs:
			println(j)
		}
	}
}

func context_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	jobs := make(chan int)
	for {
		select {
		case <-ctx.Done():
			break
		case j := <-jobs:
			println(j)
		}
		if ctx.Err() != nil {
			break
		}
	}
}

type worker struct {
	jobs chan int
	quit chan struct{}
	sum  int
}

// stop closes what the worker then receives from.
func (w *worker) stop() { close(w.jobs) }

func field_bad() {
	w := &worker{jobs: make(chan int), quit: make(chan struct{})}
	w.stop()
	sum := 0
	for { // spins
		select {
		case j, ok := <-w.jobs: // want `receive from w.jobs spins once it is closed: the loop at line \d+ goes on to receive again`
			if ok {
				sum += j
			}
		case <-w.quit:
			w.sum = sum
			return
		}
	}
}

func field_ok() {
	w := &worker{jobs: make(chan int), quit: make(chan struct{})}
	w.stop()
	for {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return
			}
			w.sum += j
		case <-w.quit:
			return
		}
	}
}

// The zero value may be a message, and quit is closed next.
func messages_ok() {
	c := make(chan int)
	quit := make(chan struct{})
	go func() {
		c <- 1
		c <- 0
		close(c)
		close(quit)
	}()
	sum := 0
	for {
		select {
		case v := <-c:
			sum += v
		case <-quit:
			println(sum)
			return
		}
	}
}

// What is called may take its time or end the loop.
func called_ok() {
	c := make(chan int)
	close(c)
	quit := make(chan struct{})
	rest := func() { close(quit) }
	for {
		select {
		case _, ok := <-c:
			if !ok {
				rest()
				c = nil
			}
		case <-quit:
			return
		}
	}
}

// The loop notices at its next test.
func counted_ok() {
	c := make(chan int)
	close(c)
	for misses := 0; misses < 3; {
		if _, ok := <-c; !ok {
			misses++
		}
	}
}

// The message of a closed channel is nil, and the loop panics instead.
func pointer_ok() {
	defer func() { _ = recover() }()
	c := make(chan *worker)
	close(c)
	for {
		w := <-c
		println(w.sum)
	}
}
