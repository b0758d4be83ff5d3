// Package goroutines closes channels in goroutines and in what starts them.
package goroutines

import "sync"

// The analyzer may not assume the values of these.
var (
	fail = true
	two  = []int{1, 2}
)

// Every worker closes the channel when it is done.
func workers_bad() {
	c := make(chan int, len(two))
	var wg sync.WaitGroup
	for _, v := range two {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer close(c) // want `close of closed channel: c is closed by a goroutine of every iteration`
			if v < 0 {
				c <- v
			}
		}() // panics "close of closed channel"
	}
	wg.Wait()
}

func workers_ok() {
	c := make(chan int, len(two))
	var wg sync.WaitGroup
	for _, v := range two {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c <- v
		}()
	}
	wg.Wait()
	close(c)
}

// The last one closes.
func lastOne_ok() {
	c := make(chan int, len(two))
	var mu sync.Mutex
	left := len(two)
	for range two {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			if left--; left == 0 {
				close(c)
			}
		}()
	}
	<-c
}

// One worker, in a loop of one.
func single_ok() {
	c := make(chan int)
	for i := 0; i < 1; i++ {
		go func() { close(c) }()
	}
	<-c
}

// Every iteration has a channel of its own.
func ownChannel_ok() {
	for range two {
		c := make(chan int)
		go func() { close(c) }()
		<-c
	}
}

func twice_bad() {
	c := make(chan int)
	go close(c) // panics "close of closed channel"
	go close(c) // panics "close of closed channel" // want `close of closed channel: c may already be closed by the goroutine started at line \d+`
	select {}
}

func twice_ok() {
	c, d := make(chan int), make(chan int)
	go close(c)
	go close(d)
	<-c
	<-d
}

func starter_bad() {
	c := make(chan int)
	go func() { close(c) }()
	<-c
	close(c) // panics "close of closed channel" // want `close of closed channel: c may already be closed by the goroutine started at line \d+`
}

// Whoever gets the value closes the channel: only one does.
func exclusive_ok() {
	c := make(chan int)
	turn := make(chan bool, 1)
	turn <- true
	go func() {
		if <-turn {
			close(c)
		}
		close(turn)
	}()
	<-c
}

func starter_ok() {
	c := make(chan int)
	if fail {
		go func() { close(c) }()
		<-c
		return
	}
	close(c)
}

// The goroutine waits for something that comes only if the starter fails to
// close.
func waiting_ok() {
	c, again := make(chan int), make(chan bool)
	go func() {
		if _, ok := <-again; ok {
			close(c)
		}
	}()
	close(c)
	close(again)
}

// A second way to lose: the deferred close of the goroutine's starter.
func deferred_bad() {
	c := make(chan int)
	closed := make(chan bool)
	defer close(c) // want `close of closed channel: c may already be closed by the goroutine started at line \d+ when this deferred call runs`
	go func() {
		close(c)
		closed <- true
	}()
	<-closed
} // panics "close of closed channel"

func deferred_ok() {
	c := make(chan int)
	closed := make(chan bool)
	go func() {
		defer close(c)
		closed <- true
	}()
	<-closed
	<-c
}
