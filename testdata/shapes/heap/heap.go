// Package heap has channels whose use depends on maps, slices, atomics and
// fields that hold more than an analyzer can follow.
package heap

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// A waiter is woken if and only if it is found in the map.
func mapLookup_ok() {
	waiting := map[int]chan int{}
	var mu sync.Mutex
	c := make(chan int)
	mu.Lock()
	waiting[1] = c
	mu.Unlock()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		if w, ok := waiting[1]; ok {
			delete(waiting, 1)
			w <- 5
		}
	}()
	<-c
}

// A queue of waiters, in a slice.
func queue_ok() {
	var mu sync.Mutex
	var waiters []chan struct{}
	wait := func() chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		c := make(chan struct{})
		waiters = append(waiters, c)
		return c
	}
	first, second := wait(), wait()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for len(waiters) > 0 {
			close(waiters[0])
			waiters = waiters[1:]
		}
	}()
	<-first
	<-second
}

// The same in a list of package container/list.
func linkedList_ok() {
	waiters := list.New()
	c := make(chan struct{})
	waiters.PushBack(c)
	go func() {
		for e := waiters.Front(); e != nil; e = e.Next() {
			close(e.Value.(chan struct{}))
		}
	}()
	<-c
}

// An atomic says which of two goroutines closes.
func lastOneCloses_ok() {
	done := make(chan struct{})
	var left atomic.Int32
	left.Store(3)
	for range 3 {
		go func() {
			if left.Add(-1) == 0 {
				close(done)
			}
		}()
	}
	<-done
}

// CompareAndSwap lets one of them through.
func compareAndSwap_ok() {
	done := make(chan struct{})
	var closed atomic.Bool
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if closed.CompareAndSwap(false, true) {
				close(done)
			}
		})
	}
	<-done
	wg.Wait()
}

// A counter under a lock.
func counterUnderLock_ok() {
	done := make(chan struct{})
	var mu sync.Mutex
	left := 2
	for range 2 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			if left--; left == 0 {
				close(done)
			}
		}()
	}
	<-done
}

type options struct {
	notify chan int
	size   int
}

type option func(*options)

func withNotify(c chan int) option { return func(o *options) { o.notify = c } }

// The field is set by an option, of which the analyzer does not know the
// number.
func optionsLoop_ok() {
	c := make(chan int, 1)
	configure(withNotify(c))
	<-c
}

func configure(opts ...option) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	if o.notify != nil {
		o.notify <- 1
	}
}

type config struct{ done chan struct{} }

// A struct of unknown contents is stored and read back.
func storedStruct_ok() {
	holder := struct{ config }{newConfig()}
	go func() { close(holder.done) }()
	<-holder.done
}

func newConfig() config { return config{done: make(chan struct{})} }

// A slice of channels, one per worker.
func sliceOfChannels_ok() {
	chans := make([]chan int, 3)
	for i := range chans {
		chans[i] = make(chan int)
		go func() { chans[i] <- i }()
	}
	for _, c := range chans {
		<-c
	}
}

// A channel in an interface value.
func inInterface_ok() {
	var v any = make(chan int, 1)
	if c, ok := v.(chan int); ok {
		c <- 1
		<-c
	}
}

// A channel behind two pointers.
func pointers_ok() {
	c := make(chan int)
	p := &c
	q := &p
	go func() { **q <- 1 }()
	<-c
}

// A channel that a function value captured elsewhere sends on.
func callback_ok() {
	c := make(chan int)
	register(func() { c <- 1 })
	go fire()
	<-c
}

var registered []func()

func register(f func()) { registered = append(registered, f) }

func fire() {
	for _, f := range registered {
		f()
	}
}

// A method value keeps the receiver, and with it the channel.
type sender struct{ c chan int }

func (s *sender) send() { s.c <- 1 }

func methodValue_ok() {
	s := &sender{c: make(chan int)}
	f := s.send
	go f()
	<-s.c
}

// A method expression.
func methodExpression_ok() {
	s := &sender{c: make(chan int)}
	f := (*sender).send
	go f(s)
	<-s.c
}

type doer interface{ do() }

type closer struct{ c chan struct{} }

func (c closer) do() { close(c.c) }

// The close happens behind an interface.
func behindInterface_ok() {
	done := make(chan struct{})
	var d doer = closer{done}
	go d.do()
	<-done
}

// A sync.Map of channels.
func syncMap_ok() {
	var m sync.Map
	c := make(chan int)
	m.Store("key", c)
	go func() {
		if v, ok := m.Load("key"); ok {
			v.(chan int) <- 1
		}
	}()
	<-c
}

// An embedded struct's channel under two names.
type base struct{ done chan struct{} }

type derived struct {
	base
	name string
}

func embedded_ok() {
	d := &derived{base: base{done: make(chan struct{})}}
	go func() { close(d.base.done) }()
	<-d.done
}

// A test hook: a nil channel that is only used if it was set.
type hooked struct{ hook chan int }

func (h *hooked) step() {
	if h.hook != nil {
		h.hook <- 1
	}
}

func nilHook_ok() {
	h := &hooked{}
	h.step()
}
