// Package pools has the usual worker pools and semaphores.
package pools

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Jobs in, results out, a goroutine that closes when all workers are done.
func workers_ok() {
	jobs := make(chan int)
	results := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				results <- j * j
			}
		}()
	}
	go func() {
		for i := range 10 {
			jobs <- i
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	for range results {
	}
}

// A fixed number of jobs, and as many results.
func fixedJobs_ok() {
	const n = 5
	jobs := make(chan int, n)
	results := make(chan int, n)
	for range 2 {
		go work(jobs, results)
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	for range n {
		<-results
	}
}

func work(jobs <-chan int, results chan<- int) {
	for j := range jobs {
		results <- j + 1
	}
}

// A buffered channel as a semaphore.
func semaphore_ok() {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(1)
		sem <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
		}()
	}
	wg.Wait()
}

// The semaphore is acquired inside of the goroutines.
func semaphoreInside_ok() {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
		})
	}
	wg.Wait()
}

// All slots are taken at the end, to wait for all goroutines.
func fillToWait_ok() {
	const limit = 3
	sem := make(chan struct{}, limit)
	for range 7 {
		sem <- struct{}{}
		go func() {
			<-sem
		}()
	}
	for range limit {
		sem <- struct{}{}
	}
}

// A semaphore that is filled with tokens first.
func tokens_ok() {
	tokens := make(chan int, 2)
	for i := range 2 {
		tokens <- i
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			t := <-tokens
			tokens <- t
		})
	}
	wg.Wait()
}

// A free list: get and put with default cases.
func freeList_ok() {
	free := make(chan []byte, 2)
	get := func() []byte {
		select {
		case b := <-free:
			return b
		default:
			return make([]byte, 8)
		}
	}
	put := func(b []byte) {
		select {
		case free <- b:
		default:
		}
	}
	for range 4 {
		put(get())
	}
	put(nil)
	put(nil)
}

// Each worker has its own channel and offers it when it is idle.
func idleWorkers_ok() {
	idle := make(chan chan int, 2)
	var wg sync.WaitGroup
	for range 2 {
		own := make(chan int)
		wg.Go(func() {
			for {
				idle <- own
				j, ok := <-own
				if !ok {
					return
				}
				_ = j
			}
		})
	}
	for i := range 6 {
		w := <-idle
		w <- i
	}
	for range 2 {
		close(<-idle)
	}
	wg.Wait()
}

// The workers stop at the first error, and the producer watches for it.
func stopOnError_ok() {
	jobs := make(chan int)
	failed := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for j := range jobs {
				if j == 3 {
					once.Do(func() { close(failed) })
					return
				}
			}
		})
	}
produce:
	for i := range 10 {
		select {
		case jobs <- i:
		case <-failed:
			break produce
		}
	}
	close(jobs)
	wg.Wait()
}

// errgroup with a context: producer, workers, and a close between them.
func errgroup_ok() {
	g, ctx := errgroup.WithContext(context.Background())
	jobs := make(chan int)
	g.Go(func() error {
		defer close(jobs)
		for i := range 10 {
			select {
			case jobs <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range 2 {
		g.Go(func() error {
			for j := range jobs {
				if j == 5 {
					return errors.New("five")
				}
			}
			return nil
		})
	}
	_ = g.Wait()
}

// errgroup with a limit.
func errgroupLimit_ok() {
	var g errgroup.Group
	g.SetLimit(2)
	c := make(chan int, 5)
	for i := range 5 {
		g.Go(func() error {
			c <- i
			return nil
		})
	}
	_ = g.Wait()
	close(c)
	for range c {
	}
}

// An error channel with room for all, of which the first non-nil is taken.
func firstError_ok() {
	errc := make(chan error, 3)
	for i := range 3 {
		go func() {
			if i == 1 {
				errc <- errors.New("one")
				return
			}
			errc <- nil
		}()
	}
	for range 3 {
		if err := <-errc; err != nil {
			return
		}
	}
}

// Results and errors on two channels, one of them per worker.
func eitherOr_ok() {
	const n = 4
	vals := make(chan int)
	errs := make(chan error)
	for i := range n {
		go func() {
			if i%2 == 0 {
				vals <- i
			} else {
				errs <- errors.New("odd")
			}
		}()
	}
	for range n {
		select {
		case <-vals:
		case <-errs:
		}
	}
}

type pool struct {
	jobs chan func()
	wg   sync.WaitGroup
}

func newPool(n int) *pool {
	p := &pool{jobs: make(chan func())}
	for range n {
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			for f := range p.jobs {
				f()
			}
		}()
	}
	return p
}

func (p *pool) submit(f func()) { p.jobs <- f }

func (p *pool) close() {
	close(p.jobs)
	p.wg.Wait()
}

// A pool as a type, with a method that closes and waits.
func poolType_ok() {
	p := newPool(2)
	defer p.close()
	out := make(chan int, 3)
	for i := range 3 {
		p.submit(func() { out <- i })
	}
}

// A ticker limits the rate of the jobs.
func rateLimit_ok() {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	jobs := make(chan int, 3)
	for i := range 3 {
		jobs <- i
	}
	close(jobs)
	for range jobs {
		<-tick.C
	}
}

// A token bucket that a goroutine fills until it is told to stop.
func tokenBucket_ok() {
	bucket := make(chan struct{}, 2)
	quit := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(time.Millisecond)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case bucket <- struct{}{}:
				default:
				}
			case <-quit:
				return
			}
		}
	}()
	for range 3 {
		<-bucket
	}
	close(quit)
	<-done
}

// A lock made of a channel.
func channelAsMutex_ok() {
	mu := make(chan struct{}, 1)
	n := 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			mu <- struct{}{}
			n++
			<-mu
		})
	}
	wg.Wait()
	println(n)
}

// A lock made of a channel, the other way round.
func channelAsMutexFull_ok() {
	mu := make(chan struct{}, 1)
	mu <- struct{}{}
	n := 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			<-mu
			n++
			mu <- struct{}{}
		})
	}
	wg.Wait()
}

// TryLock with a default case.
func tryLock_ok() {
	mu := make(chan struct{}, 1)
	try := func() bool {
		select {
		case mu <- struct{}{}:
			return true
		default:
			return false
		}
	}
	if try() {
		defer func() { <-mu }()
	}
	if try() {
		<-mu
	}
}

// The buffer is as long as the list, so that an early return is harmless.
func bufferForAll_ok() {
	xs := []int{1, 2, 3}
	errc := make(chan error, len(xs))
	for _, x := range xs {
		go func() {
			if x > 1 {
				errc <- errors.New("too big")
			} else {
				errc <- nil
			}
		}()
	}
	for range xs {
		if <-errc != nil {
			return
		}
	}
}
