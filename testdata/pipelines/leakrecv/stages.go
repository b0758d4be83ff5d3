package leakrecv

// The first answer is waited for, and everybody fails without one: the same flag
// lets all three fail.
func first_bad() {
	answers := make(chan int, 3)
	for i := range 3 {
		go func() {
			if fails {
				return
			}
			answers <- i
		}()
	}
	println(<-answers) // leaks // want `receive from answers blocks forever if the goroutine started at line \d+ returns at line \d+ without sending or closing`
}

func first_ok() {
	answers := make(chan int, 3)
	for i := range 3 {
		go func() {
			if fails {
				answers <- -1
				return
			}
			answers <- i
		}()
	}
	println(<-answers)
}

// Take counts on three values of a source that has two and does not close.
func take_bad() {
	naturals := make(chan int)
	go func() {
		for n := range 2 {
			naturals <- n
		}
	}()
	for range 3 {
		println(<-naturals) // leaks // want `receive from naturals blocks forever.*`
	}
}

func take_ok() {
	naturals := make(chan int)
	go func() {
		for n := range 2 {
			naturals <- n
		}
		close(naturals)
	}()
	for range 3 {
		println(<-naturals)
	}
}

// The tee gives a value to its left output alone.
func tee_bad() {
	left, right := make(chan int), make(chan int)
	go func() {
		left <- 1
		if fails {
			return
		}
		right <- 1
	}()
	println(<-left)
	println(<-right) // leaks // want `receive from right blocks forever.*`
}

func tee_ok() {
	left, right := make(chan int), make(chan int)
	go func() {
		left <- 1
		if fails {
			close(right)
			return
		}
		right <- 1
	}()
	println(<-left)
	println(<-right)
}
