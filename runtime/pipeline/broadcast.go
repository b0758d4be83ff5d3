package pipeline

import (
	"context"
	"sync"
)

// A Broadcast hands one value to any number of goroutines at once, by closing a
// channel: a send reaches one receiver, a close reaches all, those included that
// come later. Make it with NewBroadcast.
type Broadcast[T any] struct {
	once  sync.Once
	done  chan struct{}
	value T // written before done is closed, read only after
}

// NewBroadcast returns a broadcast without a value.
func NewBroadcast[T any]() *Broadcast[T] { return &Broadcast[T]{done: make(chan struct{})} }

// Send sets the value and wakes everybody who waits. It reports whether it did:
// the first call does, later ones have no effect. It does not block on receivers.
//
// Closes the channel, exactly once, whoever calls.
func (b *Broadcast[T]) Send(v T) bool {
	sent := false
	b.once.Do(func() {
		b.value = v
		close(b.done)
		sent = true
	})
	return sent
}

// Done returns the channel that Send closes, for use in a select.
func (b *Broadcast[T]) Done() <-chan struct{} { return b.done }

// Value waits for Send and returns its value, or the cause of ctx if that is
// cancelled first. Send's write of the value is sequenced before the close, which
// is synchronized before the receive that returns because of it, so the read here
// sees the value without a lock.
func (b *Broadcast[T]) Value(ctx context.Context) (v T, err error) {
	select {
	case <-b.done:
		return b.value, nil
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}
