// Package closerecv closes a channel from the side that receives while the
// other side still sends.
package closerecv

import "chanlint.test/testdata/gate"

// A deferred close, and an early return while the goroutine still works.
func earlyReturn_bad() {
	defer gate.Open()
	out := make(chan int)
	defer close(out) // want `.*out.*`
	go func() {
		gate.Await()
		out <- 1 // panics "send on closed channel"
	}()
	if fails {
		return
	}
	<-out
}

var fails = true

func earlyReturn_ok() {
	defer gate.Open()
	out := make(chan int, 1)
	go func() {
		defer close(out)
		gate.Await()
		out <- 1
	}()
	if fails {
		return
	}
	<-out
}

// The receiver closes when it has had enough.
func receiverCloses_bad() {
	c := make(chan int)
	go func() {
		<-c
		close(c) // want `.*c.*`
		gate.Open()
	}()
	c <- 1
	gate.Await()
	c <- 2 // panics "send on closed channel"
}

func receiverCloses_ok() {
	c := make(chan int)
	quit := make(chan struct{})
	go func() {
		<-c
		close(quit)
		gate.Open()
	}()
	c <- 1
	gate.Await()
	select {
	case c <- 2:
	case <-quit:
	}
}
