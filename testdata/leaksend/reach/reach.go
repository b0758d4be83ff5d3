// Package reach sends on channels that are reached through interfaces, through
// pointers stored in fields, and through objects that refer to each other.
package reach

import (
	"os"
	"strings"
	"time"
)

// A queue is used through an interface that its constructor returns.
type queue interface {
	push()
	serve(stop <-chan struct{})
}

type buffered struct{ items chan int }

func newQueue() queue { return &buffered{items: make(chan int)} }

func (b *buffered) push() {
	b.items <- 1 // leaks in dispatch_bad // want `send on b.items blocks forever.*`
}

func (b *buffered) serve(stop <-chan struct{}) {
	select {
	case <-b.items:
	case <-stop:
	}
}

func dispatch_bad() {
	stop := make(chan struct{})
	close(stop)
	q := newQueue()
	q.serve(stop)
	go q.push()
}

type drained struct{ items chan int }

func newDrained() queue { return &drained{items: make(chan int, 1)} }

func (d *drained) push() { d.items <- 1 }

func (d *drained) serve(stop <-chan struct{}) {
	select {
	case <-d.items:
	case <-stop:
	}
}

func dispatch_ok() {
	stop := make(chan struct{})
	close(stop)
	q := newDrained()
	go q.push()
	q.serve(stop)
}

// The channel is made by a method that initialises the object.
type row struct {
	status int
	data   chan int
}

type outbox struct{ row *row }

func (o *outbox) init(size int) {
	o.row = &row{data: make(chan int, size)}
}

func (o *outbox) add() {
	if o.row.status == 0 {
		o.row.data <- 1 // leaks in initialised_bad // want `send on o.row.data blocks forever.*`
	}
}

func initialised_bad() {
	o := &outbox{}
	o.init(1)
	o.add()
	o.add()
}

type inbox struct{ row *row }

func (i *inbox) init(size int) {
	i.row = &row{data: make(chan int, size)}
}

func (i *inbox) add() {
	if i.row.status == 0 {
		i.row.data <- 1
	}
}

func initialised_ok() {
	i := &inbox{}
	i.init(2)
	i.add()
	i.add()
}

// Two objects refer to each other, and one is handed on as a whole.
type parent struct{ child *child }

type child struct {
	parent *parent
	done   chan bool
}

func cycle_bad() {
	p := &parent{}
	p.child = &child{parent: p, done: make(chan bool)}
	show(p.child.parent)
	c := make(chan int)
	go func() {
		c <- 1 // leaks // want `send on c blocks forever.*`
	}()
	if fail {
		return
	}
	<-c
}

func cycle_ok() {
	p := &parent{}
	p.child = &child{parent: p, done: make(chan bool)}
	show(p.child.parent)
	c := make(chan int)
	go func() {
		c <- 1
	}()
	<-c
}

var (
	fail  = true
	shown any
)

func show(x any) { shown = x }

// A pointer is nil until a method stores it: what the other branch would do is
// not done.
type lazy struct{ conn *row }

func (l *lazy) dial() {
	if l.conn == nil {
		l.conn = &row{data: make(chan int)}
		go l.pump()
	}
}

func (l *lazy) pump() { l.conn.data <- 1 }

func dialled_ok() {
	l := &lazy{}
	l.dial()
	l.dial()
	<-l.conn.data
}

// Either of two objects: the one not chosen is used elsewhere.
func chosen_ok() {
	a, b := &row{data: make(chan int)}, &row{data: make(chan int)}
	go func() { a.data <- 1 }()
	go func() { b.data <- 1 }()
	first, second := a, b
	if fail {
		first, second = b, a
	}
	<-first.data
	<-second.data
}

// A list of waiters: its first element is not the one made last.
type waiter struct {
	ch   chan int
	next *waiter
}

type list struct{ first, last *waiter }

func (l *list) append(w *waiter) {
	if l.last != nil {
		l.last.next = w
	}
	l.last = w
}

func (l *list) start(w *waiter) { l.first = w }

func listed_ok() {
	l := &list{}
	for i := range 3 {
		w := &waiter{ch: make(chan int)}
		if i == 0 {
			l.start(w)
		}
		l.append(w)
		go func() { w.ch <- i }()
	}
	for w := l.first; w != nil; w = w.next {
		<-w.ch
	}
}

// What a message carries decides nothing if nobody looks at it.
func ignored_bad() {
	c := make(chan bool)
	go func() {
		for i := range 3 {
			c <- i != 0 // leaks // want `send on c blocks forever.*`
		}
	}()
	<-c
}

func ignored_ok() {
	c := make(chan bool, 3)
	go func() {
		for i := range 3 {
			c <- i != 0
		}
	}()
	<-c
}

// Each round starts a goroutine that closes its own channel.
func probes(stop <-chan struct{}) {
	for {
		result := make(chan bool)
		go func() {
			result <- true // leaks in probing_bad // want `send on result blocks forever.*`
			close(result)
		}()
		select {
		case <-stop:
			return
		case <-result:
		}
	}
}

func probing_bad() {
	stop := make(chan struct{})
	go func() {
		time.Sleep(time.Millisecond)
		close(stop)
	}()
	for range 20 {
		probes(stop)
	}
}

func bufferedProbes(stop <-chan struct{}) {
	for {
		result := make(chan bool, 1)
		go func() {
			result <- true
			close(result)
		}()
		select {
		case <-stop:
			return
		case <-result:
		}
	}
}

func probing_ok() {
	stop := make(chan struct{})
	go func() {
		time.Sleep(time.Millisecond)
		close(stop)
	}()
	for range 20 {
		bufferedProbes(stop)
	}
}

// A function that is handed on decides when it sends, and how often.
func callback_ok() {
	asked := make(chan bool, 1)
	done := make(chan bool, 1)
	_ = strings.Map(func(r rune) rune {
		asked <- true
		done <- true
		return r
	}, "x"+os.DevNull[:0])
	quit := make(chan bool)
	go func() { <-quit }()
	for {
		select {
		case <-asked:
			quit <- true
			continue
		case <-done:
		}
		select {
		case <-asked:
			quit <- true
		default:
		}
		return
	}
}
