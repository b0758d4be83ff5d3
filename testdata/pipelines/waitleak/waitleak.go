// Package waitleak waits for the workers of the textbook patterns in vain.
package waitleak

import "sync"

// The wait stands in front of the loop that drains.
func beforeDrain_bad() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sizes <- x // leaks
		}()
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(sizes)
	for range sizes {
	}
}

func beforeDrain_ok() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sizes <- x
		}()
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for range sizes {
	}
}

var fails = true

// A worker is lost on its error path: the closer stays at Wait and the drain
// at its range.
func lostWorker_bad() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			if fails {
				return
			}
			sizes <- x
			wg.Done()
		}()
	}
	go func() {
		wg.Wait() // leaks // want `.*wg.* blocks forever.*`
		close(sizes)
	}()
	for range sizes { // leaks
	}
}

func lostWorker_ok() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if fails {
				return
			}
			sizes <- x
		}()
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for range sizes {
	}
}

// The same, but only one of the workers, which a comparison picks out.
func FN_oneWorker_bad() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			if x == 1 && fails {
				return
			}
			sizes <- x
			wg.Done()
		}()
	}
	go func() {
		wg.Wait() // leaks
		close(sizes)
	}()
	for range sizes { // leaks
	}
}

func oneWorker_ok() {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for x := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if x == 1 && fails {
				return
			}
			sizes <- x
		}()
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for range sizes {
	}
}

// The merge adds once too often.
func mergeCount_bad() {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(3)
	for x := range 2 {
		go func() {
			defer wg.Done()
			out <- x
		}()
	}
	go func() {
		wg.Wait() // leaks // want `.*wg.* blocks forever.*`
		close(out)
	}()
	for range 2 {
		<-out
	}
}

func mergeCount_ok() {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	for x := range 2 {
		go func() {
			defer wg.Done()
			out <- x
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for range 2 {
		<-out
	}
}
