// Package doubleclose closes a stage of the textbook pipeline twice.
package doubleclose

// The counter closes by defer and at its end.
func counter_bad() {
	naturals := make(chan int)
	go func() {
		defer func() {
			close(naturals) // panics "close of closed channel" // want `close of closed channel: naturals .*`
		}()
		for x := range 3 {
			naturals <- x
		}
		close(naturals)
	}()
	for x := range naturals {
		println(x)
	}
}

func counter_ok() {
	naturals := make(chan int)
	go func() {
		defer func() {
			close(naturals)
		}()
		for x := range 3 {
			naturals <- x
		}
	}()
	for x := range naturals {
		println(x)
	}
}

// The squarer closes its output in the loop that it leaves, and behind it.
func squarer_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		naturals <- 1
	}()
	go func() {
		for {
			x, ok := <-naturals
			if !ok {
				close(squares)
				break
			}
			squares <- x * x
		}
		close(squares) // panics "close of closed channel" // want `close of closed channel: squares .*`
	}()
	for x := range squares {
		println(x)
	}
}

func squarer_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		defer close(naturals)
		naturals <- 1
	}()
	go func() {
		for {
			x, ok := <-naturals
			if !ok {
				break
			}
			squares <- x * x
		}
		close(squares)
	}()
	for x := range squares {
		println(x)
	}
}

// The caller of the directional stage closes what the stage closes itself.
func count(out chan<- int) {
	defer close(out)
	for x := range 3 {
		out <- x
	}
}

func caller_bad() {
	naturals := make(chan int, 3)
	count(naturals)
	close(naturals) // panics "close of closed channel" // want `close of closed channel: naturals .*`
}

func caller_ok() {
	naturals := make(chan int, 3)
	count(naturals)
	for range naturals {
	}
}
