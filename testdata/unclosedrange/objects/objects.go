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
