// Package tokens has fewer values than receivers.
package tokens

import (
	"sync"

	"chanlint.test/testdata/gate"
)

var hosts = []string{"a", "b"}

// One token wakes one of two waiters.
func oneToken_bad() {
	done := make(chan struct{}, 1)
	for range 2 {
		go func() {
			<-done // leaks // want `receive from done blocks forever.*`
		}()
	}
	done <- struct{}{}
}

// A close wakes all of them.
func oneToken_ok() {
	done := make(chan struct{})
	for range 2 {
		go func() {
			<-done
		}()
	}
	close(done)
}

// More receives than senders.
func moreReceives_bad() {
	res := make(chan int)
	for i := range 2 {
		go func() { res <- i }()
	}
	for range 3 {
		<-res // leaks // want `receive from res blocks forever.*`
	}
}

func moreReceives_ok() {
	res := make(chan int)
	for i := range 3 {
		go func() { res <- i }()
	}
	for range 3 {
		<-res
	}
}

// A receive per host, but no sender for a host that is skipped.
func skippedHost_bad() {
	hosts := hosts
	res := make(chan string)
	for _, host := range hosts {
		if host == "b" {
			continue
		}
		go func() { res <- host }()
	}
	for range hosts {
		<-res // leaks // want `receive from res blocks forever.*`
	}
}

func skippedHost_ok() {
	hosts := hosts
	res := make(chan string)
	started := 0
	for _, host := range hosts {
		if host == "b" {
			continue
		}
		started++
		go func() { res <- host }()
	}
	for range started {
		<-res
	}
}

// A sender answers once and its message is taken by a second receiver.
func stolen_bad() {
	res := make(chan int)
	go func() { res <- 1 }()
	stolen := make(chan struct{})
	go func() {
		<-res
		close(stolen)
	}()
	<-stolen
	<-res // leaks // want `receive from res blocks forever.*`
}

func stolen_ok() {
	res := make(chan int)
	go func() {
		res <- 1
		res <- 1
	}()
	stolen := make(chan struct{})
	go func() {
		<-res
		close(stolen)
	}()
	<-stolen
	<-res
}

// Workers receive one stop token each, but there is one worker more.
func stopTokens_bad() {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-stop // leaks // want `receive from stop blocks forever.*`
		}()
	}
	for range 2 {
		stop <- struct{}{}
	}
	wg.Wait() // leaks
}

func stopTokens_ok() {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-stop
		}()
	}
	for range 3 {
		stop <- struct{}{}
	}
	wg.Wait()
}

// A semaphore is released twice and acquired once.
func semaphore_bad() {
	sem := make(chan struct{}, 2)
	sem <- struct{}{}
	defer func() {
		<-sem // leaks // want `receive from sem blocks forever.*`
	}()
	<-sem
}

func semaphore_ok() {
	sem := make(chan struct{}, 2)
	sem <- struct{}{}
	defer func() {
		<-sem
	}()
}

// Two tokens are needed, each of two goroutines holds one of them.
func bothNeedTwo_bad() {
	tokens := make(chan struct{}, 2)
	tokens <- struct{}{}
	tokens <- struct{}{}
	for range 2 {
		go func() {
			<-tokens
			gate.Open()
			gate.AwaitN(2)
			<-tokens // leaks // want `receive from tokens blocks forever.*`
			tokens <- struct{}{}
			tokens <- struct{}{}
		}()
	}
}

func bothNeedTwo_ok() {
	tokens := make(chan struct{}, 4)
	for range 4 {
		tokens <- struct{}{}
	}
	for range 2 {
		go func() {
			<-tokens
			gate.Open()
			gate.AwaitN(2)
			<-tokens
			tokens <- struct{}{}
			tokens <- struct{}{}
		}()
	}
}
