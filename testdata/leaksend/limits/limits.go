// Package limits bounds how many goroutines go on at once.
package limits

import (
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

// The third function is not started before one of the first two has sent.
func setLimit_bad() {
	var g errgroup.Group
	g.SetLimit(2)
	results := make(chan int)
	for i := range 3 {
		g.Go(func() error { // leaks
			results <- i // leaks // want `send on results blocks forever.*`
			return nil
		})
	}
	for range 3 {
		<-results
	}
	g.Wait()
}

func setLimit_ok() {
	var g errgroup.Group
	g.SetLimit(3)
	results := make(chan int)
	for i := range 3 {
		g.Go(func() error {
			results <- i
			return nil
		})
	}
	for range 3 {
		<-results
	}
	g.Wait()
}

// Each function gives its place back.
func setLimitInTurn_ok() {
	var g errgroup.Group
	g.SetLimit(1)
	results := make(chan int, 3)
	for i := range 3 {
		g.Go(func() error {
			results <- i
			return nil
		})
	}
	g.Wait()
}

// A negative limit is none.
func unlimited_ok() {
	var g errgroup.Group
	g.SetLimit(-1)
	results := make(chan int)
	for i := range 3 {
		g.Go(func() error {
			results <- i
			return nil
		})
	}
	for range 3 {
		<-results
	}
	g.Wait()
}

// Do runs the function in the goroutine that calls it.
func do_bad() {
	var g singleflight.Group
	c := make(chan int)
	g.Do("key", func() (any, error) {
		c <- 1 // leaks // want `send on c blocks forever.*`
		return nil, nil
	})
	<-c
}

func do_ok() {
	var g singleflight.Group
	c := make(chan int, 1)
	g.Do("key", func() (any, error) {
		c <- 1
		return nil, nil
	})
	<-c
}

// The group's limit keeps the receiver from starting.
func limit_bad() {
	var g errgroup.Group
	g.SetLimit(1)
	c := make(chan int)
	g.Go(func() error {
		c <- 1 // leaks // want `send on c blocks forever: no goroutine is left to receive; goroutine leaks`
		return nil
	})
	g.Go(func() error { // leaks
		<-c
		return nil
	})
	_ = g.Wait()
}

func limit_ok() {
	var g errgroup.Group
	g.SetLimit(2)
	c := make(chan int)
	g.Go(func() error {
		c <- 1
		return nil
	})
	g.Go(func() error {
		<-c
		return nil
	})
	_ = g.Wait()
}
