package silent

// Functions that expect a panic.

func mustPanic(f func()) {
	defer func() {
		if recover() == nil {
			panic("no panic")
		}
	}()
	f()
}

func expectedByHelper_ok() {
	mustPanic(func() {
		c := make(chan int)
		close(c)
		close(c)
	})
}

func expectedHere_ok() {
	defer func() {
		if recover() == nil {
			panic("no panic")
		}
	}()
	c := make(chan int)
	close(c)
	close(c)
}

func recoveredTwice_ok() {
	c := make(chan int)
	func() {
		defer func() { recover() }()
		close(c)
	}()
	func() {
		defer func() { recover() }()
		close(c)
	}()
}

// A goroutine for each connection, of which there is one.
func accept_ok() {
	conns := make(chan int, 1)
	done := make(chan int)
	conns <- 1
	go func() {
		for {
			if _, ok := <-conns; !ok {
				return
			}
			go func() {
				defer close(done)
			}()
		}
	}()
	<-done
	close(conns)
}

// The loop runs once, over a literal.
func oneCase_ok() {
	c := make(chan int)
	for range []string{"only"} {
		close(c)
	}
}
