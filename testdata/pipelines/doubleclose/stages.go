package doubleclose

import "sync"

// The tee closes the same output twice, and the other never.
func tee_bad() {
	naturals := make(chan int, 3)
	left, right := make(chan int, 3), make(chan int, 3)
	count(naturals)
	for n := range naturals {
		left <- n
		right <- n
	}
	close(left)
	close(left) // panics "close of closed channel" // want `close of closed channel: left .*`
}

func tee_ok() {
	naturals := make(chan int, 3)
	left, right := make(chan int, 3), make(chan int, 3)
	count(naturals)
	for n := range naturals {
		left <- n
		right <- n
	}
	close(left)
	close(right)
}

// Take closes when it has enough, and again on its way out.
func take_bad() {
	naturals := make(chan int)
	taken := make(chan int, 2)
	go count(naturals)
	go func() {
		defer func() {
			close(taken) // panics "close of closed channel" // want `close of closed channel: taken .*`
		}()
		for range 2 {
			taken <- <-naturals
		}
		close(taken)
		for range naturals {
		}
	}()
}

func take_ok() {
	naturals := make(chan int)
	taken := make(chan int, 2)
	go count(naturals)
	go func() {
		for range 2 {
			taken <- <-naturals
		}
		close(taken)
		for range naturals {
		}
	}()
}

// Both ends of the merge close its output: the closer, and the consumer after
// the range that the closer has ended.
func merge_bad() {
	out := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- i
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for n := range out {
		println(n)
	}
	close(out) // panics "close of closed channel" // want `close of closed channel: out .*`
}

func merge_ok() {
	out := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- i
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for n := range out {
		println(n)
	}
}

// The broadcast is made twice.
type broadcast struct{ done chan struct{} }

func (b *broadcast) send() { close(b.done) }

func broadcast_bad() {
	b := &broadcast{done: make(chan struct{})}
	b.send()
	<-b.done
	close(b.done) // panics "close of closed channel" // want `close of closed channel: b.done .*`
}

func broadcast_ok() {
	b := &broadcast{done: make(chan struct{})}
	b.send()
	<-b.done
}
