// Package counts receives less often than it sends.
package counts

import "chanlint.test/testdata/gate"

var (
	urls  = []string{"a", "b", "c"}
	short = true
)

func get(url string) string { return url }

// The first answer wins and the others are never received.
func firstAnswer_bad() {
	println(query())
}

func query() string {
	answers := make(chan string)
	for range 3 {
		go func() {
			answers <- "answer" // leaks in firstAnswer_bad // want `send on answers blocks forever.*`
		}()
	}
	return <-answers
}

func firstAnswer_ok() {
	println(queryBuffered())
}

func queryBuffered() string {
	answers := make(chan string, 3)
	for range 3 {
		go func() {
			answers <- "answer"
		}()
	}
	return <-answers
}

// Two goroutines written out, one receive.
func firstOfTwo_bad() {
	errc := make(chan error)
	copyTo := func(wait bool) {
		if wait {
			gate.Await()
		}
		errc <- nil // leaks // want `send on errc blocks forever.*`
	}
	go copyTo(false)
	go copyTo(true)
	<-errc
	gate.Open()
}

func firstOfTwo_ok() {
	errc := make(chan error, 2)
	copyTo := func(wait bool) {
		if wait {
			gate.Await()
		}
		errc <- nil
	}
	go copyTo(false)
	go copyTo(true)
	<-errc
	gate.Open()
}

// Two channels, one select: the other sender stays.
func selectOfTwo_bad() {
	in := make(chan error)
	out := make(chan error)
	go func() {
		in <- nil
	}()
	go func() {
		gate.Await()
		out <- nil // leaks // want `send on out blocks forever.*`
	}()
	select {
	case <-in:
	case <-out:
		<-in
	}
	gate.Open()
}

func selectOfTwo_ok() {
	in := make(chan error)
	out := make(chan error)
	go func() {
		in <- nil
	}()
	go func() {
		gate.Await()
		out <- nil
	}()
	select {
	case <-in:
		gate.Open()
		<-out
	case <-out:
		<-in
	}
}

// A sender for each element, and a receive for each but one.
func oneShort_bad() {
	urls := urls
	pages := make(chan string)
	for _, url := range urls {
		go func() {
			pages <- get(url) // leaks // want `send on pages blocks forever.*`
		}()
	}
	for range len(urls) - 1 {
		<-pages
	}
}

func oneShort_ok() {
	urls := urls
	pages := make(chan string)
	for _, url := range urls {
		go func() {
			pages <- get(url)
		}()
	}
	for range len(urls) {
		<-pages
	}
}

// The loop starts at one.
func offByOne_bad() {
	urls := urls
	pages := make(chan string)
	for _, url := range urls {
		go func() {
			pages <- get(url) // leaks // want `send on pages blocks forever.*`
		}()
	}
	for i := 1; i < len(urls); i++ {
		<-pages
	}
}

func offByOne_ok() {
	urls := urls
	pages := make(chan string)
	for _, url := range urls {
		go func() {
			pages <- get(url)
		}()
	}
	for i := 0; i < len(urls); i++ {
		<-pages
	}
}

// The buffer has room for all but one of the senders, and nobody receives.
func bufferTooSmall_bad() {
	results := make(chan int, 2)
	for i := range 3 {
		go func() {
			results <- i // leaks // want `send on results blocks forever.*`
		}()
	}
}

func bufferTooSmall_ok() {
	results := make(chan int, 3)
	for i := range 3 {
		go func() {
			results <- i
		}()
	}
}

// A buffer of one for two errors of which at most one is received.
func bufferOfOne_bad() {
	errc := make(chan error, 1)
	go func() {
		errc <- nil
		errc <- nil // leaks // want `send on errc blocks forever.*`
	}()
	if short {
		return
	}
	<-errc
	<-errc
}

func bufferOfOne_ok() {
	errc := make(chan error, 2)
	go func() {
		errc <- nil
		errc <- nil
	}()
	if short {
		return
	}
	<-errc
	<-errc
}

// One goroutine sends three values in a row and two are received.
func straightLine_bad() {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2
		c <- 3 // leaks // want `send on c blocks forever.*`
	}()
	<-c
	<-c
}

func straightLine_ok() {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2
		c <- 3
	}()
	<-c
	<-c
	<-c
}

// The sender's loop is longer than the receiver's.
func longerLoop_bad() {
	c := make(chan int)
	go func() {
		for i := range 5 {
			c <- i // leaks // want `send on c blocks forever.*`
		}
	}()
	for range 3 {
		<-c
	}
}

func longerLoop_ok() {
	c := make(chan int)
	go func() {
		for i := range 5 {
			c <- i
		}
	}()
	for range 5 {
		<-c
	}
}

// The same count from a parameter, once for the senders and once less for the
// receives.
func parameter_bad() {
	gather(3)
}

func gather(n int) {
	c := make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			c <- i // leaks in parameter_bad // want `send on c blocks forever.*`
		}()
	}
	for i := 0; i < n-1; i++ {
		<-c
	}
}

func parameter_ok() {
	gatherAll(3)
}

func gatherAll(n int) {
	c := make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			c <- i
		}()
	}
	for i := 0; i < n; i++ {
		<-c
	}
}

// A send in an endless loop, one receive; a buffer would not cure it.
func endlessLoop_bad() {
	c := make(chan int)
	go func() {
		for {
			c <- 1 // leaks // want `send on c blocks forever.*`
		}
	}()
	<-c
}

func endlessLoop_ok() {
	c := make(chan int)
	quit := make(chan bool)
	go func() {
		for {
			select {
			case c <- 1:
			case <-quit:
				return
			}
		}
	}()
	<-c
	close(quit)
}

// Nobody receives at all.
func nobody_bad() {
	c := make(chan int)
	go func() {
		c <- 1 // leaks // want `send on c blocks forever.*`
	}()
}

func nobody_ok() {
	c := make(chan int)
	go func() {
		c <- 1
	}()
	<-c
}

// Two results are sent per element and one is received.
func twoPerElement_bad() {
	urls := urls
	for _, url := range urls {
		c := make(chan string)
		go func() {
			c <- get(url)
			c <- "done" // leaks // want `send on c blocks forever.*`
		}()
		<-c
	}
}

func twoPerElement_ok() {
	urls := urls
	for _, url := range urls {
		c := make(chan string)
		go func() {
			c <- get(url)
			c <- "done"
		}()
		<-c
		<-c
	}
}
