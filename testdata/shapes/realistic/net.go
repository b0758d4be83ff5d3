// Package realistic has the protocols of larger programs, reduced to their
// channels.
package realistic

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"chanlint.test/testdata/gate"
)

// Several addresses are dialled in turn; the losers see that the function has
// returned.
func dialRace_ok() {
	_, _ = dial(context.Background(), 3)
}

func dial(ctx context.Context, n int) (int, error) {
	type result struct {
		conn int
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	returned := make(chan struct{})
	defer close(returned)
	results := make(chan result)
	start := func(i int) {
		select {
		case results <- result{conn: i}:
		case <-returned:
		}
	}
	for i := range n {
		go start(i)
	}
	for range n {
		select {
		case r := <-results:
			if r.err == nil {
				return r.conn, nil
			}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return 0, errors.New("no address")
}

// Two directions of a proxied connection report on one channel with a buffer
// of one; one report is enough.
func proxy_ok() {
	errc := make(chan error, 1)
	go func() {
		errc <- io.EOF
	}()
	go func() {
		errc <- nil
	}()
	<-errc
}

// pipe is a synchronous pipe: a write waits until readers have taken all of
// it, or until either side is closed.
type pipe struct {
	mu   sync.Mutex
	wr   chan []byte
	rd   chan int
	once sync.Once
	done chan struct{}
}

func (p *pipe) read(b []byte) (int, error) {
	select {
	case <-p.done:
		return 0, io.EOF
	default:
	}
	select {
	case bw := <-p.wr:
		n := copy(b, bw)
		p.rd <- n
		return n, nil
	case <-p.done:
		return 0, io.EOF
	}
}

func (p *pipe) write(b []byte) (n int, err error) {
	select {
	case <-p.done:
		return 0, io.ErrClosedPipe
	default:
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	for once := true; once || len(b) > 0; once = false {
		select {
		case p.wr <- b:
			nw := <-p.rd
			b = b[nw:]
			n += nw
		case <-p.done:
			return n, io.ErrClosedPipe
		}
	}
	return n, nil
}

func (p *pipe) close() { p.once.Do(func() { close(p.done) }) }

func syncPipe_ok() {
	p := &pipe{wr: make(chan []byte), rd: make(chan int), done: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		defer p.close()
		_, _ = p.write([]byte("hello"))
	})
	var buf [2]byte
	for {
		if _, err := p.read(buf[:]); err != nil {
			break
		}
	}
	p.close()
	wg.Wait()
}

// A process with copying goroutines, each of which reports once, and a
// context that kills it.
type process struct {
	copiers []func() error
	errc    chan error
	exited  chan struct{}
}

func (p *process) start(ctx context.Context) {
	p.errc = make(chan error, len(p.copiers))
	for _, f := range p.copiers {
		go func() { p.errc <- f() }()
	}
	p.exited = make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			gate.Open()
		case <-p.exited:
		}
	}()
}

func (p *process) wait() error {
	close(p.exited)
	var first error
	for range p.copiers {
		if err := <-p.errc; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func process_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &process{copiers: []func() error{
		func() error { return nil },
		func() error { return io.EOF },
	}}
	p.start(ctx)
	_ = p.wait()
}

// The exchange with a connection: one goroutine writes, one reads, and a
// closed channel ends both.
type persistConn struct {
	reqs    chan chan int
	writes  chan int
	closed  chan struct{}
	loops   sync.WaitGroup
	closeMu sync.Mutex
	gone    bool
}

func newPersistConn() *persistConn {
	pc := &persistConn{reqs: make(chan chan int, 1), writes: make(chan int, 1), closed: make(chan struct{})}
	pc.loops.Add(2)
	go pc.readLoop()
	go pc.writeLoop()
	return pc
}

func (pc *persistConn) close() {
	pc.closeMu.Lock()
	defer pc.closeMu.Unlock()
	if !pc.gone {
		pc.gone = true
		close(pc.closed)
	}
}

func (pc *persistConn) readLoop() {
	defer pc.loops.Done()
	defer pc.close()
	for {
		select {
		case reply := <-pc.reqs:
			select {
			case reply <- 200:
			case <-pc.closed:
				return
			}
		case <-pc.closed:
			return
		}
	}
}

func (pc *persistConn) writeLoop() {
	defer pc.loops.Done()
	for {
		select {
		case <-pc.writes:
		case <-pc.closed:
			return
		}
	}
}

func (pc *persistConn) roundTrip() (int, error) {
	reply := make(chan int)
	gone := make(chan struct{})
	defer close(gone)
	pc.writes <- 1
	pc.reqs <- reply
	select {
	case code := <-reply:
		return code, nil
	case <-pc.closed:
		return 0, io.ErrClosedPipe
	case <-time.After(time.Hour):
		return 0, context.DeadlineExceeded
	}
}

func roundTrip_ok() {
	pc := newPersistConn()
	_, _ = pc.roundTrip()
	_, _ = pc.roundTrip()
	pc.close()
	pc.loops.Wait()
}

// A pool of connections with a queue of requests for them.
type connPool struct {
	mu      sync.Mutex
	free    []int
	waiting map[int]chan int
	next    int
}

func (p *connPool) get(ctx context.Context) (int, error) {
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	req := make(chan int, 1)
	key := p.next
	p.next++
	p.waiting[key] = req
	p.mu.Unlock()
	select {
	case c := <-req:
		return c, nil
	case <-ctx.Done():
		p.mu.Lock()
		delete(p.waiting, key)
		p.mu.Unlock()
		select {
		case c := <-req:
			p.put(c)
		default:
		}
		return 0, ctx.Err()
	}
}

func (p *connPool) put(c int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, req := range p.waiting {
		delete(p.waiting, key)
		req <- c
		return
	}
	p.free = append(p.free, c)
}

func connPool_ok() {
	p := &connPool{free: []int{1}, waiting: make(map[int]chan int)}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if c, err := p.get(ctx); err == nil {
				p.put(c)
			}
		})
	}
	cancel()
	wg.Wait()
}

// The goroutine that carries a parent's cancellation over to a child.
func propagate_ok() {
	parent := make(chan struct{})
	child := make(chan struct{})
	var once sync.Once
	cancel := func() { once.Do(func() { close(child) }) }
	go func() {
		select {
		case <-parent:
			cancel()
		case <-child:
		}
	}()
	cancel()
	<-child
}
