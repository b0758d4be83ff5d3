package objects

import "sync"

// A booth is told to stop by a message.
type booth struct {
	mu      sync.Mutex
	running bool
	asked   chan int
	stop    chan struct{}
}

// Booth lets others have one.
func Booth() *booth {
	b := &booth{asked: make(chan int), stop: make(chan struct{}), running: true}
	go b.serve()
	return b
}

func (b *booth) serve() {
	for {
		select {
		case n := <-b.asked:
			println(n)
		case <-b.stop:
			return
		}
	}
}

// Ask knows that the booth runs until it gives the lock up.
func (b *booth) Ask(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running {
		b.asked <- n
	}
}

// Stop ends it.
func (b *booth) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running {
		b.stop <- struct{}{}
		b.running = false
	}
}
