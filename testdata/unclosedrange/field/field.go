// Package field ranges over channels that are unexported fields.
package field

// queue has a Stop that does not close what run ranges over.
type queue struct {
	jobs chan int
	quit chan struct{}
}

func (q *queue) run() {
	for j := range q.jobs { // leaks in stopDoesNotClose_bad // want `range over q.jobs blocks forever.*`
		println(j)
	}
}

func (q *queue) add(j int) { q.jobs <- j }
func (q *queue) Stop()     { close(q.quit) }

func stopDoesNotClose_bad() {
	q := &queue{jobs: make(chan int), quit: make(chan struct{})}
	go q.run()
	q.add(1)
	q.Stop()
}

// closing closes jobs in its Stop.
type closing struct {
	jobs chan int
}

func (q *closing) run() {
	for j := range q.jobs {
		println(j)
	}
}

func (q *closing) add(j int) { q.jobs <- j }
func (q *closing) Stop()     { close(q.jobs) }

func stopDoesNotClose_ok() {
	q := &closing{jobs: make(chan int)}
	go q.run()
	q.add(1)
	q.Stop()
}

// batch collects what its workers send.
type batch struct {
	out chan int
}

func (b *batch) fill() {
	for i := range 2 {
		b.out <- i
	}
}

func (b *batch) sum() (s int) {
	for i := range b.out { // leaks in neverClosed_bad // want `range over b.out blocks forever.*`
		s += i
	}
	return s
}

func neverClosed_bad() {
	b := &batch{out: make(chan int)}
	go b.fill()
	println(b.sum())
}

type closedBatch struct {
	out chan int
}

func (b *closedBatch) fill() {
	defer close(b.out)
	for i := range 2 {
		b.out <- i
	}
}

func (b *closedBatch) sum() (s int) {
	for i := range b.out {
		s += i
	}
	return s
}

func neverClosed_ok() {
	b := &closedBatch{out: make(chan int)}
	go b.fill()
	println(b.sum())
}

// server closes its error channel only if it could listen.
type server struct {
	errc  chan error
	fails bool
}

func (s *server) serve() {
	if s.fails {
		return
	}
	s.errc <- nil
	close(s.errc)
}

func (s *server) shutdown() {
	for err := range s.errc { // leaks in earlyReturn_bad // want `range over s.errc blocks forever.*`
		println(err)
	}
}

func earlyReturn_bad() {
	s := &server{errc: make(chan error), fails: true}
	go s.serve()
	s.shutdown()
}

type closingServer struct {
	errc  chan error
	fails bool
}

func (s *closingServer) serve() {
	defer close(s.errc)
	if s.fails {
		return
	}
	s.errc <- nil
}

func (s *closingServer) shutdown() {
	for err := range s.errc {
		println(err)
	}
}

func earlyReturn_ok() {
	s := &closingServer{errc: make(chan error), fails: true}
	go s.serve()
	s.shutdown()
}

// The field is handed out receive-only, so nobody outside can close it.
type feed struct {
	c chan int
}

func (f *feed) Events() <-chan int { return f.c }

func handedOut_bad() {
	f := &feed{c: make(chan int, 1)}
	f.c <- 1
	for e := range f.Events() { // leaks // want `range over .* blocks forever.*`
		println(e)
	}
}

type closedFeed struct {
	c chan int
}

func (f *closedFeed) Events() <-chan int { return f.c }

func handedOut_ok() {
	f := &closedFeed{c: make(chan int, 1)}
	f.c <- 1
	close(f.c)
	for e := range f.Events() {
		println(e)
	}
}
