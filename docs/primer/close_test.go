package primer

import (
	"fmt"
	"sync"
)

// try calls f and prints what it panics with.
func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

// The three ways in which a close or a send panics.
func Example_panics() {
	try(func() {
		c := make(chan int)
		close(c)
		close(c)
	})
	try(func() {
		c := make(chan int, 1)
		close(c)
		c <- 1
	})
	try(func() {
		var c chan int
		close(c)
	})
	// Output:
	// close of closed channel
	// send on closed channel
	// close of nil channel
}

// count sends the numbers up to n. It made the channel, it sends, so it closes.
func count(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i
		}
	}()
	return out
}

// With one sender, the sender closes.
func Example_oneSender() {
	for n := range count(3) {
		fmt.Println(n)
	}
	// Output:
	// 0
	// 1
	// 2
}

// With several senders, one goroutine waits for all of them and closes.
func Example_severalSenders() {
	squares := make(chan int)
	var senders sync.WaitGroup
	for i := range 4 {
		senders.Go(func() { squares <- i * i })
	}
	go func() {
		senders.Wait()
		close(squares)
	}()
	sum := 0
	for s := range squares {
		sum += s
	}
	fmt.Println(sum)
	// Output: 14
}
