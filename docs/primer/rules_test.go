package primer

import (
	"fmt"
	"sync"
)

// A send on an unbuffered channel completes when it is received.
func Example_handshake() {
	var message string
	ready := make(chan struct{})
	go func() {
		message = "written before the send"
		ready <- struct{}{}
	}()
	<-ready
	fmt.Println(message)
	// Output: written before the send
}

// A buffer lets sends complete before anybody receives, as many as fit.
func Example_buffer() {
	letters := make(chan string, 2)
	letters <- "a"
	letters <- "b"
	select {
	case letters <- "c":
		fmt.Println("sent")
	default:
		fmt.Println("a third send would block:", len(letters), "of", cap(letters), "are taken")
	}
	// Output: a third send would block: 2 of 2 are taken
}

// A close reaches everyone who receives, now or later.
func Example_broadcast() {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { <-quit })
	}
	close(quit)
	wg.Wait()
	fmt.Println("all three have heard it")
	// Output: all three have heard it
}

// What was sent before the close is still received; then come zero values.
func Example_drain() {
	numbers := make(chan int, 3)
	numbers <- 1
	numbers <- 2
	close(numbers)
	for range 3 {
		n, ok := <-numbers
		fmt.Println(n, ok)
	}
	// Output:
	// 1 true
	// 2 true
	// 0 false
}

// A receive that is tested against a nil channel in a select is switched off.
func Example_nilChannel() {
	words, numbers := make(chan string, 1), make(chan int)
	words <- "done"
	close(numbers)
	for words != nil || numbers != nil {
		select {
		case w := <-words:
			fmt.Println(w)
			words = nil
		case _, ok := <-numbers:
			if !ok {
				numbers = nil // or this case would spin
			}
		}
	}
	// Output: done
}
