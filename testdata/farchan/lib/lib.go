// Package lib is another package: what it does to channels is known by facts.
package lib

// Numbers leaves its goroutine to whoever receives.
func Numbers() <-chan int {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			c <- i
		}
	}()
	return c
}

// Number needs nobody to receive.
func Number() <-chan int {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	return c
}

// Until has another way out.
func Until(done <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-done:
		}
	}()
	return c
}

// Finish closes its channel whenever it returns.
func Finish(done chan struct{}) {
	defer close(done)
	if len(done) > 0 {
		return
	}
}

// FinishIf closes it sometimes.
func FinishIf(done chan struct{}, yes bool) {
	if yes {
		close(done)
	}
}
