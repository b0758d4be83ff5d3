package facts

func Closes(c chan int) { // want Closes:`closes \[0\], owes \[\]`
	close(c)
}

func ClosesSecond(n int, c chan int) { // want ClosesSecond:`closes \[1\], owes \[\]`
	defer close(c)
	if n > 0 {
		return
	}
}

func ClosesLate(n int, c chan int) {
	if n > 0 {
		return
	}
	close(c)
}

func ClosesIf(n int, c chan int) {
	if n > 0 {
		close(c)
	}
}

func ClosesOther(c chan int) {
	c = make(chan int)
	close(c)
}

func ClosesThere(c chan int) {
	go func() { close(c) }()
}

func closes(c chan int) { close(c) } // not exported

func Owes() <-chan int { // want Owes:`closes \[\], owes \[0\]`
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
	}()
	return c
}

func OwesSecond() (int, chan int) { // want OwesSecond:`closes \[\], owes \[1\]`
	c := make(chan int)
	go func() {
		for {
			c <- 1
		}
	}()
	return 0, c
}

func Buffered() <-chan int {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	return c
}

func Sometimes(yes bool) <-chan int {
	c := make(chan int)
	go func() {
		if !yes {
			return
		}
		c <- 1
	}()
	return c
}

func Selects(done chan bool) <-chan int {
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-done:
		}
	}()
	return c
}

func Taken() <-chan int {
	c := make(chan int)
	go func() { c <- 1 }()
	go func() { <-c }()
	return c
}

func Bounded(n int) <-chan int {
	c := make(chan int)
	go func() {
		for range n {
			c <- 1
		}
	}()
	return c
}

func Breaks(n int) <-chan int {
	c := make(chan int)
	go func() {
		for {
			if n > 0 {
				break
			}
			c <- 1
		}
	}()
	return c
}
