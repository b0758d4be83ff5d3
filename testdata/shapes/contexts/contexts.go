// Package contexts ends goroutines through contexts.
package contexts

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A parent context cancels the whole tree.
func tree_ok() {
	root, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 2 {
		child, cancelChild := context.WithCancel(root)
		wg.Go(func() {
			defer cancelChild()
			grandchild, cancelGrandchild := context.WithTimeout(child, time.Hour)
			defer cancelGrandchild()
			<-grandchild.Done()
		})
	}
	cancel()
	wg.Wait()
}

// A deadline in the context ends the wait.
func timeout_ok() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-ctx.Done():
		}
	}()
	<-ctx.Done()
}

// A context without cancellation in a select: its Done is nil, which is not
// an error.
func background_ok() {
	c := make(chan int, 1)
	c <- 1
	receive(context.Background(), c)
	receive(context.TODO(), closedChannel())
}

func receive(ctx context.Context, c <-chan int) {
	select {
	case <-c:
	case <-ctx.Done():
	}
}

func closedChannel() chan int {
	c := make(chan int)
	close(c)
	return c
}

// Both sides watch the same context.
func bothSides_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := make(chan int)
	go produce(ctx, c)
	receive(ctx, c)
}

func produce(ctx context.Context, c chan<- int) {
	select {
	case c <- 1:
	case <-ctx.Done():
	}
}

// AfterFunc of a context.
func afterFunc_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { close(done) })
	defer stop()
	cancel()
	<-done
}

// The cause of a cancellation.
func cause_ok() {
	ctx, cancel := context.WithCancelCause(context.Background())
	go cancel(errors.New("because"))
	<-ctx.Done()
	println(context.Cause(ctx).Error())
}

// A signal cancels the context.
func notify_ok() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR2)
	defer stop()
	_ = syscall.Kill(os.Getpid(), syscall.SIGUSR2)
	<-ctx.Done()
}

// The producer's deferred close is reached by the cancellation.
func cancelThenDrain_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	c := generate(ctx)
	<-c
	cancel()
	for range c {
	}
}

func generate(ctx context.Context) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// Polling Err instead of Done.
func pollErr_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	c := make(chan int)
	go func() {
		defer close(c)
		for ctx.Err() == nil {
			select {
			case c <- 1:
			default:
			}
		}
	}()
	cancel()
	for range c {
	}
}

type ctxKey struct{}

// A channel travels in the context.
func inContext_ok() {
	c := make(chan int, 1)
	ctx := context.WithValue(context.Background(), ctxKey{}, c)
	fromContext(ctx)
	<-c
}

func fromContext(ctx context.Context) {
	if c, ok := ctx.Value(ctxKey{}).(chan int); ok {
		c <- 1
	}
}

// A retry loop that the context interrupts.
func retry_ok() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Millisecond)
	defer cancel()
	for {
		t := time.NewTimer(time.Millisecond)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
	}
}

// The struct keeps its context and its cancel function.
type service struct {
	ctx    context.Context
	cancel context.CancelFunc
	in     chan int
	wg     sync.WaitGroup
}

func newService() *service {
	s := &service{in: make(chan int)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.wg.Go(s.run)
	return s
}

func (s *service) run() {
	for {
		select {
		case <-s.in:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *service) put(n int) error {
	select {
	case s.in <- n:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

func service_ok() {
	s := newService()
	_ = s.put(1)
	s.cancel()
	s.wg.Wait()
	_ = s.put(2)
}

// A context that is derived from one which has ended has ended as well.
func childOfEnded_ok() {
	parent, cancel := context.WithCancel(context.Background())
	cancel()
	child, stop := context.WithCancel(parent)
	defer stop()
	<-child.Done()
}

// The parent may end before or after the child is made.
func childOfEnding_ok() {
	parent, cancel := context.WithCancel(context.Background())
	go cancel()
	child, stop := context.WithCancel(parent)
	defer stop()
	<-child.Done()
}
