// Package elements keeps what it communicates with in slices.
package elements

import "sync"

type worker struct {
	mu  sync.Mutex
	out chan int
}

func newWorker() *worker {
	w := &worker{out: make(chan int)}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w
}

func (w *worker) run() { w.out <- 1 }

// Only the first of two workers is asked.
func first_bad() {
	workers := make([]*worker, 2)
	for i := range workers {
		workers[i] = newWorker()
		go func() {
			workers[i].out <- i // leaks // want `send on workers\[i\].out blocks forever.*`
		}()
	}
	<-workers[0].out
}

func first_ok() {
	workers := make([]*worker, 2)
	for i := range workers {
		workers[i] = newWorker()
		go func() {
			workers[i].out <- i
		}()
	}
	for _, w := range workers {
		<-w.out
	}
}

type sink interface{ push() }

type pipe chan int

func (p pipe) push() { p <- 1 } // leaks in boxed_bad // want `send on p blocks forever.*`

type flow struct{ sinks []sink }

func (f *flow) add(s sink) { f.sinks = append(f.sinks, s) }

// The interface holds a channel that nobody receives from.
func boxed_bad() {
	f := &flow{}
	f.add(make(pipe))
	for _, s := range f.sinks {
		s.push()
	}
}

type full chan int

func (f full) push() { f <- 1 }

func boxed_ok() {
	f := &flow{}
	f.add(make(full, 1))
	for _, s := range f.sinks {
		s.push()
	}
}
