package leaksend

import (
	"context"
	"sync"
)

// The filter watches no context, so that it stays when the consumer cancels
// and leaves. Which values it lets through is beyond the analyzer.
func FN_filterNoCtxCase_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := filter(count(ctx))
	println(<-out)
}

func filter(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			if n >= 0 {
				out <- n // leaks in FN_filterNoCtxCase_bad
			}
		}
	}()
	return out
}

func filterCtx(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			if n < 0 {
				continue
			}
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func filterNoCtxCase_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := filterCtx(ctx, count(ctx))
	println(<-out)
}

// The consumer of the batches leaves before the last, short one. If no batch were
// full, the last one would be received, and how full they get is beyond the
// analyzer.
func FN_batch_bad() {
	batches := make(chan []int)
	go func() {
		defer close(batches)
		var batch []int
		for n := range 3 {
			if batch = append(batch, n); len(batch) == 2 {
				batches <- batch
				batch = nil
			}
		}
		batches <- batch // leaks
	}()
	println(len(<-batches))
	if check() != nil {
		return
	}
	for range batches {
	}
}

func batch_ok() {
	batches := make(chan []int)
	go func() {
		defer close(batches)
		var batch []int
		for n := range 3 {
			if batch = append(batch, n); len(batch) == 2 {
				batches <- batch
				batch = nil
			}
		}
		batches <- batch
	}()
	println(len(<-batches))
	for range batches {
	}
}

// One value of the merge is enough for its consumer, and one forwarder stays.
func merge_bad() {
	out := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- i // leaks // want `send on out blocks forever.*`
		}()
	}
	go func() {
		wg.Wait() // leaks
		close(out)
	}()
	println(<-out)
}

func merge_ok() {
	out := make(chan int)
	quit := make(chan struct{})
	defer close(quit)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			select {
			case out <- i:
			case <-quit:
			}
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	println(<-out)
}

// Nobody reads the right output of the tee.
func tee_bad() {
	left, right := make(chan int), make(chan int)
	go func() {
		defer close(left)
		defer close(right)
		left <- 1
		right <- 1 // leaks // want `send on right blocks forever.*`
	}()
	println(<-left)
}

func tee_ok() {
	left, right := make(chan int), make(chan int)
	go func() {
		defer close(left)
		defer close(right)
		left <- 1
		right <- 1
	}()
	println(<-left)
	println(<-right)
}

// Take has enough after two values, and the source has a third.
func take_bad() {
	naturals := make(chan int)
	go func() {
		defer close(naturals)
		for n := range 3 {
			naturals <- n // leaks // want `send on naturals blocks forever.*`
		}
	}()
	taken := make(chan int, 2)
	for range 2 {
		taken <- <-naturals
	}
}

func take_ok() {
	naturals := make(chan int)
	go func() {
		defer close(naturals)
		for n := range 3 {
			naturals <- n
		}
	}()
	taken := make(chan int, 2)
	for range 2 {
		taken <- <-naturals
	}
	for range naturals {
	}
}

// The first answer of three is taken, and the buffer holds one more.
func first_bad() {
	answers := make(chan int, 1)
	for i := range 3 {
		go func() {
			answers <- i // leaks // want `send on answers blocks forever.*`
		}()
	}
	println(<-answers)
}

func first_ok() {
	answers := make(chan int, 2)
	for i := range 3 {
		go func() {
			answers <- i
		}()
	}
	println(<-answers)
}

// A worker keeps its slot on the error path, so the loop cannot go on.
func lostSlot_bad() {
	slots := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range 3 {
		slots <- struct{}{} // leaks // want `send on slots blocks forever.*`
		wg.Add(1)
		go func() {
			defer wg.Done()
			if check() != nil {
				return
			}
			<-slots
		}()
	}
	wg.Wait()
}

func lostSlot_ok() {
	slots := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range 3 {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			if check() != nil {
				return
			}
		}()
	}
	wg.Wait()
}

// The broadcast sends one value a listener, and one of them has left. A
// comparison picks it out, so the analyzer does not know how many do.
func FN_broadcast_bad() {
	news := make(chan int)
	for i := range 2 {
		go func() {
			if i == 1 {
				return
			}
			<-news
		}()
	}
	for range 2 {
		news <- 1 // leaks
	}
}

func broadcast_ok() {
	news := make(chan struct{})
	for i := range 2 {
		go func() {
			if i == 1 {
				return
			}
			<-news
		}()
	}
	close(news)
}
