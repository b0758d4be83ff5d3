// Package leakrecv leaves a goroutine of the textbook patterns at its receive.
package leakrecv

import "sync"

// fails makes every file fail when the fixtures are run.
var fails = true

// The parallel loop expects a message of every file, and one that fails
// sends none. Three goroutines decide by the same flag, which is one condition.
func lostMessage_bad() {
	files := []string{"a", "b", "c"}
	ch := make(chan struct{})
	for _, f := range files {
		go func() {
			println(f)
			if fails {
				return
			}
			ch <- struct{}{}
		}()
	}
	for range files {
		<-ch // leaks // want `receive from ch blocks forever if the goroutine started at line \d+ returns at line \d+ without sending or closing`
	}
}

func lostMessage_ok() {
	files := []string{"a", "b", "c"}
	ch := make(chan struct{})
	for _, f := range files {
		go func() {
			defer func() { ch <- struct{}{} }()
			println(f)
			if fails {
				return
			}
		}()
	}
	for range files {
		<-ch
	}
}

// The same, but the names decide: what a slice holds is beyond the analyzer.
func FN_nameDecides_bad() {
	files := []string{"a", "", "c"}
	ch := make(chan struct{})
	for _, f := range files {
		go func() {
			if f == "" {
				return
			}
			ch <- struct{}{}
		}()
	}
	for range files {
		<-ch // leaks
	}
}

func nameDecides_ok() {
	files := []string{"a", "", "c"}
	ch := make(chan struct{})
	for _, f := range files {
		go func() {
			defer func() { ch <- struct{}{} }()
			if f == "" {
				return
			}
		}()
	}
	for range files {
		<-ch
	}
}

// One value where the broadcast needs a close.
func broadcast_bad() {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start // leaks // want `receive from start blocks forever.*`
		}()
	}
	start <- struct{}{}
	wg.Wait() // leaks
}

func broadcast_ok() {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
		}()
	}
	close(start)
	wg.Wait()
}

// The printer goroutine forgets to say that it is done.
func done_bad() {
	naturals := make(chan int)
	done := make(chan struct{})
	go func() {
		for range naturals {
		}
	}()
	naturals <- 1
	close(naturals)
	<-done // leaks // want `receive from done blocks forever.*`
}

func done_ok() {
	naturals := make(chan int)
	done := make(chan struct{})
	go func() {
		for range naturals {
		}
		close(done)
	}()
	naturals <- 1
	close(naturals)
	<-done
}
