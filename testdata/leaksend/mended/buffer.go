// Package mended holds leaks with and without a fix that is certain to be right:
// the .golden files say which.
package mended

import (
	"errors"
	"sync"
	"time"

	"chanlint.test/testdata/gate"
)

var errFailed = errors.New("failed")

// answer is work that takes until the fixture opens the gate.
func answer() error {
	gate.Await()
	return errFailed
}

// One send: a buffer of one.
func one_bad() {
	defer gate.Open()
	errc := make(chan error)
	go func() {
		errc <- answer() // leaks // want `send on errc blocks forever.*`
	}()
	select {
	case <-errc:
	case <-time.After(time.Millisecond):
	}
}

func one_ok() {
	defer gate.Open()
	errc := make(chan error, 1)
	go func() {
		errc <- answer()
	}()
	select {
	case <-errc:
	case <-time.After(time.Millisecond):
	}
}

// A send for each element: a buffer as long as the list. The group is waited for
// only to close the channel.
func each_bad() {
	first([]string{"a", "b", "c"})
}

func first(urls []string) string {
	pages := make(chan string)
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			pages <- url // leaks in each_bad // want `send on pages blocks forever.*`
		}()
	}
	go func() {
		wg.Wait() // leaks in each_bad
		close(pages)
	}()
	for page := range pages {
		return page
	}
	return ""
}

func each_ok() {
	last([]string{"a", "b", "c"})
}

func last(urls []string) (page string) {
	pages := make(chan string)
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			pages <- url
		}()
	}
	go func() {
		wg.Wait()
		close(pages)
	}()
	for page = range pages {
	}
	return page
}

// The variable is assigned another list in between: no fix.
func assigned_bad() {
	other([]string{"a"}, []string{"a", "b"})
}

func other(urls, more []string) string {
	pages := make(chan string)
	urls = more
	for _, url := range urls {
		go func() {
			pages <- url // leaks in assigned_bad // want `send on pages blocks forever.*`
		}()
	}
	return <-pages
}

func assigned_ok() {
	pages := make(chan string, 3)
	for _, url := range []string{"a", "b", "c"} {
		go func() {
			pages <- url
		}()
	}
	<-pages
}

// What the sender does next relies on the message having been received: with
// a buffer, it would write while the receiver may still read. No fix.
func heeded_bad() {
	defer gate.Open()
	c := make(chan []int)
	go func() {
		batch := make([]int, 8)
		gate.Await()
		c <- batch // leaks // want `send on c blocks forever.*`
		shared[0]++
	}()
	select {
	case <-c:
	case <-time.After(time.Millisecond):
	}
}

func heeded_ok() {
	c := make(chan []int)
	go func() {
		batch := make([]int, 8)
		c <- batch
		shared[0]++
	}()
	<-c
}

var shared [1]int

// The program asks how much room there is: no fix.
func asked_bad() {
	defer gate.Open()
	c := make(chan int8)
	go func() {
		gate.Await()
		c <- int8(cap(c)) // leaks // want `send on c blocks forever.*`
	}()
	select {
	case <-c:
	case <-time.After(time.Millisecond):
	}
}

func asked_ok() {
	c := make(chan int8)
	go func() {
		c <- int8(cap(c))
	}()
	<-c
}

// There is no end to what is sent: no buffer is large enough.
func endless_bad() {
	c := make(chan uint)
	go func() {
		for {
			c <- 1 // leaks // want `send on c blocks forever.*`
		}
	}()
	<-c
}

func endless_ok() {
	c := make(chan uint)
	quit := make(chan struct{})
	defer close(quit)
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
}
