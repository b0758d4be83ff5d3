// Package syncs mixes channels with locks, conditions and WaitGroups.
package syncs

import (
	"sync"
	"testing"

	"chanlint.test/testdata/gate"
)

// A queue with a condition.
func cond_ok() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var queue []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		mu.Lock()
		defer mu.Unlock()
		for len(queue) == 0 {
			cond.Wait()
		}
	}()
	mu.Lock()
	queue = append(queue, 1)
	mu.Unlock()
	cond.Broadcast()
	<-done
}

// The WaitGroup is handed to a helper that waits.
func escapedGroup_ok() {
	var wg sync.WaitGroup
	c := make(chan int)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c <- i
		}()
	}
	go closeAfter(&wg, func() { close(c) })
	for range c {
	}
}

func closeAfter(wg *sync.WaitGroup, f func()) {
	wg.Wait()
	f()
}

// The WaitGroup is behind an interface.
type waiter interface{ Wait() }

func groupBehindInterface_ok() {
	var wg sync.WaitGroup
	c := make(chan int, 1)
	wg.Add(1)
	go func() {
		defer wg.Done()
		c <- 1
	}()
	var w waiter = &wg
	w.Wait()
	close(c)
	<-c
}

// The lock is taken by a callee and given back by another one.
type guarded struct {
	mu sync.Mutex
	c  chan int
}

func (g *guarded) lock()   { g.mu.Lock() }
func (g *guarded) unlock() { g.mu.Unlock() }

func lockInCallee_ok() {
	g := &guarded{c: make(chan int, 1)}
	go func() {
		g.lock()
		defer g.unlock()
		g.c <- 1
	}()
	<-g.c
}

// The lock is released before the channel operation, on every path.
func unlockFirst_ok() {
	var mu sync.Mutex
	c := make(chan int)
	n := 0
	go func() {
		mu.Lock()
		if n > 0 {
			mu.Unlock()
			c <- 1
			return
		}
		mu.Unlock()
		c <- 0
	}()
	mu.Lock()
	n++
	mu.Unlock()
	<-c
}

// A buffered send under the lock has room.
func roomUnderLock_ok() {
	var mu sync.Mutex
	c := make(chan int, 1)
	n := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		<-c
		mu.Lock()
		defer mu.Unlock()
		n++
	})
	mu.Lock()
	if len(c) == 0 {
		c <- 1
	}
	mu.Unlock()
	wg.Wait()
}

// A callback that runs with the lock held.
func withLock(mu *sync.Mutex, f func()) {
	mu.Lock()
	defer mu.Unlock()
	f()
}

func lockedCallback_ok() {
	var mu sync.Mutex
	closed := false
	c := make(chan int)
	for range 2 {
		withLock(&mu, func() {
			if !closed {
				closed = true
				close(c)
			}
		})
	}
	<-c
}

// Add before go, Done by defer, Wait twice.
func waitTwice_ok() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait()
	wg.Wait()
}

// The count goes up while it is above zero, inside of a counted goroutine.
func nestedAdd_ok() {
	var wg sync.WaitGroup
	c := make(chan int)
	var visit func(n int)
	visit = func(n int) {
		defer wg.Done()
		c <- n
		for range n {
			wg.Add(1)
			go visit(n - 1)
		}
	}
	wg.Add(1)
	go visit(2)
	go func() {
		wg.Wait()
		close(c)
	}()
	for range c {
	}
}

// A crawler that counts its pending lists instead.
func pendingLists_ok() {
	lists := make(chan []int)
	n := 1
	go func() { lists <- []int{1, 2} }()
	for ; n > 0; n-- {
		for _, x := range <-lists {
			if x > 2 {
				continue
			}
			n++
			go func() { lists <- []int{x + 2} }()
		}
	}
}

// Two WaitGroups, one for starting and one for ending.
func barrier_ok() {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for range 3 {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// WaitGroup.Go with a method value.
type job struct{ out chan int }

func (j *job) run() { j.out <- 1 }

func goMethodValue_ok() {
	j := &job{out: make(chan int)}
	var wg sync.WaitGroup
	wg.Go(j.run)
	<-j.out
	wg.Wait()
}

// Wait with a timeout: a goroutine waits and closes.
func waitWithDone_ok() {
	var wg sync.WaitGroup
	wg.Go(gate.Await)
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	gate.Open()
	<-done
}

// OnceValue computes in the first caller.
func onceValue_ok() {
	c := make(chan int, 1)
	get := sync.OnceValue(func() int {
		c <- 1
		return <-c
	})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { get() })
	}
	wg.Wait()
}

// The benchmark's count and a field: the analyzer must not take b.N apart.
//
//fixture:norun needs a running benchmark
func benchmark_ok(b *testing.B) {
	c := make(chan int, b.N+2)
	for i := 0; i < b.N; i++ {
		c <- i
	}
	c <- 1
	c <- 2
	close(c)
	for range c {
	}
}

// Parallel benchmark goroutines against as many receives.
//
//fixture:norun needs a running benchmark
func benchmarkBoth_ok(b *testing.B) {
	c := make(chan int)
	go func() {
		for i := 0; i < b.N; i++ {
			c <- i
		}
	}()
	for i := 0; i < b.N; i++ {
		<-c
	}
}
