// Package unclosedrange leaves out a close of the textbook pipeline.
package unclosedrange

// The counter does not close, so the squarer stays, and with it the printer.
func counter_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		for x := range 3 {
			naturals <- x
		}
	}()
	go func() {
		for x := range naturals { // leaks // want `range over naturals blocks forever.*`
			squares <- x * x
		}
		close(squares)
	}()
	for x := range squares { // leaks
		println(x)
	}
}

func counter_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		for x := range 3 {
			naturals <- x
		}
		close(naturals)
	}()
	go func() {
		for x := range naturals {
			squares <- x * x
		}
		close(squares)
	}()
	for x := range squares {
		println(x)
	}
}

// The squarer does not close, so the printer stays.
func squarer_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	go squarer(squares, naturals)
	printer(squares)
}

func counter(out chan<- int) {
	defer close(out)
	for x := range 3 {
		out <- x
	}
}

func squarer(out chan<- int, in <-chan int) {
	for v := range in {
		out <- v * v
	}
}

func printer(in <-chan int) {
	for v := range in { // leaks in squarer_bad // want `range over in blocks forever.*`
		println(v)
	}
}

func squarer_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	go closingSquarer(squares, naturals)
	closedPrinter(squares)
}

func closingSquarer(out chan<- int, in <-chan int) {
	for v := range in {
		out <- v * v
	}
	close(out)
}

func closedPrinter(in <-chan int) {
	for v := range in {
		println(v)
	}
}

// The merge has nobody who closes its output.
func merge_bad() {
	out := make(chan int)
	for i := range 2 {
		go func() {
			out <- i
		}()
	}
	for n := range out { // leaks // want `range over out blocks forever.*`
		println(n)
	}
}

func merge_ok() {
	out := make(chan int)
	left := make(chan struct{}, 2)
	for i := range 2 {
		go func() {
			out <- i
			left <- struct{}{}
		}()
	}
	go func() {
		<-left
		<-left
		close(out)
	}()
	for n := range out {
		println(n)
	}
}
