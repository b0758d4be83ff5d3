// Package drain waits for workers before it receives what they send.
package drain

import "sync"

// Wait comes before the drain, and every worker is at its send.
func beforeDrain_bad() {
	var wg sync.WaitGroup
	results := make(chan int)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i // leaks
		}()
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(results)
	for range results {
	}
}

// A goroutine of its own waits and closes.
func beforeDrain_ok() {
	var wg sync.WaitGroup
	results := make(chan int)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for range results {
	}
}

// With room for all of them Wait may come first.
func buffered_ok() {
	var wg sync.WaitGroup
	results := make(chan int, 3)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i
		}()
	}
	wg.Wait()
	close(results)
	for range results {
	}
}

// The buffer has room for all but one.
func smallBuffer_bad() {
	var wg sync.WaitGroup
	results := make(chan int, 2)
	for i := range 3 {
		wg.Go(func() {
			results <- i // leaks
		})
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(results)
	for range results {
	}
}

func smallBuffer_ok() {
	var wg sync.WaitGroup
	results := make(chan int, 3)
	for i := range 3 {
		wg.Go(func() {
			results <- i
		})
	}
	wg.Wait()
	close(results)
	for range results {
	}
}

// The workers range over a channel that is closed after the Wait.
func closedAfterWait_bad() {
	var wg sync.WaitGroup
	jobs := make(chan int)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs { // leaks
				println(j)
			}
		}()
	}
	for i := range 4 {
		jobs <- i
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(jobs)
}

func closedAfterWait_ok() {
	var wg sync.WaitGroup
	jobs := make(chan int)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				println(j)
			}
		}()
	}
	for i := range 4 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}

// A deferred close runs after the Wait that needs it.
func deferredClose_bad() {
	var wg sync.WaitGroup
	jobs := make(chan int)
	defer close(jobs)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range jobs { // leaks
		}
	}()
	jobs <- 1
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

// Deferred calls run in the reverse order.
func deferredClose_ok() {
	var wg sync.WaitGroup
	jobs := make(chan int)
	defer wg.Wait()
	defer close(jobs)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range jobs {
		}
	}()
	jobs <- 1
}

// The quit channel is closed after the Wait for the goroutine that watches it.
func quitAfterWait_bad() {
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wg.Go(func() {
		<-quit // leaks
	})
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(quit)
}

func quitAfterWait_ok() {
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wg.Go(func() {
		<-quit
	})
	close(quit)
	wg.Wait()
}

// The drain itself is one of those that are waited for.
func drainIsCounted_bad() {
	var wg sync.WaitGroup
	results := make(chan int)
	wg.Add(2)
	go func() {
		defer wg.Done()
		results <- 1
	}()
	go func() {
		defer wg.Done()
		for range results { // leaks
		}
	}()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(results)
}

func drainIsCounted_ok() {
	var wg sync.WaitGroup
	results := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		results <- 1
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range results {
		}
	}()
	wg.Wait()
	close(results)
	<-done
}
