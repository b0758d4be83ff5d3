package closerecv

import "chanlint.test/testdata/gate"

// Take closes its input when it has enough; the source has one value more.
func take_bad() {
	naturals := make(chan int)
	go func() {
		naturals <- 1
		naturals <- 2
		gate.Await()
		naturals <- 3 // panics "send on closed channel"
	}()
	taken := make(chan int, 2)
	for range 2 {
		taken <- <-naturals
	}
	close(naturals) // want `.*naturals.*`
	gate.Open()
}

func take_ok() {
	naturals := make(chan int)
	quit := make(chan struct{})
	go func() {
		naturals <- 1
		naturals <- 2
		select {
		case naturals <- 3:
		case <-quit:
		}
	}()
	taken := make(chan int, 2)
	for range 2 {
		taken <- <-naturals
	}
	close(quit)
}
