package use

import "chanlint.test/testdata/farchan/lib"

func put_bad() {
	c := make(chan int)
	lib.Put(c, 1) // want `send on c in lib.Put blocks forever: nothing can receive from c before lib.Put returns`
	<-c
}

func put_ok() {
	c := make(chan int)
	go func() { <-c }()
	lib.Put(c, 1)
}

func putLiteral_bad() {
	lib.Put(make(chan int), 1) // want `send on make\(chan int\) in lib.Put blocks forever: .*`
}

func putLiteral_ok() {
	lib.Put(make(chan int, 1), 1)
	lib.Offer(make(chan int), 1)
}

// What is sent later can be received now.
func later_ok() {
	c := make(chan int)
	lib.Later(c, 1)
	<-c
}

func take_bad() {
	c := make(chan int)
	lib.Take(c, false) // want `receive from c in lib.Take blocks forever: nothing can send on c or close it before lib.Take returns`
	close(c)
}

func take_ok() {
	c := make(chan int)
	go lib.Put(c, 1)
	lib.Take(c, false)
}

// The function has its own other side.
func registry_ok() {
	c := make(chan int)
	new(lib.Registry).Add(c)
}

func empty_bad() {
	c := make(chan int)
	lib.Empty(c) // want `range over c in lib.Empty blocks forever: nothing can close c before lib.Empty returns`
}

func empty_ok() {
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
	}()
	lib.Empty(c)
}

func ranged_bad() {
	c := make(chan int)
	go lib.Empty(c) // want `range over c in lib.Empty blocks forever: nothing closes c; goroutine leaks`
	for i := range 3 {
		c <- i
	}
}

func ranged_ok() {
	c := make(chan int)
	defer close(c)
	go lib.Empty(c)
	for i := range 3 {
		c <- i
	}
}

func bounded_ok() {
	c := make(chan int)
	go lib.First(3, c)
	for i := range 3 {
		c <- i
	}
}

// Who has the channel may close it.
func rangedElsewhere_ok() {
	c := make(chan int)
	go lib.Empty(c)
	closeIt(c)
}

func closeIt(c chan int) { close(c) }

func sink_bad() {
	lib.Sink() // want `range in lib.Sink blocks forever: nothing closes the channel that it returns; goroutine leaks`
}

func sink_ok() {
	close(lib.Sink())
}

func sunk_bad() {
	sink := lib.Sink() // want `range in lib.Sink blocks forever: nothing closes sink; goroutine leaks`
	sink <- 1
}

func sunk_ok() {
	sink := lib.Sink()
	sink <- 1
	close(sink)
}

func served_bad() {
	done := make(chan struct{})
	go func() {
		<-done // leaks // want `receive from done blocks forever: lib.Serve at line \d+ never returns, and nothing before it sends on done or closes it; goroutine leaks`
	}()
	lib.Serve()
	close(done)
}

func served_ok() {
	done := make(chan struct{})
	go func() {
		<-done
	}()
	lib.ServeOnce()
	close(done)
}

func servedRange_bad() {
	c := make(chan int, 1)
	go func() {
		for range c { // leaks // want `range over c blocks forever: lib.Serve at line \d+ never returns, .*`
		}
	}()
	lib.Serve()
	c <- 1
	close(c)
}

func servedRange_ok() {
	c := make(chan int, 1)
	go func() {
		for range c {
		}
	}()
	close(c)
	lib.ServeOnce()
}
