// Package counts has as many sends as receives, in ways that take arithmetic
// or a second look at the same value to see.
package counts

import (
	"runtime"
	"sync"
)

type group struct {
	members []string
	index   map[string]int
	n       int
}

var theGroup = &group{members: []string{"a", "b", "c"}, index: map[string]int{"a": 1, "b": 2}, n: 4}

// The length of a field is read twice.
func fieldLength_ok() {
	g := theGroup
	var wg sync.WaitGroup
	wg.Add(len(g.members))
	for range g.members {
		go wg.Done()
	}
	wg.Wait()
}

// A buffer as long as a map, and a send per entry.
func mapLength_ok() {
	g := theGroup
	c := make(chan int, len(g.index))
	for _, v := range g.index {
		c <- v
	}
	close(c)
	for range c {
	}
}

// Senders and receives through the same field.
func sameField_ok() {
	g := theGroup
	c := make(chan int)
	for i := 0; i < g.n; i++ {
		go func() { c <- i }()
	}
	for i := 0; i < g.n; i++ {
		<-c
	}
}

// A range over the slice against a loop to its length.
func rangeAgainstLen_ok() {
	xs := theGroup.members
	c := make(chan string)
	for _, x := range xs {
		go func() { c <- x }()
	}
	for i := 0; i < len(xs); i++ {
		<-c
	}
}

// One send before the loop, so that the loop receives one more.
func onePlusLen_ok() {
	xs := theGroup.members
	c := make(chan string, len(xs)+1)
	c <- "header"
	for _, x := range xs {
		c <- x
	}
	for range len(xs) + 1 {
		<-c
	}
}

// Two halves, one of which is rounded up.
func halves_ok() {
	n := theGroup.n + 1
	c := make(chan int)
	for range n / 2 {
		go func() { c <- 1 }()
	}
	for range n - n/2 {
		go func() { c <- 2 }()
	}
	for range n {
		<-c
	}
}

// Two sends per sender.
func twice_ok() {
	n := theGroup.n
	c := make(chan int, 2*n)
	for range n {
		go func() {
			c <- 1
			c <- 2
		}()
	}
	for range 2 * n {
		<-c
	}
}

// waiters+1 is written twice.
func plusOne_ok() {
	waiters := theGroup.n
	var wg sync.WaitGroup
	wg.Add(waiters + 1)
	for range waiters + 1 {
		go wg.Done()
	}
	wg.Wait()
}

// What was started is counted.
func counted_ok() {
	c := make(chan string)
	pending := 0
	for _, m := range theGroup.members {
		if m == "b" {
			continue
		}
		pending++
		go func() { c <- m }()
	}
	for pending > 0 {
		<-c
		pending--
	}
}

// Results are gathered until there are as many as inputs.
func gatherUntilLen_ok() {
	xs := theGroup.members
	c := make(chan string)
	for _, x := range xs {
		go func() { c <- x }()
	}
	var out []string
	for len(out) < len(xs) {
		out = append(out, <-c)
	}
}

// As many workers as processors, and as many waits.
func perProcessor_ok() {
	n := runtime.NumCPU()
	done := make(chan bool)
	for range n {
		go func() { done <- true }()
	}
	for range n {
		<-done
	}
}

// The capacity of the channel is the bound of the loop.
func capacity_ok() {
	c := make(chan int, 4)
	for i := range cap(c) {
		c <- i
	}
	for range cap(c) {
		<-c
	}
}

// The number of elements in the buffer is the bound.
func bufferLength_ok() {
	c := make(chan int, 4)
	c <- 1
	c <- 2
	for len(c) > 0 {
		<-c
	}
}

// A send only while there is room.
func whileRoom_ok() {
	c := make(chan int, 3)
	for len(c) < cap(c) {
		c <- 1
	}
	close(c)
	for range c {
	}
}

// At least one element: the loop is entered.
func atLeastOne_ok() {
	xs := theGroup.members
	if len(xs) == 0 {
		return
	}
	done := make(chan struct{})
	for i := range xs {
		if i == len(xs)-1 {
			go close(done)
		}
	}
	<-done
}

// The first one is handled outside the loop.
func firstOutside_ok() {
	xs := theGroup.members
	c := make(chan string)
	for _, x := range xs {
		go func() { c <- x }()
	}
	if len(xs) > 0 {
		<-c
		for range xs[1:] {
			<-c
		}
	}
}

// A limited number of goroutines at a time, and the rest after each receive.
func windowed_ok() {
	xs := []int{1, 2, 3, 4, 5}
	c := make(chan int)
	next := 0
	start := func() {
		x := xs[next]
		next++
		go func() { c <- x }()
	}
	for next < 2 {
		start()
	}
	for received := 0; received < len(xs); received++ {
		<-c
		if next < len(xs) {
			start()
		}
	}
}

// An array's length is a constant.
func arrayLength_ok() {
	var xs [3]int
	c := make(chan int, len(xs))
	for _, x := range xs {
		c <- x
	}
	for range xs {
		<-c
	}
}

// A variadic parameter of unknown length.
func variadic_ok() {
	all(func() {}, func() {}, func() {})
	all()
}

func all(fs ...func()) {
	done := make(chan struct{}, len(fs))
	for _, f := range fs {
		go func() {
			f()
			done <- struct{}{}
		}()
	}
	for range fs {
		<-done
	}
}

// The minimum of two bounds.
func minimum_ok() {
	xs := theGroup.members
	n := min(len(xs), 2)
	c := make(chan string)
	for _, x := range xs[:n] {
		go func() { c <- x }()
	}
	for range n {
		<-c
	}
}

// The receiver stops after the number of values that it was told first.
func announced_ok() {
	c := make(chan int)
	go func() {
		xs := []int{7, 8}
		c <- len(xs)
		for _, x := range xs {
			c <- x
		}
	}()
	for range <-c {
		<-c
	}
}

// Nested loops on both sides.
func nested_ok() {
	xs, ys := theGroup.members, []int{1, 2}
	c := make(chan string)
	go func() {
		for _, x := range xs {
			for range ys {
				c <- x
			}
		}
	}()
	for range len(xs) * len(ys) {
		<-c
	}
}

// A countdown in the other direction.
func countdown_ok() {
	xs := theGroup.members
	c := make(chan string)
	for _, x := range xs {
		go func() { c <- x }()
	}
	for i := len(xs); i > 0; i-- {
		<-c
	}
}
