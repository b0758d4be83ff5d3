// Package path has producers that close on some paths only.
package path

import (
	"errors"
	"sync"
)

var fails = true

func check() error {
	if fails {
		return errors.New("failed")
	}
	return nil
}

// The error path returns before the close.
func errorPath_bad() {
	c := make(chan int)
	go func() {
		c <- 1
		if err := check(); err != nil {
			return
		}
		close(c)
	}()
	for range c { // leaks // want `range over c blocks forever.*`
	}
}

func errorPath_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
		if err := check(); err != nil {
			return
		}
	}()
	for range c {
	}
}

// The producer is a declared function that gets the channel.
func callee_bad() {
	c := make(chan int)
	go walk(c)
	for range c { // leaks // want `range over c blocks forever.*`
	}
}

func walk(out chan<- int) error {
	if err := check(); err != nil {
		return err
	}
	out <- 1
	close(out)
	return nil
}

func callee_ok() {
	c := make(chan int)
	go walkAndClose(c)
	for range c {
	}
}

func walkAndClose(out chan<- int) error {
	defer close(out)
	if err := check(); err != nil {
		return err
	}
	out <- 1
	return nil
}

// The goroutine that closes is started only on the good path.
func closerNotStarted_bad() {
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { c <- i })
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range c { // leaks // want `range over c blocks forever.*`
		}
	}()
	if check() != nil {
		return
	}
	wg.Wait()
	close(c)
	<-done
}

func closerNotStarted_ok() {
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { c <- i })
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range c {
		}
	}()
	if check() != nil {
		wg.Wait()
		close(c)
		return
	}
	wg.Wait()
	close(c)
	<-done
}

// The panic is recovered above the close.
func panicPath_bad() {
	c := make(chan int)
	go func() {
		defer func() { _ = recover() }()
		if fails {
			panic("no input")
		}
		close(c)
	}()
	for range c { // leaks // want `range over c blocks forever.*`
	}
}

func panicPath_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		defer func() { _ = recover() }()
		if fails {
			panic("no input")
		}
	}()
	for range c {
	}
}

// The consumer goroutine stays when the producing function returns early.
func producerReturns_bad() {
	lines := make(chan string)
	go func() {
		for line := range lines { // leaks // want `range over lines blocks forever.*`
			println(line)
		}
	}()
	if check() != nil {
		return
	}
	lines <- "x"
	close(lines)
}

func producerReturns_ok() {
	lines := make(chan string)
	defer close(lines)
	go func() {
		for line := range lines {
			println(line)
		}
	}()
	if check() != nil {
		return
	}
	lines <- "x"
}

// One of two stages does not close its output.
func stage_bad() {
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		in <- 1
	}()
	go func() {
		for i := range in {
			out <- i
		}
	}()
	for range out { // leaks // want `range over out blocks forever.*`
	}
}

func stage_ok() {
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		in <- 1
	}()
	go func() {
		defer close(out)
		for i := range in {
			out <- i
		}
	}()
	for range out {
	}
}
