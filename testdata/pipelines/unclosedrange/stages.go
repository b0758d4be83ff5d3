package unclosedrange

import "sync"

// The filter does not close its output. Whether any value comes through is beyond
// the analyzer, which does not see that it makes no difference.
func FN_filter_bad() {
	naturals := make(chan int)
	odd := make(chan int)
	go counter(naturals)
	go func() {
		for n := range naturals {
			if n%2 == 1 {
				odd <- n
			}
		}
	}()
	for n := range odd { // leaks
		println(n)
	}
}

func filter_ok() {
	naturals := make(chan int)
	odd := make(chan int)
	go counter(naturals)
	go func() {
		defer close(odd)
		for n := range naturals {
			if n%2 == 1 {
				odd <- n
			}
		}
	}()
	for n := range odd {
		println(n)
	}
}

// The batcher sends the last, short batch and does not close. When a batch is full
// is beyond the analyzer, which does not see that it makes no difference.
func FN_batch_bad() {
	naturals := make(chan int)
	batches := make(chan []int)
	go counter(naturals)
	go func() {
		var batch []int
		for n := range naturals {
			if batch = append(batch, n); len(batch) == 2 {
				batches <- batch
				batch = nil
			}
		}
		if len(batch) > 0 {
			batches <- batch
		}
	}()
	for b := range batches { // leaks
		println(len(b))
	}
}

func batch_ok() {
	naturals := make(chan int)
	batches := make(chan []int)
	go counter(naturals)
	go func() {
		defer close(batches)
		var batch []int
		for n := range naturals {
			if batch = append(batch, n); len(batch) == 2 {
				batches <- batch
				batch = nil
			}
		}
		if len(batch) > 0 {
			batches <- batch
		}
	}()
	for b := range batches {
		println(len(b))
	}
}

// The queue between the stages is filled and never closed.
func buffer_bad() {
	naturals := make(chan int)
	queue := make(chan int, 3)
	go counter(naturals)
	go func() {
		for n := range naturals {
			queue <- n
		}
	}()
	for n := range queue { // leaks // want `range over queue blocks forever.*`
		println(n)
	}
}

func buffer_ok() {
	naturals := make(chan int)
	queue := make(chan int, 3)
	go counter(naturals)
	go func() {
		for n := range naturals {
			queue <- n
		}
		close(queue)
	}()
	for n := range queue {
		println(n)
	}
}

// The tee closes one of its two outputs.
func tee_bad() {
	naturals := make(chan int)
	left, right := make(chan int), make(chan int)
	go counter(naturals)
	go func() {
		defer close(left)
		for n := range naturals {
			left <- n
			right <- n
		}
	}()
	go func() {
		for range left {
		}
	}()
	for range right { // leaks // want `range over right blocks forever.*`
	}
}

func tee_ok() {
	naturals := make(chan int)
	left, right := make(chan int), make(chan int)
	go counter(naturals)
	go func() {
		defer close(right)
		defer close(left)
		for n := range naturals {
			left <- n
			right <- n
		}
	}()
	go func() {
		for range left {
		}
	}()
	for range right {
	}
}

// The first two values go on; the rest is drained, and the output stays open.
func take_bad() {
	naturals := make(chan int)
	taken := make(chan int)
	go counter(naturals)
	go func() {
		for range 2 {
			taken <- <-naturals
		}
		for range naturals {
		}
	}()
	for n := range taken { // leaks // want `range over taken blocks forever.*`
		println(n)
	}
}

func take_ok() {
	naturals := make(chan int)
	taken := make(chan int)
	go counter(naturals)
	go func() {
		for range 2 {
			taken <- <-naturals
		}
		close(taken)
		for range naturals {
		}
	}()
	for n := range taken {
		println(n)
	}
}

// The workers are waited for, and then nobody closes their output.
func workers_bad() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range naturals {
				squares <- n * n
			}
		}()
	}
	go func() {
		wg.Wait()
		println("done")
	}()
	for n := range squares { // leaks // want `range over squares blocks forever.*`
		println(n)
	}
}

func workers_ok() {
	naturals := make(chan int)
	squares := make(chan int)
	go counter(naturals)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range naturals {
				squares <- n * n
			}
		}()
	}
	go func() {
		wg.Wait()
		close(squares)
	}()
	for n := range squares {
		println(n)
	}
}

// The same, with the Wait as the goroutine: a go statement that calls the
// library is not followed.
func FN_goWait_bad() {
	squares := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			squares <- 4
		}()
	}
	go wg.Wait()
	for n := range squares { // leaks
		println(n)
	}
}

func goWait_ok() {
	squares := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			squares <- 4
		}()
	}
	go wg.Wait()
	for range 2 {
		println(<-squares)
	}
}
