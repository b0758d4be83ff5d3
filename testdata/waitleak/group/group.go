// Package group waits for errgroups.
package group

import "golang.org/x/sync/errgroup"

// Wait comes before the drain.
func beforeDrain_bad() {
	var g errgroup.Group
	results := make(chan int)
	for i := range 2 {
		g.Go(func() error {
			results <- i // leaks
			return nil
		})
	}
	_ = g.Wait() // leaks // want `.*g.* blocks forever.*`
	close(results)
	for range results {
	}
}

func beforeDrain_ok() {
	var g errgroup.Group
	results := make(chan int)
	for i := range 2 {
		g.Go(func() error {
			results <- i
			return nil
		})
	}
	go func() {
		_ = g.Wait()
		close(results)
	}()
	for range results {
	}
}

// The producer's channel is closed by the function that waits.
func closedAfterWait_bad() {
	var g errgroup.Group
	jobs := make(chan int)
	g.Go(func() error {
		for range jobs { // leaks
		}
		return nil
	})
	jobs <- 1
	_ = g.Wait() // leaks // want `.*g.* blocks forever.*`
	close(jobs)
}

func closedAfterWait_ok() {
	var g errgroup.Group
	jobs := make(chan int)
	g.Go(func() error {
		for range jobs {
		}
		return nil
	})
	jobs <- 1
	close(jobs)
	_ = g.Wait()
}
