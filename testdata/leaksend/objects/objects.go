// Package objects sends on channels that live in fields, where all that ever
// happens to them stands in the package.
package objects

// An unheard one has a channel that nothing receives from.
type unheard struct{ out chan int }

// Unheard lets others have one.
func Unheard() *unheard { return &unheard{out: make(chan int)} }

// Tell waits for nobody who ever comes.
func (u *unheard) Tell(v int) {
	u.out <- v // want `send on u.out blocks forever: nothing receives from u.out`
}

//fixture:norun others call Tell
func unheard_bad() { Unheard() }

// A heard one lets others receive.
type heard struct{ out chan int }

// Heard lets others have one.
func Heard() *heard { return &heard{out: make(chan int)} }

// Out is where others receive.
func (h *heard) Out() <-chan int { return h.out }

// Tell waits for them.
func (h *heard) Tell(v int) { h.out <- v }

func unheard_ok() {
	h := Heard()
	go h.Tell(1)
	<-h.Out()
}

// A counter only counts with its buffer.
type counter struct{ slots chan struct{} }

func (c *counter) take() { c.slots <- struct{}{} }

func buffered_ok() { (&counter{make(chan struct{}, 1)}).take() }
