// Package silent has shapes that look like two closes and are not.
package silent

import (
	"errors"
	"sync"
	"sync/atomic"
)

// The analyzer may not assume the values of these.
var (
	fail  = true
	quiet = true
	three = []int{1, 2, 3}
)

// A logger that may end the process.
type logger interface{ Exit(args ...any) }

type nobody struct{}

func (nobody) Exit(args ...any) {}

func exiting_ok() {
	var log logger = nobody{}
	c := make(chan int)
	if !fail {
		close(c)
		log.Exit("failed")
	}
	close(c)
}

func flag_ok() {
	c := make(chan int)
	closed := false
	for _, v := range three {
		if v == 2 && !closed {
			close(c)
			closed = true
		}
	}
	if !closed {
		close(c)
	}
}

func once_ok() {
	c := make(chan int)
	var once sync.Once
	stop := func() { once.Do(func() { close(c) }) }
	defer stop()
	stop()
}

func onceFunc_ok() {
	c := make(chan int)
	stop := sync.OnceFunc(func() { close(c) })
	defer stop()
	stop()
}

func swapped_ok() {
	c := make(chan int)
	var closed atomic.Bool
	stop := func() {
		if closed.CompareAndSwap(false, true) {
			close(c)
		}
	}
	defer stop()
	stop()
}

func setToNil_ok() {
	c := make(chan int)
	stop := func() {
		if c != nil {
			close(c)
			c = nil
		}
	}
	defer stop()
	stop()
}

func named_ok() { _ = named() }

func named() (err error) {
	c := make(chan int)
	defer func() {
		if err != nil {
			close(c)
		}
	}()
	if fail {
		return errors.New("failed")
	}
	close(c)
	return nil
}

func recovering_ok() {
	c := make(chan int)
	defer func() {
		if r := recover(); r != nil {
			close(c)
		}
	}()
	close(c)
}

func retry_ok() {
	c := make(chan int)
	for i := 0; ; i++ {
		close(c)
		if i == 2 {
			break
		}
		c = make(chan int)
	}
}

func events_ok() {
	events := make(chan int, 3)
	done := make(chan int)
	events <- 1
	for {
		if <-events == 1 {
			close(done)
			return
		}
	}
}

func labelled_ok() {
	c := make(chan int)
outer:
	for range three {
		for range three {
			close(c)
			break outer
		}
	}
}

func pointerWalk_ok() {
	type node struct {
		done chan int
		next *node
	}
	n := &node{make(chan int), &node{make(chan int), nil}}
	for ; n != nil; n = n.next {
		close(n.done)
	}
}

func perElement_ok() {
	subs := map[string]chan int{"a": make(chan int), "b": make(chan int)}
	for _, c := range subs {
		close(c)
	}
	list := []chan int{make(chan int), make(chan int)}
	for i := range list {
		close(list[i])
	}
}

func swappedVariables_ok() {
	a, b := make(chan int), make(chan int)
	for range 2 {
		close(a)
		a, b = b, a
	}
}

// An iterator's body runs as often as the iterator likes.
func iterator_ok() {
	once := func(yield func(int) bool) { yield(1) }
	c := make(chan int)
	for range once {
		defer close(c)
	}
}

// Two instances behind one interface.
type stopper interface{ stop() }

type one struct{ c chan int }

func (o *one) stop() { close(o.c) }

func instances_ok() {
	for _, s := range []stopper{&one{make(chan int)}, &one{make(chan int)}} {
		s.stop()
	}
	a, b := &one{make(chan int)}, &one{make(chan int)}
	if quiet {
		a, b = b, a
	}
	a.stop()
	b.stop()
}
