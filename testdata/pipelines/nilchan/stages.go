package nilchan

// One output of the tee is never made.
func tee_bad() {
	naturals := make(chan int, 1)
	naturals <- 1
	close(naturals)
	left := make(chan int, 1)
	var right chan int
	for n := range naturals {
		left <- n
		right <- n // leaks // want `send on nil channel.*right.*`
	}
}

func tee_ok() {
	naturals := make(chan int, 1)
	naturals <- 1
	close(naturals)
	left, right := make(chan int, 1), make(chan int, 1)
	for n := range naturals {
		left <- n
		right <- n
	}
}

// One input of the merge is never made, so its forwarder stays.
func merge_bad() {
	evens := make(chan int, 1)
	var odds chan int
	out := make(chan int, 1)
	evens <- 2
	close(evens)
	go func() {
		for n := range evens {
			out <- n
		}
	}()
	go func() {
		for n := range odds { // leaks // want `range over nil channel.*odds.*`
			out <- n
		}
	}()
}

func merge_ok() {
	evens, odds := make(chan int, 1), make(chan int)
	out := make(chan int, 1)
	evens <- 2
	close(evens)
	close(odds)
	go func() {
		for n := range evens {
			out <- n
		}
	}()
	go func() {
		for n := range odds {
			out <- n
		}
	}()
}
