// Package counts has WaitGroups whose Add and Done do not meet.
package counts

import (
	"errors"
	"sync"

	"chanlint.test/testdata/gate"
)

var (
	hosts = []string{"a", "", "b"}
	fails = true
)

func check() error {
	if fails {
		return errors.New("failed")
	}
	return nil
}

// Add counts every host, but a host that is skipped starts no goroutine.
func skipped_bad() {
	var wg sync.WaitGroup
	wg.Add(len(hosts))
	for _, host := range hosts {
		if host == "" {
			continue
		}
		go func() {
			defer wg.Done()
			println(host)
		}()
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func skipped_ok() {
	var wg sync.WaitGroup
	for _, host := range hosts {
		if host == "" {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			println(host)
		}()
	}
	wg.Wait()
}

// The goroutine never says Done.
func noDone_bad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		println("work")
	}()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func noDone_ok() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		println("work")
	}()
	wg.Wait()
}

// The error path returns before Done.
func doneSkipped_bad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if check() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func doneSkipped_ok() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if check() != nil {
			return
		}
	}()
	wg.Wait()
}

// Add counts one too many.
func addTwo_bad() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
	}()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func addTwo_ok() {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait()
}

// Add in the loop, and an error leaves the loop between Add and go.
func addThenContinue_bad() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		if check() != nil {
			continue
		}
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func addThenContinue_ok() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		if check() != nil {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait()
}

// The group is passed by value, so that Done counts down a copy: go vet reports
// the copy.
func FN_copied_bad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go byValue(wg)
	wg.Wait() // leaks
}

func byValue(wg sync.WaitGroup) {
	defer wg.Done()
}

func copied_ok() {
	var wg sync.WaitGroup
	wg.Add(1)
	go byPointer(&wg)
	wg.Wait()
}

func byPointer(wg *sync.WaitGroup) {
	defer wg.Done()
}

// Wait is called by a goroutine that itself counts.
func waitsForItself_bad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	}()
}

func waitsForItself_ok() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
	}()
	wg.Wait()
}

// The same with Go, which counts by itself.
func goWaits_bad() {
	var wg sync.WaitGroup
	wg.Go(func() {
		wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	})
}

func goWaits_ok() {
	var wg sync.WaitGroup
	wg.Go(func() {})
	wg.Wait()
}

// The closer waits for a worker that is started only on the good path.
func closer_bad() {
	var wg sync.WaitGroup
	out := make(chan int, 2)
	wg.Add(2)
	go func() {
		defer wg.Done()
		out <- 1
	}()
	if check() == nil {
		go func() {
			defer wg.Done()
			out <- 2
		}()
	}
	go func() {
		wg.Wait() // leaks // want `.*wg.* blocks forever.*`
		close(out)
	}()
	<-out
}

func closer_ok() {
	var wg sync.WaitGroup
	out := make(chan int, 2)
	wg.Add(1)
	go func() {
		defer wg.Done()
		out <- 1
	}()
	if check() == nil {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- 2
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for range out {
	}
}

// A worker that panics and recovers does not get to its Done.
func panicSkipsDone_bad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer func() { _ = recover() }()
		gate.Await()
		if fails {
			panic("bad input")
		}
		wg.Done()
	}()
	gate.Open()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func panicSkipsDone_ok() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { _ = recover() }()
		gate.Await()
		if fails {
			panic("bad input")
		}
	}()
	gate.Open()
	wg.Wait()
}
