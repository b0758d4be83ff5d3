package primer

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

// left calls f and prints the goroutines that it leaves behind, blocked.
func left(f func()) {
	known := leakcheck.IgnoreCurrent("they are left by other examples")
	f()
	var leaks *leakcheck.LeakError
	if !errors.As(leakcheck.Find(known), &leaks) {
		fmt.Println("nothing is left")
		return
	}
	for _, l := range leaks.Leaks {
		fmt.Println(l.Count, "left in", l.State)
	}
}

// query stands for work that takes its time.
func query(server int) string { return fmt.Sprint("answer of ", server) }

// first asks several servers and takes the first answer. The others stay at
// their sends: nobody receives a second time.
func first(servers int) string {
	answers := make(chan string)
	for s := range servers {
		//lint:ignore chanlint/leaksend this shows the leak
		go func() { answers <- query(s) }()
	}
	return <-answers
}

// firstBuffered has room for every answer, so that every send completes.
func firstBuffered(servers int) string {
	answers := make(chan string, servers)
	for s := range servers {
		go func() { answers <- query(s) }()
	}
	return <-answers
}

func Example_firstAnswer() {
	left(func() { first(3) })
	left(func() { firstBuffered(3) })
	// Output:
	// 2 left in chan send
	// nothing is left
}

// numbers sends until its context ends. Without that case it would stay at a
// send once its reader has had enough.
func numbers(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := 0; ; n++ {
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func Example_context() {
	left(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		for n := range numbers(ctx) {
			if n == 2 {
				break
			}
		}
	})
	// Output: nothing is left
}

// gather starts workers and reads what they send, then waits for them. The other
// order would never end: a worker is done only once its send is received.
func gather(workers int) (total int) {
	results := make(chan int)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { results <- w })
	}
	for range workers {
		total += <-results
	}
	wg.Wait()
	return total
}

func Example_drainThenWait() {
	left(func() { fmt.Println(gather(4)) })
	// Output:
	// 6
	// nothing is left
}

// forgotten ranges over a channel that nobody closes.
func forgotten() {
	jobs := make(chan int)
	go func() {
		//lint:ignore chanlint/unclosedrange this shows the leak
		for range jobs {
		}
	}()
	jobs <- 1
}

func Example_forgottenClose() {
	left(forgotten)
	// Output: 1 left in chan receive
}
