package sendclosed

import "chanlint.test/testdata/gate"

// The batcher closes its output and then has a short batch left.
func batch_bad() {
	batches := make(chan []int, 2)
	var batch []int
	for n := range 3 {
		if batch = append(batch, n); len(batch) == 2 {
			batches <- batch
			batch = nil
		}
	}
	close(batches)
	if len(batch) > 0 {
		batches <- batch // panics "send on closed channel" // want `send on closed channel: batches .*`
	}
}

func batch_ok() {
	batches := make(chan []int, 2)
	var batch []int
	for n := range 3 {
		if batch = append(batch, n); len(batch) == 2 {
			batches <- batch
			batch = nil
		}
	}
	if len(batch) > 0 {
		batches <- batch
	}
	close(batches)
}

// The merge closes its output without waiting for those who send on it.
func merge_bad() {
	out := make(chan int, 2)
	for i := range 2 {
		go func() {
			gate.Await()
			out <- i // panics "send on closed channel" // want `send on closed channel: out .*`
		}()
	}
	close(out)
	gate.Open()
}

func merge_ok() {
	out := make(chan int, 2)
	sent := make(chan struct{})
	for i := range 2 {
		go func() {
			out <- i
			sent <- struct{}{}
		}()
	}
	<-sent
	<-sent
	close(out)
}

// The tee closes an output after the first value. Whether the next send on the
// other output can proceed is more than the analyzer follows round a loop.
func FN_tee_bad() {
	left, right := make(chan int, 3), make(chan int, 3)
	for n := range 3 {
		left <- n
		right <- n // panics "send on closed channel"
		close(right)
	}
	close(left)
}

func tee_ok() {
	left, right := make(chan int, 3), make(chan int, 3)
	for n := range 3 {
		left <- n
		right <- n
	}
	close(right)
	close(left)
}

// The loop of counter_bad with two values, so that the iteration that panics is
// the last; the analyzer only sees it with a third.
func FN_twoValues_bad() {
	naturals := make(chan int, 2)
	for x := range 2 {
		naturals <- x // panics "send on closed channel"
		close(naturals)
	}
}

func twoValues_ok() {
	naturals := make(chan int, 2)
	for x := range 2 {
		naturals <- x
	}
	close(naturals)
}
