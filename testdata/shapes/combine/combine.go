// Package combine has the usual combinators of pipelines.
package combine

import "sync"

func source(done <-chan struct{}, n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			select {
			case c <- i:
			case <-done:
				return
			}
		}
	}()
	return c
}

// orDone passes values on until done is closed.
func orDone(done <-chan struct{}, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			select {
			case <-done:
				return
			case v, ok := <-in:
				if !ok {
					return
				}
				select {
				case out <- v:
				case <-done:
				}
			}
		}
	}()
	return out
}

func orDone_ok() {
	done := make(chan struct{})
	defer close(done)
	for v := range orDone(done, source(done, 10)) {
		if v == 3 {
			break
		}
	}
}

// or is closed as soon as any of its channels is.
func or(channels ...<-chan struct{}) <-chan struct{} {
	switch len(channels) {
	case 0:
		return nil
	case 1:
		return channels[0]
	}
	out := make(chan struct{})
	go func() {
		defer close(out)
		switch len(channels) {
		case 2:
			select {
			case <-channels[0]:
			case <-channels[1]:
			}
		default:
			select {
			case <-channels[0]:
			case <-channels[1]:
			case <-channels[2]:
			case <-or(append(channels[3:], out)...):
			}
		}
	}()
	return out
}

func or_ok() {
	a, b, c, d := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan struct{})
	any := or(a, b, c, d)
	close(d)
	<-any
	// The others end with their own channels.
	close(a)
	close(b)
	close(c)
}

// tee sends every value to both outputs, in whichever order they are ready.
func tee(done <-chan struct{}, in <-chan int) (<-chan int, <-chan int) {
	out1, out2 := make(chan int), make(chan int)
	go func() {
		defer close(out1)
		defer close(out2)
		for v := range orDone(done, in) {
			c1, c2 := out1, out2
			for range 2 {
				select {
				case c1 <- v:
					c1 = nil
				case c2 <- v:
					c2 = nil
				case <-done:
					return
				}
			}
		}
	}()
	return out1, out2
}

func tee_ok() {
	done := make(chan struct{})
	defer close(done)
	a, b := tee(done, source(done, 4))
	for v := range a {
		println(v, <-b)
	}
}

func teeLeft_ok() {
	done := make(chan struct{})
	a, b := tee(done, source(done, 4))
	println(<-a, <-b)
	close(done)
}

// bridge flattens a channel of channels.
func bridge(done <-chan struct{}, chans <-chan (<-chan int)) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			var in <-chan int
			select {
			case c, ok := <-chans:
				if !ok {
					return
				}
				in = c
			case <-done:
				return
			}
			for v := range orDone(done, in) {
				select {
				case out <- v:
				case <-done:
				}
			}
		}
	}()
	return out
}

func bridge_ok() {
	done := make(chan struct{})
	defer close(done)
	chans := make(chan (<-chan int))
	go func() {
		defer close(chans)
		for i := range 3 {
			c := make(chan int, 1)
			c <- i
			close(c)
			select {
			case chans <- c:
			case <-done:
				return
			}
		}
	}()
	for range bridge(done, chans) {
	}
}

// merge fans in any number of channels.
func merge(done <-chan struct{}, ins ...<-chan int) <-chan int {
	var wg sync.WaitGroup
	out := make(chan int)
	output := func(in <-chan int) {
		defer wg.Done()
		for v := range in {
			select {
			case out <- v:
			case <-done:
				return
			}
		}
	}
	wg.Add(len(ins))
	for _, in := range ins {
		go output(in)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func merge_ok() {
	done := make(chan struct{})
	defer close(done)
	for v := range merge(done, source(done, 3), source(done, 3)) {
		if v == 2 {
			return
		}
	}
}

func mergeNone_ok() {
	done := make(chan struct{})
	defer close(done)
	for range merge(done) {
	}
}

// take passes on the first n values.
func take(done <-chan struct{}, in <-chan int, n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for range n {
			select {
			case v, ok := <-in:
				if !ok {
					return
				}
				select {
				case out <- v:
				case <-done:
					return
				}
			case <-done:
				return
			}
		}
	}()
	return out
}

func take_ok() {
	done := make(chan struct{})
	defer close(done)
	for range take(done, source(done, 100), 3) {
	}
}

// repeat goes on until it is told to stop.
func repeat(done <-chan struct{}, v int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			select {
			case <-done:
				return
			case out <- v:
			}
		}
	}()
	return out
}

func repeat_ok() {
	done := make(chan struct{})
	for range take(done, repeat(done, 1), 2) {
	}
	close(done)
}

// batch gathers values in slices and sends the last, shorter one too.
func batch(in <-chan int, n int) <-chan []int {
	out := make(chan []int)
	go func() {
		defer close(out)
		var b []int
		for v := range in {
			if b = append(b, v); len(b) == n {
				out <- b
				b = nil
			}
		}
		if len(b) > 0 {
			out <- b
		}
	}()
	return out
}

func batch_ok() {
	done := make(chan struct{})
	defer close(done)
	for range batch(source(done, 5), 2) {
	}
}

// An unbounded buffer between two channels.
func unbounded(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		var q []int
		for in != nil || len(q) > 0 {
			var dst chan<- int
			var v int
			if len(q) > 0 {
				dst, v = out, q[0]
			}
			select {
			case w, ok := <-in:
				if !ok {
					in = nil
					break
				}
				q = append(q, w)
			case dst <- v:
				q = q[1:]
			}
		}
	}()
	return out
}

func unbounded_ok() {
	done := make(chan struct{})
	defer close(done)
	for range unbounded(source(done, 6)) {
	}
}

// A round-robin split of one input over several outputs.
func split(in <-chan int, n int) []<-chan int {
	outs := make([]chan int, n)
	res := make([]<-chan int, n)
	for i := range outs {
		outs[i] = make(chan int)
		res[i] = outs[i]
	}
	go func() {
		defer func() {
			for _, c := range outs {
				close(c)
			}
		}()
		i := 0
		for v := range in {
			outs[i%n] <- v
			i++
		}
	}()
	return res
}

func split_ok() {
	done := make(chan struct{})
	defer close(done)
	var wg sync.WaitGroup
	for _, c := range split(source(done, 9), 3) {
		wg.Go(func() {
			for range c {
			}
		})
	}
	wg.Wait()
}

// A parallel merge sort with a channel per half.
func sort(xs []int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		if len(xs) <= 1 {
			for _, x := range xs {
				c <- x
			}
			return
		}
		a, b := sort(xs[:len(xs)/2]), sort(xs[len(xs)/2:])
		x, okX := <-a
		y, okY := <-b
		for okX || okY {
			if okX && (!okY || x <= y) {
				c <- x
				x, okX = <-a
			} else {
				c <- y
				y, okY = <-b
			}
		}
	}()
	return c
}

func mergeSort_ok() {
	for range sort([]int{3, 1, 2}) {
	}
}
