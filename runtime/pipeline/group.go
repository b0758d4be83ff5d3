package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Group is the set of goroutines that work on one pipeline. Its methods may be
// called by several goroutines at once.
type Group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc // the first cause stays: it is the group's error
	stages sync.WaitGroup
	panics atomic.Pointer[PanicError]
}

var (
	errStopped = errors.New("pipeline: stopped")

	// ErrGoexit is the error of a group in which a function called runtime.Goexit.
	ErrGoexit = errors.New("pipeline: function called runtime.Goexit")
)

// New returns a group without stages, which is stopped when ctx is cancelled.
// Call Stop or Wait on it, or range over All, or else the context stays referenced.
func New(ctx context.Context) *Group {
	g := new(Group)
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	return g
}

// Context returns the context of the group: cancelled when the group stops, with
// the reason as its cause. Functions that take long watch it.
func (g *Group) Context() context.Context { return g.ctx }

// Go runs f in a goroutine of the group. An error, a panic and a runtime.Goexit
// stop the group.
func (g *Group) Go(f func(ctx context.Context) error) { g.run(f, func() {}) }

// run is Go with a function to call at the very end. A failure is recorded before
// that, so that whoever notices the end can know of the failure.
func (g *Group) run(f func(ctx context.Context) error, end func()) {
	g.stages.Go(func() {
		defer end()
		returned := false
		defer func() {
			if returned {
				return
			}
			value := recover()
			if value == nil {
				g.cancel(ErrGoexit)
				return
			}
			p := &PanicError{Value: value, Stack: debug.Stack()}
			g.panics.CompareAndSwap(nil, p)
			g.cancel(p)
		}()
		err := f(g.ctx)
		returned = true
		if err != nil {
			g.cancel(err)
		}
	})
}

// Stop tells every stage to leave, waits until all have, and returns the error
// that stopped the group: nil if it was Stop itself, the cause of the context
// given to New if that was cancelled first, or the first error of a function.
// Stop may be called again, and returns the same.
//
// If a function panicked, the first call of Stop or Wait panics with the
// *PanicError; later calls return an error as after any failure. A function that
// runs in the group must not call Stop or Wait, which would wait for itself.
func (g *Group) Stop() error {
	g.halt()
	if p := g.panics.Swap(nil); p != nil {
		panic(p)
	}
	if cause := context.Cause(g.ctx); cause != errStopped {
		return cause
	}
	return nil
}

// Wait waits until every stage has left by itself, then does what Stop does. It
// blocks for as long as a value that somebody has sent is not received.
func (g *Group) Wait() error {
	g.stages.Wait()
	return g.Stop()
}

// halt tells every stage to leave and waits until all have.
func (g *Group) halt() {
	g.cancel(errStopped)
	g.stages.Wait()
}

// A PanicError is a panic that a function of the user raised in a goroutine of a
// group, on its way to the goroutine that waits for the group.
type PanicError struct {
	Value any    // what the function panicked with
	Stack []byte // where, as debug.Stack prints it
}

// Error returns the value and the stack.
func (p *PanicError) Error() string {
	return fmt.Sprintf("pipeline: panic: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the value if it is an error, else nil.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
