package build

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	xerrgroup "golang.org/x/sync/errgroup"
)

// library is every library function and type that the builder models.
var library = []modelled{
	{[]string{"sync.WaitGroup", "sync.WaitGroup.Add", "sync.WaitGroup.Done", "sync.WaitGroup.Wait"},
		"Wait blocks until the counter is zero; Add and Done change it; it panics if it goes negative", waitGroups},
	{[]string{"sync.WaitGroup.Go"},
		"Go adds one, calls f in a new goroutine, and takes one off when f returns", waitGroupGo},
	{[]string{"sync.Mutex", "sync.Mutex.Lock", "sync.Mutex.Unlock"},
		"one holder at a time, and whoever likes may unlock", mutexes},
	{[]string{"sync.Locker.Lock", "sync.Locker.Unlock"},
		"the lock of a condition variable is the one that it is made with", lockers},
	{[]string{"sync.RWMutex", "sync.RWMutex.Lock", "sync.RWMutex.Unlock", "sync.RWMutex.RLock", "sync.RWMutex.RUnlock"},
		"readers share, a writer excludes them and other writers", rwMutexes},
	{[]string{"sync.Once", "sync.Once.Do", "sync.OnceFunc"},
		"the first call runs f, every other one waits for it and does not", onces},
	{[]string{"sync.Cond", "sync.NewCond", "sync.Cond.Wait", "sync.Cond.Signal", "sync.Cond.Broadcast"},
		"Wait gives up the lock, suspends, and locks again once it is woken", conds},
	{[]string{"sync/atomic.LoadInt32", "sync/atomic.LoadInt64", "sync/atomic.LoadUint32", "sync/atomic.LoadUint64"},
		"a load changes nothing", atomicLoads},
	{[]string{"context.Background", "context.TODO", "context.WithoutCancel"},
		"never canceled: Done is nil", endless},
	{[]string{"context.WithCancel", "context.WithCancelCause"},
		"Done is closed by the cancel function, as often as it is called, and by the parent", cancels},
	{[]string{"context.WithTimeout", "context.WithTimeoutCause", "context.WithDeadline", "context.WithDeadlineCause"},
		"Done is closed when the time is over, too", deadlines},
	{[]string{"context.WithValue"}, "the result ends with its parent", values},
	{[]string{"context.Context.Done", "context.Context.Err", "context.Context.Value", "context.Context.Deadline"},
		"the methods do not block and end nothing", contextMethods},
	{[]string{"time.AfterFunc"}, "f is called in a goroutine of its own when the time is over", afterFunc},
	{[]string{"time.Sleep"}, "the others go on meanwhile, as far as they come", sleeping},
	{[]string{"testing.T.Run", "testing.B.Run"}, "Run blocks until f returns", subtests},
	{[]string{"testing.T.Parallel"}, "Run goes on when f calls Parallel", parallels},
	{[]string{"testing.common.Error", "testing.common.Errorf", "testing.common.Fail", "testing.TB.Error", "testing.TB.Errorf", "testing.TB.Fail"},
		"marks the test as failed and goes on", failures},
	{[]string{"errors.New", "fmt.Errorf"}, "the result is not nil", nonNils},
	{[]string{"io.ReadFull", "io.ReadAtLeast", "io.ReadAll", "io.Copy", "io.CopyBuffer", "io.CopyN"},
		"Read is called once at least, and on until it fails or there is enough", readers},
	{[]string{"io.WriteString", "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln"}, "Write is called once", writers},
	{[]string{errgroup + "Group", errgroup + "Group.Go", errgroup + "Group.Wait"},
		"Wait blocks until all functions have returned, then returns the first error", errGroups},
	{[]string{errgroup + "WithContext"},
		"the context is canceled when a function fails or Wait returns", errGroupContexts},
	{[]string{errgroup + "Group.SetLimit", errgroup + "Group.TryGo"},
		"Go blocks while as many functions are active as the limit says; TryGo gives up", errGroupLimits},
	{[]string{semaphore + "NewWeighted", semaphore + "Weighted.Acquire", semaphore + "Weighted.TryAcquire", semaphore + "Weighted.Release"},
		"Acquire blocks until there is room or the context ends, which it returns as an error; TryAcquire gives up; Release makes room, or panics", semaphores},
	{[]string{singleflight + "Group.Do"},
		"calls the function, or waits for a call with the same key that is under way", flights},
	{[]string{"github.com/cenkalti/backoff/v4.Retry", "github.com/cenkalti/backoff/v5.Retry"},
		"calls the operation once at least, in the goroutine of its caller, and returns nil or an error", nil},
}

