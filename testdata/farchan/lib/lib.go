// Package lib is another package: what it does to channels is known by facts.
package lib

// Numbers leaves its goroutine to whoever receives.
func Numbers() <-chan int {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			c <- i // leaks in use.dropped_bad, use.blank_bad, use.wrapped_bad, use.early_bad
		}
	}()
	return c
}

// Number needs nobody to receive.
func Number() <-chan int {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	return c
}

// Until has another way out.
func Until(done <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-done:
		}
	}()
	return c
}

// Finish closes its channel whenever it returns.
func Finish(done chan struct{}) {
	defer close(done)
	if len(done) > 0 {
		return
	}
}

// FinishIf closes it sometimes.
func FinishIf(done chan struct{}, yes bool) {
	if yes {
		close(done)
	}
}

// Empty ranges over a channel until it is closed.
func Empty(c <-chan int) {
	for range c { // leaks in use.empty_bad, use.ranged_bad, use.sink_bad, use.sunk_bad
	}
}

// First receives at most so many values.
func First(n int, c <-chan int) {
	for range c {
		if n--; n <= 0 {
			return
		}
	}
}

// Sink returns a channel that a goroutine empties.
func Sink() chan<- int {
	c := make(chan int)
	go Empty(c)
	return c
}

// Put sends, whatever happens.
func Put(c chan<- int, v int) {
	put(c, v)
}

func put(c chan<- int, v int) {
	c <- v // leaks in use.put_bad, use.putLiteral_bad
}

// Offer sends if somebody receives.
func Offer(c chan<- int, v int) {
	select {
	case c <- v:
	default:
	}
}

// Later sends when it is time.
func Later(c chan<- int, v int) {
	go put(c, v)
}

// Take receives once or twice.
func Take(c <-chan int, twice bool) int {
	if twice {
		<-c
	}
	return <-c // leaks in use.take_bad
}

// Serve never returns.
func Serve() {
	serve()
}

func serve() {
	select {} // leaks in use.served_bad, use.servedRange_bad
}

// ServeOnce returns.
func ServeOnce() {}

// A Registry keeps channels.
type Registry struct{ all []chan int }

// Add keeps a channel and waits for it.
func (r *Registry) Add(c chan int) {
	r.all = append(r.all, c)
	go put(c, 1)
	<-c
}
