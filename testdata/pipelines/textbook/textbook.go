// Package textbook has the pipelines that every introduction to channels
// shows. The packages beside it break them, each in its own way.
package textbook

// counter → squarer → printer with closures.
func closures_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go func() {
		for x := 0; x < 5; x++ {
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

func counter(out chan<- int) {
	for x := 0; x < 5; x++ {
		out <- x
	}
	close(out)
}

func squarer(out chan<- int, in <-chan int) {
	for v := range in {
		out <- v * v
	}
	close(out)
}

func printer(in <-chan int) {
	for v := range in {
		println(v)
	}
}

// The same with directional parameters.
func directional_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	go squarer(squares, naturals)
	printer(squares)
}

// The explicit comma-ok form of the range.
func commaOk_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	go func() {
		for {
			x, ok := <-naturals
			if !ok {
				break
			}
			squares <- x * x
		}
		close(squares)
	}()
	printer(squares)
}

// Stages with deferred closes and buffers between them.
func buffered_ok() {
	naturals := make(chan int, 2)
	squares := make(chan int, 2)
	go func() {
		defer close(naturals)
		for x := range 5 {
			naturals <- x
		}
	}()
	go func() {
		defer close(squares)
		for x := range naturals {
			squares <- x * x
		}
	}()
	printer(squares)
}

// The printer is the goroutine, and the function waits for it.
func printerGoroutine_ok() {
	naturals := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		printer(naturals)
	}()
	counter(naturals)
	<-done
}

// Stages that return their output.
func generate(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			out <- n * n
		}
		close(out)
	}()
	return out
}

func returned_ok() {
	for n := range square(square(generate(2, 3))) {
		println(n)
	}
}

// Two values are expected and two are received, and then the closes.
func knownCount_ok() {
	out := square(generate(2, 3))
	println(<-out)
	println(<-out)
}
