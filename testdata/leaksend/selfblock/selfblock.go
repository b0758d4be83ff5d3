// Package selfblock sends where the only receiver is the sender itself.
package selfblock

import "chanlint.test/testdata/gate"

// A send on an unbuffered channel before anything can receive.
func beforeReceive_bad() {
	c := make(chan int)
	c <- 1 // leaks // want `send on c blocks forever.*`
	println(<-c)
}

func beforeReceive_ok() {
	c := make(chan int, 1)
	c <- 1
	println(<-c)
}

// The goroutine that would receive is started after the send.
func beforeGo_bad() {
	c := make(chan int)
	c <- 1 // leaks // want `send on c blocks forever.*`
	go func() { println(<-c) }()
}

func beforeGo_ok() {
	c := make(chan int)
	go func() { println(<-c) }()
	c <- 1
}

// The buffer is full before the first receive.
func fullBuffer_bad() {
	c := make(chan int, 2)
	for i := range 3 {
		c <- i // leaks // want `send on c blocks forever.*`
	}
	close(c)
	for range c {
	}
}

func fullBuffer_ok() {
	c := make(chan int, 3)
	for i := range 3 {
		c <- i
	}
	close(c)
	for range c {
	}
}

// The buffer is as long as one list, the sends are as many as the other.
func otherLength_bad() {
	c := make(chan int, len(shorter))
	for _, v := range longer {
		c <- v // leaks // want `send on c blocks forever.*`
	}
}

func otherLength_ok() {
	c := make(chan int, len(longer))
	for _, v := range longer {
		c <- v
	}
}

var (
	shorter = [...]int{1}
	longer  = [...]int{1, 2}
)

// The only receiver sends to itself while it handles a message.
func handlerSends_bad() {
	work := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		n := <-work
		work <- n - 1 // leaks // want `send on work blocks forever.*`
		<-work
	}()
	work <- 1
	<-done // leaks
}

func handlerSends_ok() {
	work := make(chan int, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		n := <-work
		work <- n - 1
		<-work
	}()
	work <- 1
	<-done
}

// Two goroutines send to each other before either receives.
func cross_bad() {
	a := make(chan int)
	b := make(chan int)
	go func() {
		a <- 1 // leaks // want `send on a blocks forever.*`
		<-b
	}()
	b <- 2 // leaks
	<-a
}

func cross_ok() {
	a := make(chan int)
	b := make(chan int)
	go func() {
		a <- 1
		<-b
	}()
	<-a
	b <- 2
}

// A semaphore is acquired once more than it is released.
func semaphore_bad() {
	sem := make(chan struct{}, 2)
	for range 3 {
		sem <- struct{}{} // leaks // want `send on sem blocks forever.*`
	}
	<-sem
	<-sem
	<-sem
}

func semaphore_ok() {
	sem := make(chan struct{}, 2)
	for range 3 {
		sem <- struct{}{}
		<-sem
	}
}

// The send in a deferred call has no receiver any more.
func deferred_bad() {
	c := make(chan int)
	defer func() {
		c <- 1 // leaks // want `send on c blocks forever.*`
	}()
	go func() {}()
}

func deferred_ok() {
	c := make(chan int)
	defer func() {
		c <- 1
	}()
	go func() { <-c }()
}

// A channel used as a mutex, in the opposite order to another one.
func order_bad() {
	a := make(chan struct{}, 1)
	b := make(chan struct{}, 1)
	go func() {
		b <- struct{}{}
		gate.Open()
		gate.AwaitN(2)
		a <- struct{}{} // leaks // want `send on a blocks forever.*`
		<-a
		<-b
	}()
	a <- struct{}{}
	gate.Open()
	gate.AwaitN(2)
	b <- struct{}{} // leaks
	<-b
	<-a
}

func order_ok() {
	a := make(chan struct{}, 1)
	b := make(chan struct{}, 1)
	go func() {
		a <- struct{}{}
		b <- struct{}{}
		<-b
		<-a
	}()
	a <- struct{}{}
	b <- struct{}{}
	<-b
	<-a
}
