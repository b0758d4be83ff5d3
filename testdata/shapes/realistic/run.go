package realistic

import (
	"errors"
	"sync"
	"time"
)

// A scheduler: a semaphore counts what is ready, and is closed when nothing is
// pending any more.
type scheduler struct {
	mu      sync.Mutex
	queue   []int
	pending int
	ready   chan bool
}

func (s *scheduler) push(n int) {
	s.queue = append(s.queue, n)
	s.ready <- true
}

func (s *scheduler) done(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 1 {
		s.push(n - 2)
	}
	if s.pending--; s.pending == 0 {
		close(s.ready)
	}
}

func scheduler_ok() {
	s := &scheduler{ready: make(chan bool, 3), pending: 3}
	s.mu.Lock()
	s.push(5)
	s.mu.Unlock()
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range s.ready {
				s.mu.Lock()
				n := s.queue[0]
				s.queue = s.queue[1:]
				s.mu.Unlock()
				s.done(n)
			}
		}()
	}
	wg.Wait()
}

// A test runner: each test signals its parent when it has finished or when it
// goes on in parallel.
type runner struct {
	signal   chan bool
	barrier  chan bool
	parent   *runner
	children []*runner
}

func (r *runner) run(f func(*runner)) {
	child := &runner{signal: make(chan bool, 1), barrier: make(chan bool), parent: r}
	go func() {
		defer func() { child.signal <- true }()
		f(child)
	}()
	<-child.signal
}

func (r *runner) parallel() {
	r.parent.children = append(r.parent.children, r)
	r.signal <- true
	<-r.parent.barrier
}

func (r *runner) release() {
	close(r.barrier)
	for _, child := range r.children {
		<-child.signal
	}
}

func testRunner_ok() {
	root := &runner{signal: make(chan bool), barrier: make(chan bool)}
	root.run(func(*runner) {})
	root.run(func(r *runner) { r.parallel() })
	root.run(func(r *runner) { r.parallel() })
	root.release()
}

// An iterator that reads ahead, with Next and Close.
type prefetch struct {
	items chan int
	errc  chan error
	stop  chan struct{}
	once  sync.Once
}

func newPrefetch(n int) *prefetch {
	p := &prefetch{items: make(chan int, 2), errc: make(chan error, 1), stop: make(chan struct{})}
	go func() {
		defer close(p.items)
		for i := range n {
			select {
			case p.items <- i:
			case <-p.stop:
				return
			}
		}
		p.errc <- errors.New("end")
	}()
	return p
}

func (p *prefetch) next() (int, bool) {
	v, ok := <-p.items
	return v, ok
}

func (p *prefetch) close() {
	p.once.Do(func() {
		close(p.stop)
		for range p.items {
		}
	})
}

func prefetch_ok() {
	p := newPrefetch(10)
	defer p.close()
	for {
		v, ok := p.next()
		if !ok || v == 3 {
			break
		}
	}
	p.close()
}

// A progress line that a ticker drives until the work has sent its result.
func progress_ok() {
	res := make(chan int)
	go func() {
		time.Sleep(2 * time.Millisecond)
		res <- 1
	}()
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-res:
			return
		case <-t.C:
		}
	}
}

// A debouncing flush loop with an explicit flush that waits for its answer.
type flusher struct {
	in    chan int
	flush chan chan int
	quit  chan struct{}
	done  chan struct{}
}

func (f *flusher) loop() {
	defer close(f.done)
	n := 0
	for {
		select {
		case <-f.in:
			n++
		case reply := <-f.flush:
			reply <- n
			n = 0
		case <-f.quit:
			return
		}
	}
}

func flusher_ok() {
	f := &flusher{in: make(chan int), flush: make(chan chan int), quit: make(chan struct{}), done: make(chan struct{})}
	go f.loop()
	f.in <- 1
	reply := make(chan int)
	f.flush <- reply
	<-reply
	close(f.quit)
	<-f.done
}

// A replicated state machine's log: the future of an entry is resolved by the
// loop, or by shutdown.
type future struct {
	errc chan error
}

func (f *future) respond(err error) {
	if f.errc == nil {
		return
	}
	f.errc <- err
	close(f.errc)
	f.errc = nil
}

type log struct {
	apply    chan *future
	shutdown chan struct{}
	gone     sync.WaitGroup
}

func (l *log) loop() {
	defer l.gone.Done()
	for {
		select {
		case f := <-l.apply:
			f.respond(nil)
		case <-l.shutdown:
			return
		}
	}
}

func (l *log) submit() error {
	f := &future{errc: make(chan error, 1)}
	errc := f.errc
	select {
	case l.apply <- f:
		return <-errc
	case <-l.shutdown:
		return errors.New("shut down")
	}
}

func logFuture_ok() {
	l := &log{apply: make(chan *future), shutdown: make(chan struct{})}
	l.gone.Add(1)
	go l.loop()
	_ = l.submit()
	close(l.shutdown)
	l.gone.Wait()
	_ = l.submit()
}

// A cache's janitor that a finished owner stops, with a handshake.
type janitor struct {
	stop chan struct{}
	done chan struct{}
}

func newJanitor(every time.Duration) *janitor {
	j := &janitor{stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(j.done)
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-t.C:
			case <-j.stop:
				return
			}
		}
	}()
	return j
}

func (j *janitor) Stop() {
	j.stop <- struct{}{}
	<-j.done
}

func janitor_ok() {
	newJanitor(time.Millisecond).Stop()
}

// Round-robin turns between two goroutines.
func turns_ok() {
	a, b := make(chan int), make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 3 {
			<-a
			b <- 1
		}
	}()
	for range 3 {
		a <- 1
		<-b
	}
	<-done
}

// An unbuffered error channel whose receiver always comes, after other work
// that may fail.
func deferredReceive_ok() {
	errc := make(chan error)
	go func() { errc <- errors.New("x") }()
	err := errors.New("other")
	defer func() {
		if e := <-errc; err == nil {
			err = e
		}
	}()
	if err != nil {
		return
	}
}

// An exit code decides between two ways to end.
func exitCode_ok() {
	codes := make(chan int, 1)
	killed := make(chan struct{})
	go func() {
		codes <- 3
		close(killed)
	}()
	select {
	case code := <-codes:
		if code != 0 {
			<-killed
			return
		}
	case <-killed:
	}
	<-killed
}