// after reports whether f returns without any event from outside, in a bubble.
func after(f func()) *bool {
	done := new(bool)
	go func() {
		f()
		*done = true
	}()
	synctest.Wait()
	return done
}

func expect(t *testing.T, what string, got, want bool) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

func waitGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		wg.Add(2)
		wg.Done()
		waited := after(wg.Wait)
		expect(t, "Wait returns while the counter is 1", *waited, false)
		wg.Done()
		synctest.Wait()
		expect(t, "Wait returns at 0", *waited, true)
	})
	var wg sync.WaitGroup
	expect(t, "a negative counter panics", panics(wg.Done), true)
}

func waitGroupGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		c := make(chan int)
		wg.Go(func() { <-c })
		waited := after(wg.Wait)
		expect(t, "Wait returns before f", *waited, false)
		close(c)
		synctest.Wait()
		expect(t, "Wait returns after f", *waited, true)
	})
}

func mutexes(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	expect(t, "a locked mutex can be locked", mu.TryLock(), false)
	done := make(chan int)
	go func() {
		mu.Unlock()
		close(done)
	}()
	<-done
	expect(t, "it can be once another goroutine has unlocked it", mu.TryLock(), true)
}

func lockers(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	c.L.Lock()
	expect(t, "the mutex is free", mu.TryLock(), false)
	c.L.Unlock()
	expect(t, "the mutex is free afterwards", mu.TryLock(), true)
}

func rwMutexes(t *testing.T) {
	var mu sync.RWMutex
	mu.RLock()
	expect(t, "readers share", mu.TryRLock(), true)
	expect(t, "a writer comes beside readers", mu.TryLock(), false)
	mu.RUnlock()
	mu.RUnlock()
	mu.Lock()
	expect(t, "a reader comes beside a writer", mu.TryRLock(), false)
	expect(t, "a writer comes beside a writer", mu.TryLock(), false)
	mu.Unlock()
	expect(t, "a writer comes afterwards", mu.TryLock(), true)
}

func onces(t *testing.T) {
	n := 0
	var once sync.Once
	once.Do(func() { n++ })
	once.Do(func() { n++ })
	f := sync.OnceFunc(func() { n++ })
	f()
	f()
	if n != 2 {
		t.Errorf("two functions are run %d times", n)
	}
}

func conds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		locked := false
		wait := func() {
			mu.Lock()
			c.Wait()
			locked = !mu.TryLock()
			mu.Unlock()
		}
		first, second := after(wait), after(wait)
		expect(t, "Wait returns by itself", *first || *second, false)
		expect(t, "the lock is free meanwhile", mu.TryLock(), true)
		mu.Unlock()
		c.Signal()
		synctest.Wait()
		expect(t, "Signal wakes one", *first != *second, true)
		c.Broadcast()
		synctest.Wait()
		expect(t, "Broadcast wakes the rest", *first && *second, true)
		expect(t, "Wait returns with the lock", locked, true)
	})
}

func atomicLoads(t *testing.T) {
	a, b, c, d := int32(1), int64(2), uint32(3), uint64(4)
	for range 2 {
		if atomic.LoadInt32(&a) != 1 || atomic.LoadInt64(&b) != 2 || atomic.LoadUint32(&c) != 3 || atomic.LoadUint64(&d) != 4 {
			t.Error("a load has changed something")
		}
	}
}

func endless(t *testing.T) {
	parent, cancel := context.WithCancel(context.Background())
	cancel()
	for _, ctx := range []context.Context{context.Background(), context.TODO(), context.WithoutCancel(parent)} {
		expect(t, "there is a Done channel", ctx.Done() != nil, false)
	}
}

func ended(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func cancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancelCause(ctx)
	expect(t, "it has ended at the start", ended(ctx) || ended(child), false)
	cancel()
	cancel()
	expect(t, "it has ended when it is canceled", ended(ctx), true)
	expect(t, "its child has", ended(child), true)
	expect(t, "a second cancel panics", panics(func() { cancelChild(nil); cancel() }), false)
}

func deadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, bg := time.Now().Add(time.Second), context.Background()
		a, stopA := context.WithTimeout(bg, time.Second)
		b, stopB := context.WithTimeoutCause(bg, time.Second, nil)
		c, stopC := context.WithDeadline(bg, at)
		d, stopD := context.WithDeadlineCause(bg, at, nil)
		early, stop := context.WithTimeout(bg, time.Second)
		stop()
		expect(t, "cancel ends it", ended(early), true)
		defer func() { stopA(); stopB(); stopC(); stopD() }()
		for _, ctx := range []context.Context{a, b, c, d} {
			expect(t, "it has ended at the start", ended(ctx), false)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for _, ctx := range []context.Context{a, b, c, d} {
			expect(t, "it has ended after its time", ended(ctx), true)
		}
	})
}

func values(t *testing.T) {
	type key struct{}
	parent, cancel := context.WithCancel(context.Background())
	ctx := context.WithValue(parent, key{}, 1)
	expect(t, "the Done channel is the parent's", ctx.Done() == parent.Done(), true)
	cancel()
	expect(t, "it has ended with its parent", ended(ctx), true)
}

func contextMethods(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, has := ctx.Deadline()
	expect(t, "there is a deadline, a value or an error", has || ctx.Value(0) != nil || ctx.Err() != nil, false)
	expect(t, "it has ended", ended(ctx), false)
	first := ctx.Done()
	expect(t, "Done is one channel", first == ctx.Done(), true)
}

func afterFunc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		called := make(chan bool, 1)
		timer := time.AfterFunc(time.Second, func() { called <- true })
		expect(t, "there is a channel", timer.C != nil, false)
		expect(t, "f is called at once", len(called) > 0, false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		expect(t, "f is called after its time", len(called) > 0, true)
	})
}

func sleeping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps := 0
		go func() {
			for range 3 {
				steps++
			}
		}()
		expect(t, "others run before it is called", steps > 0, false)
		time.Sleep(time.Second)
		expect(t, "others have run when it returns", steps == 3, true)
	})
}

func subtests(t *testing.T) {
	n := 0
	t.Run("sub", func(*testing.T) { n++ })
	testing.Benchmark(func(b *testing.B) {
		if b.N > 1 {
			return
		}
		was := n
		b.Run("sub", func(b *testing.B) { n++ })
		expect(t, "B.Run has run f", n > was, true)
	})
	expect(t, "T.Run has run f", n > 0, true)
}

func parallels(t *testing.T) {
	gone := make(chan bool)
	t.Run("sub", func(t *testing.T) {
		t.Parallel()
		<-gone // closed only after Run has returned
	})
	close(gone)
}

func failures(t *testing.T) {
	// A benchmark fails by itself; its test does not.
	for _, fail := range []func(testing.TB){
		func(tb testing.TB) { tb.Error() },
		func(tb testing.TB) { tb.Errorf("") },
		func(tb testing.TB) { tb.Fail() },
	} {
		on, failed := false, false
		testing.Benchmark(func(b *testing.B) {
			fail(b)
			on, failed = true, b.Failed()
		})
		expect(t, "it goes on", on, true)
		expect(t, "it has failed", failed, true)
	}
}

func nonNils(t *testing.T) {
	expect(t, "an error is nil", errors.New("") == nil || fmt.Errorf("") == nil, false)
}

func errGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g xerrgroup.Group
		c := make(chan int)
		failed := errors.New("failed")
		g.Go(func() error { <-c; return nil })
		g.Go(func() error { return failed })
		var err error
		waited := after(func() { err = g.Wait() })
		expect(t, "Wait returns before the last function", *waited, false)
		close(c)
		synctest.Wait()
		expect(t, "Wait returns after it", *waited, true)
		expect(t, "Wait returns the error", errors.Is(err, failed), true)
	})
}

func errGroupContexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, ctx := xerrgroup.WithContext(context.Background())
		g.Go(func() error { return errors.New("failed") })
		synctest.Wait()
		expect(t, "an error ends the context", ended(ctx), true)
		_ = g.Wait()
		g, ctx = xerrgroup.WithContext(context.Background())
		g.Go(func() error { return nil })
		synctest.Wait()
		expect(t, "success ends the context", ended(ctx), false)
		_ = g.Wait()
		expect(t, "Wait ends the context", ended(ctx), true)
	})
}

func errGroupLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g xerrgroup.Group
		g.SetLimit(1)
		c := make(chan int)
		wait := func() error { <-c; return nil }
		g.Go(wait)
		expect(t, "TryGo starts one too many", g.TryGo(wait), false)
		second := after(func() { g.Go(wait) })
		expect(t, "Go returns at the limit", *second, false)
		close(c)
		synctest.Wait()
		expect(t, "Go returns below the limit", *second, true)
		_ = g.Wait()
	})
}
