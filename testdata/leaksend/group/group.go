// Package group abandons a sender that a WaitGroup or an errgroup waits for:
// nothing behind the Wait would release it, so the send is at fault.
package group

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

var errFailed = errors.New("failed")

var fails = true

func run() error {
	if fails {
		return errFailed
	}
	return nil
}

// The consumer of the group fails; the producer has no case for the group's
// context.
func errgroup_bad() {
	g, ctx := errgroup.WithContext(context.Background())
	c := make(chan int)
	g.Go(func() error {
		for i := range 3 {
			c <- i // leaks // want `send on c blocks forever.*`
		}
		return nil
	})
	g.Go(func() error {
		select {
		case i := <-c:
			if i == 0 {
				return errFailed
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	_ = g.Wait() // leaks
}

func errgroup_ok() {
	g, ctx := errgroup.WithContext(context.Background())
	c := make(chan int)
	g.Go(func() error {
		for i := range 3 {
			select {
			case c <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		select {
		case i := <-c:
			if i == 0 {
				return errFailed
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	_ = g.Wait()
}

// The collector leaves at the first error, and then the function waits.
func collector_bad() {
	errc := make(chan error)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			errc <- run() // leaks // want `send on errc blocks forever.*`
		})
	}
	for range 3 {
		if err := <-errc; err != nil {
			println(err.Error())
			break
		}
	}
	wg.Wait() // leaks
}

func collector_ok() {
	errc := make(chan error, 3)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			errc <- run()
		})
	}
	for range 3 {
		if err := <-errc; err != nil {
			println(err.Error())
			break
		}
	}
	wg.Wait()
}

// The buffer is one too small, and nobody drains behind the Wait either.
func smallBuffer_bad() {
	results := make(chan int, 2)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			results <- i // leaks // want `send on results blocks forever.*`
		})
	}
	wg.Wait() // leaks
	close(results)
}

func smallBuffer_ok() {
	results := make(chan int, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			results <- i
		})
	}
	wg.Wait()
	close(results)
}
