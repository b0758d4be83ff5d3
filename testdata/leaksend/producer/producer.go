// Package producer abandons a goroutine that generates values.
package producer

import (
	"context"
	"iter"

	"chanlint.test/testdata/gate"
)

// count is the textbook generator without a way to stop it.
func count() <-chan int {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			c <- i // leaks in takeThree_bad, dropped_bad, rangeBreak_bad, seq_bad // want `send on c blocks forever.*`
		}
	}()
	return c
}

// countUntil stops when done is closed.
func countUntil(done <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-done:
				return
			}
		}
	}()
	return c
}

// The consumer takes the first three.
func takeThree_bad() {
	c := count()
	println(<-c, <-c, <-c)
}

func takeThree_ok() {
	done := make(chan struct{})
	defer close(done)
	c := countUntil(done)
	println(<-c, <-c, <-c)
}

// The caller drops the returned channel.
func dropped_bad() {
	count()
}

func dropped_ok() {
	done := make(chan struct{})
	countUntil(done)
	close(done)
}

// The consumer leaves its range.
func rangeBreak_bad() {
	for i := range count() {
		if i > 5 {
			break
		}
	}
}

func rangeBreak_ok() {
	done := make(chan struct{})
	for i := range countUntil(done) {
		if i > 5 {
			break
		}
	}
	close(done)
}

// An iterator over the generator; the loop over the iterator breaks.
func seq_bad() {
	for i := range seq() {
		if i == 2 {
			break
		}
	}
}

func seq() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range count() {
			if !yield(i) {
				return
			}
		}
	}
}

func seq_ok() {
	for i := range seqUntil() {
		if i == 2 {
			break
		}
	}
}

func seqUntil() iter.Seq[int] {
	return func(yield func(int) bool) {
		done := make(chan struct{})
		defer close(done)
		for i := range countUntil(done) {
			if !yield(i) {
				return
			}
		}
	}
}

// A middle stage passes values on; the consumer of the last stage leaves.
func middleStage_bad() {
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		for i := range 10 {
			in <- i // leaks
		}
	}()
	go func() {
		defer close(out)
		for i := range in {
			out <- i * i // leaks // want `send on out blocks forever.*`
		}
	}()
	<-out
}

func middleStage_ok() {
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		for i := range 10 {
			in <- i
		}
	}()
	go func() {
		defer close(out)
		for i := range in {
			out <- i * i
		}
	}()
	<-out
	for range out {
	}
}

// Only the first stage watches the context; the second one stays at its send.
func ctxInOneStage_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		for i := range 10 {
			select {
			case in <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		defer close(out)
		for i := range in {
			if i == 1 {
				gate.Open()
			}
			out <- i * i // leaks // want `send on out blocks forever.*`
		}
	}()
	<-out
	gate.Await()
	cancel()
}

func ctxInOneStage_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	in := make(chan int)
	out := make(chan int)
	go func() {
		defer close(in)
		for i := range 10 {
			select {
			case in <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		defer close(out)
		for i := range in {
			select {
			case out <- i * i:
			case <-ctx.Done():
				return
			}
		}
	}()
	<-out
	cancel()
}

// A helper returns the channel of its answer; the caller may not ask.
func future_bad() {
	answer := async()
	if skip {
		return
	}
	println(<-answer)
}

// skip makes the caller go without the answer.
var skip = true

func async() <-chan int {
	c := make(chan int)
	go func() {
		c <- 42 // leaks in future_bad // want `send on c blocks forever.*`
	}()
	return c
}

func future_ok() {
	answer := asyncBuffered()
	if skip {
		return
	}
	println(<-answer)
}

func asyncBuffered() <-chan int {
	c := make(chan int, 1)
	go func() {
		c <- 42
	}()
	return c
}

// A failing constructor returns before the channel gets out.
func constructor_bad() {
	if c, ok := subscribe(); ok {
		<-c
	}
}

func subscribe() (<-chan int, bool) {
	c := make(chan int)
	go func() {
		c <- 1 // leaks in constructor_bad // want `send on c blocks forever.*`
	}()
	if skip {
		return nil, false
	}
	return c, true
}

func constructor_ok() {
	if c, ok := subscribeLate(); ok {
		<-c
	}
}

func subscribeLate() (<-chan int, bool) {
	if skip {
		return nil, false
	}
	c := make(chan int)
	go func() {
		c <- 1
	}()
	return c, true
}

// Two sources are zipped; the longer one is left over.
func zip_bad() {
	short := make(chan int)
	long := make(chan int)
	go func() {
		defer close(short)
		for i := range 2 {
			short <- i
		}
	}()
	go func() {
		defer close(long)
		for i := range 5 {
			long <- i // leaks // want `send on long blocks forever.*`
		}
	}()
	for s := range short {
		println(s, <-long)
	}
}

func zip_ok() {
	short := make(chan int)
	long := make(chan int)
	go func() {
		defer close(short)
		for i := range 2 {
			short <- i
		}
	}()
	go func() {
		defer close(long)
		for i := range 5 {
			long <- i
		}
	}()
	for s := range short {
		println(s, <-long)
	}
	for range long {
	}
}
