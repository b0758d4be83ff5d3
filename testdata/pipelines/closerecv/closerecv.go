// Package closerecv closes a stage of the textbook pipeline from the side that
// receives.
package closerecv

import "chanlint.test/testdata/gate"

// The printer closes when it has seen enough; the squarer still sends.
func printer_bad() {
	squares := make(chan int)
	go func() {
		for x := 0; ; x++ {
			squares <- x * x // panics "send on closed channel"
			if x == 1 {
				gate.Await()
			}
		}
	}()
	println(<-squares)
	println(<-squares)
	close(squares) // want `.*squares.*`
	gate.Open()
}

func printer_ok() {
	squares := make(chan int)
	done := make(chan struct{})
	go func() {
		for x := 0; ; x++ {
			select {
			case squares <- x * x:
			case <-done:
				return
			}
		}
	}()
	println(<-squares)
	println(<-squares)
	close(done)
}

// The squarer closes its input, which the counter still sends on.
func squarer_bad() {
	naturals := make(chan int)
	squares := make(chan int, 1)
	go func() {
		naturals <- 1
		gate.Await()
		naturals <- 2 // panics "send on closed channel"
	}()
	go func() {
		x := <-naturals
		squares <- x * x
		close(naturals) // want `.*naturals.*`
		gate.Open()
	}()
	println(<-squares)
}

func squarer_ok() {
	naturals := make(chan int)
	squares := make(chan int, 1)
	go func() {
		defer close(naturals)
		naturals <- 1
		naturals <- 2
	}()
	go func() {
		x := <-naturals
		squares <- x * x
		for range naturals {
		}
	}()
	println(<-squares)
}
