package build

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	xsemaphore "golang.org/x/sync/semaphore"
	xsingleflight "golang.org/x/sync/singleflight"
)

func semaphores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		sem := xsemaphore.NewWeighted(1)
		expect(t, "there is room", sem.TryAcquire(1), true)
		expect(t, "there is room for two", sem.TryAcquire(1), false)
		waited := after(func() { _ = sem.Acquire(context.Background(), 1) })
		expect(t, "Acquire returns without room", *waited, false)
		sem.Release(1)
		synctest.Wait()
		expect(t, "Acquire returns when there is room", *waited, true)
		var err error
		ended := after(func() { err = sem.Acquire(ctx, 1) })
		expect(t, "Acquire returns without room", *ended, false)
		cancel()
		synctest.Wait()
		expect(t, "Acquire returns when the context ends", *ended, true)
		expect(t, "Acquire returns the error of the context", errors.Is(err, context.Canceled), true)
		sem.Release(1)
		expect(t, "Release of nothing panics", panics(func() { sem.Release(1) }), true)
	})
}

func flights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g xsingleflight.Group
		calls, c := 0, make(chan int)
		call := func() {
			_, _, _ = g.Do("key", func() (any, error) {
				calls++
				<-c
				return nil, nil
			})
		}
		first, second := after(call), after(call)
		expect(t, "Do returns before the function", *first || *second, false)
		expect(t, "the function is called once", calls == 1, true)
		close(c)
		synctest.Wait()
		expect(t, "Do returns after the function", *first && *second, true)
		call()
		expect(t, "the function is called again afterwards", calls == 2, true)
	})
}

func flightChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g xsingleflight.Group
		c := g.DoChan("key", func() (any, error) { return 1, nil })
		synctest.Wait() // the goroutine ends, although nobody receives
		expect(t, "there is a buffer of one", cap(c) == 1, true)
		r := <-c
		expect(t, "the result comes", r.Val == 1 && r.Err == nil, true)
		expect(t, "another result comes", len(c) > 0, false)
	})
}
