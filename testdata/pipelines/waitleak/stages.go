package waitleak

import "sync"

// The merge waits for its forwarders before anybody can have its output.
func merge(ins ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, in := range ins {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range in {
				out <- n // leaks in mergeWaits_bad
			}
		}()
	}
	wg.Wait() // leaks in mergeWaits_bad // want `wg.Wait blocks forever: .*`
	close(out)
	return out
}

func mergeWaits_bad() {
	in := make(chan int, 1)
	in <- 1
	close(in)
	for range merge(in) {
	}
}

func mergeLater(ins ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, in := range ins {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range in {
				out <- n
			}
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func mergeWaits_ok() {
	in := make(chan int, 1)
	in <- 1
	close(in)
	for range mergeLater(in) {
	}
}

// The bounded workers are waited for before their output is drained.
func workers_bad() {
	jobs := make(chan int, 4)
	squares := make(chan int)
	for n := range 4 {
		jobs <- n
	}
	close(jobs)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				squares <- n * n // leaks
			}
		}()
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(squares)
	for range squares {
	}
}

func workers_ok() {
	jobs := make(chan int, 4)
	squares := make(chan int)
	for n := range 4 {
		jobs <- n
	}
	close(jobs)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				squares <- n * n
			}
		}()
	}
	go func() {
		wg.Wait()
		close(squares)
	}()
	for range squares {
	}
}

// The jobs of the workers are never closed, so that they never leave.
func openJobs_bad() {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs { // leaks
				println(n)
			}
		}()
	}
	for n := range 4 {
		jobs <- n
	}
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
	close(jobs)
}

func openJobs_ok() {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				println(n)
			}
		}()
	}
	for n := range 4 {
		jobs <- n
	}
	close(jobs)
	wg.Wait()
}

// A forwarder of the tee never says that it is done.
func tee_bad() {
	left, right := make(chan int, 1), make(chan int, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		left <- 1
	}()
	go func() {
		right <- 1
	}()
	wg.Wait() // leaks // want `.*wg.* blocks forever.*`
}

func tee_ok() {
	left, right := make(chan int, 1), make(chan int, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		left <- 1
	}()
	go func() {
		defer wg.Done()
		right <- 1
	}()
	wg.Wait()
}
