// Package objects receives from channels that live in fields, where all that
// ever happens to them stands in the package.
package objects

import (
	"container/list"
	"time"
)

// An unserved one has a channel that nothing sends on.
type unserved struct{ ready chan struct{} }

// Unserved lets others have one.
func Unserved() *unserved { return &unserved{ready: make(chan struct{})} }

// Await waits for nothing that ever comes.
func (u *unserved) Await() {
	<-u.ready // want `receive from u.ready blocks forever: nothing sends on or closes u.ready`
}

//fixture:norun others call Await
func unserved_bad() { Unserved() }

// A served one has a method that closes it.
type served struct{ ready chan struct{} }

// Served lets others have one.
func Served() *served { return &served{ready: make(chan struct{})} }

// Await waits for Done.
func (s *served) Await() { <-s.ready }

// Done releases who waits.
func (s *served) Done() { close(s.ready) }

func unserved_ok() {
	s := Served()
	s.Done()
	s.Await()
}

// A lent one gives its channel to whoever wants to send.
type lent struct{ in chan int }

// In is where others send.
func (l *lent) In() chan<- int { return l.in }

// Await waits for them.
func (l *lent) Await() int { return <-l.in }

func handedOut_ok() {
	l := &lent{in: make(chan int, 1)}
	l.In() <- 1
	l.Await()
}

// A given one has the channel that it is given.
type given struct{ in chan int }

// Given takes a channel that others send on.
func Given(in chan int) *given { return &given{in} }

// Await waits for them.
func (g *given) Await() int { return <-g.in }

func given_ok() {
	c := make(chan int, 1)
	c <- 1
	Given(c).Await()
}

// A base is embedded: its channel is promoted.
type base struct{ done chan struct{} }

type derived struct{ base }

func (d *derived) Await() { <-d.done }

func (d derived) finish() { close(d.base.done) }

func embedded_ok() {
	d := &derived{base{make(chan struct{})}}
	d.finish()
	d.Await()
}

// A box is generic.
type box[T any] struct{ c chan T }

// Put fills it.
func (b *box[T]) Put(v T) { b.c <- v }

// Get empties it.
func (b *box[T]) Get() T { return <-b.c }

func generic_ok() {
	b := &box[int]{make(chan int, 1)}
	b.Put(1)
	b.Get()
}

// An aliased one is known by its address as well.
type aliased struct{ c chan int }

func serve(c *chan int) { *c <- 1 }

func (a *aliased) Get() int { return <-a.c }

func address_ok() {
	a := &aliased{make(chan int, 1)}
	serve(&a.c)
	a.Get()
}

// A tested one is served by a test or a file for another system.
type maybe struct{ c chan int }

func (m *maybe) poll() (v int) {
	select {
	case v = <-m.c:
	default:
	}
	return v
}

func polled_ok() { (&maybe{make(chan int)}).poll() }

// Two fields hold one channel.
type pair struct{ a, b chan int }

func newPair() *pair {
	c := make(chan int, 1)
	return &pair{c, c}
}

func twoFields_ok() {
	p := newPair()
	p.a <- 1
	<-p.b
}

// A request is put into a queue before its channel is made.
type request struct{ sent chan int }

// A distributor finds it there.
type distributor struct{ queue *list.List }

func (d *distributor) add(r *request) chan int {
	d.queue.PushBack(r)
	r.sent = make(chan int, 1)
	return r.sent
}

func (d *distributor) serve() {
	for e := d.queue.Front(); e != nil; e = e.Next() {
		e.Value.(*request).sent <- 1
	}
}

func queued_ok() {
	d := &distributor{list.New()}
	r := new(request)
	c := d.add(r)
	d.serve()
	<-c
}

// Ask waits for whoever serves the queue.
func Ask(d *distributor) int { return <-d.add(new(request)) }

// A ticking one forgets its channel when it stops.
type ticking struct {
	stop chan struct{}
	work chan int
}

// Ticking lets others have one.
func Ticking() *ticking {
	t := &ticking{stop: make(chan struct{}), work: make(chan int)}
	go t.loop()
	return t
}

func (t *ticking) loop() {
	for {
		select {
		case <-t.stop: // likely `receive from t.stop may block forever: Stop sets it to nil at line \d+ after the close, and this loop reads it again`
			return
		case <-t.work:
		}
	}
}

// Work gives it something to do.
func (t *ticking) Work(v int) {
	select {
	case t.work <- v:
	case <-time.After(time.Millisecond):
	}
}

// Stop may come while the loop works.
func (t *ticking) Stop() {
	close(t.stop)
	t.stop = nil
}

//fixture:norun it is only a race
func setToNil_bad(t *ticking) { t.Stop() }

// A waiting one forgets its channel when its loop has ended.
type waiting struct {
	stop, stopped chan struct{}
	work          chan int
}

// Waiting lets others have one.
func Waiting() *waiting {
	w := &waiting{stop: make(chan struct{}), stopped: make(chan struct{}), work: make(chan int)}
	go w.loop()
	return w
}

func (w *waiting) loop() {
	defer close(w.stopped)
	for {
		select {
		case <-w.stop:
			return
		case <-w.work:
		}
	}
}

// Done waits for the loop.
func (w *waiting) Done() {
	if w.stop == nil {
		return
	}
	close(w.stop)
	<-w.stopped
	w.stop = nil
}

func setToNilAfter_ok() { Waiting().Done() }

// A remembering one reads its channel once.
type remembering struct {
	stop chan struct{}
	done chan struct{}
}

func (r *remembering) loop(stop chan struct{}) {
	defer close(r.done)
	for {
		select {
		case <-stop:
			return
		}
	}
}

func (r *remembering) Stop() {
	close(r.stop)
	r.stop = nil
}

func setToNil_ok() {
	r := &remembering{make(chan struct{}), make(chan struct{})}
	go r.loop(r.stop)
	r.Stop()
	<-r.done
}
