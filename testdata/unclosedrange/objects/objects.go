// Package objects ranges over channels that live in fields, where all that ever
// happens to them stands in the package.
package objects

// A worker has a channel that nothing sends on or closes.
type worker struct{ jobs chan int }

// Worker lets others have one.
func Worker() *worker { return &worker{jobs: make(chan int)} }

// Run waits for nothing that ever comes.
func (w *worker) Run() {
	for range w.jobs { // want `range over w.jobs blocks forever: nothing sends on or closes w.jobs`
	}
}

//fixture:norun others call Run
func noSender_bad() { Worker() }

// A closing one is closed.
type closing struct{ jobs chan int }

// Run ends with Stop.
func (c *closing) Run() {
	for range c.jobs {
	}
}

// Stop ends Run.
func (c *closing) Stop() { close(c.jobs) }

func noSender_ok() {
	c := &closing{jobs: make(chan int)}
	c.Stop()
	c.Run()
}

// A queue has an end that its range does not see.
type queue struct {
	jobs chan int
	quit chan struct{}
}

// Queue starts the goroutine.
func Queue() *queue {
	q := &queue{jobs: make(chan int), quit: make(chan struct{})}
	go q.run()
	return q
}

func (q *queue) run() {
	for range q.jobs { // likely `range over q.jobs never ends: nothing closes it, as Stop closes q.quit at line \d+`
	}
}

// Add gives it something to do.
func (q *queue) Add(v int) {
	select {
	case q.jobs <- v:
	case <-q.quit:
	}
}

// Stop releases who adds.
func (q *queue) Stop() { close(q.quit) }

//fixture:norun others call Stop
func endOfOthers_bad(q *queue) { q.Stop() }

func endOfOthers_ok() { noSender_ok() }
