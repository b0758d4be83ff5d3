// Package local ranges over channels that nobody closes.
package local

// The producer sends all and returns.
func closure_bad() {
	nums := make(chan int)
	go func() {
		for i := range 3 {
			nums <- i
		}
	}()
	for range nums { // leaks // want `range over nums blocks forever.*`
	}
}

func closure_ok() {
	nums := make(chan int)
	go func() {
		for i := range 3 {
			nums <- i
		}
		close(nums)
	}()
	for range nums {
	}
}

// The ranging goroutine stays when the function has sent all.
func rangerStays_bad() {
	nums := make(chan int)
	go func() {
		for n := range nums { // leaks // want `range over nums blocks forever.*`
			println(n)
		}
	}()
	nums <- 1
	nums <- 2
}

func rangerStays_ok() {
	nums := make(chan int)
	go func() {
		for n := range nums {
			println(n)
		}
	}()
	nums <- 1
	nums <- 2
	close(nums)
}

// A buffered channel is filled and then ranged over in the same goroutine.
func sameGoroutine_bad() {
	c := make(chan int, 3)
	for i := range 3 {
		c <- i
	}
	for i := range c { // leaks // want `range over c blocks forever.*`
		println(i)
	}
}

func sameGoroutine_ok() {
	c := make(chan int, 3)
	for i := range 3 {
		c <- i
	}
	close(c)
	for i := range c {
		println(i)
	}
}

// Declared functions with directional parameters.
func directional_bad() {
	c := make(chan int)
	go send(c)
	print(c)
}

func send(out chan<- int) {
	out <- 1
}

func print(in <-chan int) {
	for i := range in { // leaks in directional_bad // want `range over in blocks forever.*`
		println(i)
	}
}

func directional_ok() {
	c := make(chan int)
	go sendAndClose(c)
	printAll(c)
}

func sendAndClose(out chan<- int) {
	defer close(out)
	out <- 1
}

func printAll(in <-chan int) {
	for i := range in {
		println(i)
	}
}

// A returned channel that its producer never closes.
func returned_bad() {
	for i := range generate() { // leaks // want `range over .* blocks forever.*`
		println(i)
	}
}

func generate() <-chan int {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2
	}()
	return c
}

func returned_ok() {
	for i := range generateAndClose() {
		println(i)
	}
}

func generateAndClose() <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
		c <- 2
	}()
	return c
}

// Workers range over jobs that are never closed, and the function has gone.
func workers_bad() {
	jobs := make(chan int)
	results := make(chan int)
	for range 2 {
		go func() {
			for j := range jobs { // leaks // want `range over jobs blocks forever.*`
				results <- j
			}
		}()
	}
	for i := range 4 {
		jobs <- i
		<-results
	}
}

func workers_ok() {
	jobs := make(chan int)
	results := make(chan int)
	for range 2 {
		go func() {
			for j := range jobs {
				results <- j
			}
		}()
	}
	for i := range 4 {
		jobs <- i
		<-results
	}
	close(jobs)
}

// The wrong channel is closed.
func wrongOne_bad() {
	jobs := make(chan int)
	results := make(chan int)
	go func() {
		for j := range jobs { // leaks // want `range over jobs blocks forever.*`
			results <- j
		}
	}()
	jobs <- 1
	<-results
	close(results)
}

func wrongOne_ok() {
	jobs := make(chan int)
	results := make(chan int)
	go func() {
		for j := range jobs {
			results <- j
		}
	}()
	jobs <- 1
	<-results
	close(jobs)
}

// A generic forwarder.
func generic_bad() {
	c := make(chan string)
	go func() {
		defer func() { _ = recover() }()
		c <- "a"
	}()
	each(c, func(string) {})
}

func each[T any](c <-chan T, f func(T)) {
	for v := range c { // leaks in generic_bad // want `range over c blocks forever.*`
		f(v)
	}
}

func generic_ok() {
	c := make(chan string)
	go func() {
		defer close(c)
		c <- "a"
	}()
	eachOf(c, func(string) {})
}

func eachOf[T any](c <-chan T, f func(T)) {
	for v := range c {
		f(v)
	}
}
