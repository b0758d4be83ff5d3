// Package limits bounds how many goroutines go on at once.
package limits

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Whoever is to send waits for what the receiver holds.
func acquire_bad() {
	ctx := context.Background()
	sem := semaphore.NewWeighted(1)
	done := make(chan int)
	sem.Acquire(ctx, 1)
	go func() {
		sem.Acquire(ctx, 1) // leaks
		done <- 1
		sem.Release(1)
	}()
	<-done // leaks // want `receive from done blocks forever.*`
	sem.Release(1)
}

func acquire_ok() {
	ctx := context.Background()
	sem := semaphore.NewWeighted(1)
	done := make(chan int)
	sem.Acquire(ctx, 1)
	go func() {
		sem.Acquire(ctx, 1)
		done <- 1
		sem.Release(1)
	}()
	sem.Release(1)
	<-done
}

// A place for each is enough.
func acquireTwo_ok() {
	ctx := context.Background()
	sem := semaphore.NewWeighted(2)
	done := make(chan int)
	sem.Acquire(ctx, 1)
	go func() {
		sem.Acquire(ctx, 1)
		defer sem.Release(1)
		done <- 1
	}()
	<-done
	sem.Release(1)
}

// The end of the context ends the wait.
func acquireUntil_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	sem := semaphore.NewWeighted(1)
	done := make(chan error)
	sem.Acquire(ctx, 1)
	go func() {
		done <- sem.Acquire(ctx, 1)
	}()
	cancel()
	<-done
}

// What is taken whole is not followed.
func acquireAll_ok() {
	ctx := context.Background()
	sem := semaphore.NewWeighted(2)
	done := make(chan int, 1)
	sem.Acquire(ctx, 2)
	go func() {
		sem.Acquire(ctx, 1)
		done <- 1
	}()
	sem.Release(2)
	<-done
}

// Without a place nobody sends.
func tryAcquire_bad() {
	sem := semaphore.NewWeighted(1)
	c := make(chan int)
	sem.TryAcquire(1)
	if sem.TryAcquire(1) {
		go func() { c <- 1 }()
	}
	<-c // leaks // want `receive from c blocks forever.*`
}

func tryAcquire_ok() {
	sem := semaphore.NewWeighted(2)
	c := make(chan int)
	sem.TryAcquire(1)
	if sem.TryAcquire(1) {
		go func() { c <- 1 }()
	} else {
		close(c)
	}
	<-c
}

func tryGo_bad() {
	var g errgroup.Group
	g.SetLimit(1)
	c, release := make(chan int), make(chan int)
	g.Go(func() error {
		<-release // leaks
		return nil
	})
	g.TryGo(func() error {
		c <- 1
		return nil
	})
	<-c // leaks // want `receive from c blocks forever.*`
	close(release)
	g.Wait()
}

func tryGo_ok() {
	var g errgroup.Group
	g.SetLimit(1)
	c, release := make(chan int), make(chan int)
	g.Go(func() error {
		<-release
		return nil
	})
	if g.TryGo(func() error {
		c <- 1
		return nil
	}) {
		<-c
	}
	close(release)
	g.Wait()
}
