// Package sendclosed sends on a stage of the textbook pipeline that is closed.
package sendclosed

// The close stands inside of the loop.
func counter_bad() {
	naturals := make(chan int)
	go func() {
		for x := range 3 {
			naturals <- x // panics "send on closed channel" // want `send on closed channel: naturals .*`
			close(naturals)
		}
	}()
	<-naturals
}

func counter_ok() {
	naturals := make(chan int)
	go func() {
		for x := range 3 {
			naturals <- x
		}
		close(naturals)
	}()
	for range naturals {
	}
}

// The last value is sent behind the close.
func trailer_bad() {
	squares := make(chan int, 2)
	squares <- 1
	close(squares)
	squares <- -1 // panics "send on closed channel" // want `send on closed channel: squares .*`
}

func trailer_ok() {
	squares := make(chan int, 2)
	squares <- 1
	squares <- -1
	close(squares)
}
