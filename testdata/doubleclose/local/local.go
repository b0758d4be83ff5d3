// Package local closes channels of one function twice.
package local

// The analyzer may not assume the values of these.
var (
	fail = true
	none []int
	two  = []int{1, 2}
)

func straight_bad() {
	c := make(chan int)
	close(c)
	close(c) // panics "close of closed channel" // want `close of closed channel: c is already closed at line \d+`
}

func straight_ok() {
	c := make(chan int)
	close(c)
	c = make(chan int)
	close(c)
}

func branch_bad() {
	c := make(chan int)
	if fail {
		close(c)
	}
	close(c) // panics "close of closed channel" // want `close of closed channel: c may already be closed at line \d+`
}

func branch_ok() {
	c := make(chan int)
	if fail {
		close(c)
		return
	}
	close(c)
}

func correlated_ok() {
	c := make(chan int)
	if fail {
		close(c)
	}
	if !fail {
		close(c)
	}
}

func deferred_bad() {
	c := make(chan int)
	defer close(c) // want `close of closed channel: c is already closed at line \d+ when this deferred call runs`
	close(c)
} // panics "close of closed channel"

func deferredOnePath_bad() {
	c := make(chan int)
	defer close(c) // want `close of closed channel: c may already be closed at line \d+ when this deferred call runs`
	if fail {
		close(c)
	}
} // panics "close of closed channel"

func deferredOnePath_ok() {
	c := make(chan int)
	if fail {
		close(c)
		return
	}
	defer close(c)
}

func deferredLiteral_bad() {
	c := make(chan int)
	defer func() {
		close(c) // panics "close of closed channel" // want `close of closed channel: c is already closed at line \d+ when this deferred call runs`
	}()
	close(c)
}

func deferred_ok() {
	c := make(chan int)
	defer close(c)
	if !fail {
		println("working")
	}
}

func deferredLiteral_ok() {
	c := make(chan int)
	defer func() {
		if c != nil {
			close(c)
		}
	}()
	if fail {
		close(c)
		c = nil
	}
}

func loop_bad() {
	c := make(chan int)
	for range two {
		close(c) // panics "close of closed channel" // want `close of closed channel: c is closed again by the next iteration of the loop`
	}
}

func loop_ok() {
	c := make(chan int)
	for range two {
		close(c)
		break
	}
	for range two {
		d := make(chan int)
		close(d)
	}
	e := make(chan int)
	for i := range two {
		if i == 0 {
			close(e)
		}
	}
	f := make(chan int)
	for i := 0; i < 1; i++ {
		close(f)
	}
}

func drained_bad() {
	c := make(chan int, 1)
	go close(c)
	for range c {
	}
	close(c) // panics "close of closed channel" // want `close of closed channel: c is already closed when the receive at line \d+ ends`
}

func drained_ok() {
	c := make(chan int)
	d := make(chan int)
	go func() {
		defer close(d)
		for range c {
		}
	}()
	close(c)
	for range d {
	}
}

func helper_bad() {
	c := make(chan int)
	closeIt(c)
	closeIt(c) // want `close of closed channel: c is already closed at line \d+ when closeIt closes it at line \d+`
}

func helper_ok() {
	closeIt(make(chan int))
	closeIt(make(chan int))
}

func closeIt(c chan int) {
	close(c) // panics "close of closed channel" in helper_bad
}

func goroutineInLoop_bad() {
	c := make(chan int)
	for range two {
		go func() {
			close(c) // panics "close of closed channel" // want `close of closed channel: c is closed by a goroutine of every iteration`
		}()
	}
	select {}
}

func goroutineInLoop_ok() {
	c := make(chan int, 2)
	done := make(chan bool)
	for range two {
		go func() {
			c <- 1
			done <- true
		}()
	}
	<-done
	<-done
	close(c)
}
