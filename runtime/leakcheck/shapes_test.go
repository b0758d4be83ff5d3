package leakcheck_test

import (
	"bufio"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// A shape starts one goroutine that never ends by itself. The comments "op" and
// "go" mark the lines that a report has to name. Its release, where one is
// possible, lets the goroutine go, so that repeated runs stay small.
type shape struct {
	name  string
	state string // the runtime's wait reason
	start func() (release func())
}

func shapes() []shape {
	return []shape{
		{"send", "chan send", leakSend},
		{"receive", "chan receive", leakReceive},
		{"select", "select", leakSelect},
		{"nil", "chan receive (nil chan)", leakNil},
		{"waitgroup", "sync.WaitGroup.Wait", leakWaitGroup},
		{"mutex", "sync.Mutex.Lock", leakMutex},
		{"cond", "sync.Cond.Wait", leakCond},
		{"range", "chan receive", leakRange},
		{"sleep", "sleep", leakSleep},
		{"ticker", "chan receive", leakTicker},
	}
}

func leakSend() func() {
	c := make(chan int)
	go func() { // go send
		//lint:ignore chanlint/* the leak is the point
		c <- 1 // op send
	}()
	return func() { <-c }
}

func leakReceive() func() {
	c := make(chan int)
	go func() { // go receive
		//lint:ignore chanlint/* the leak is the point
		<-c // op receive
	}()
	return func() { close(c) }
}

func leakSelect() func() {
	a, b := make(chan int), make(chan int)
	go func() { // go select
		//lint:ignore chanlint/* the leak is the point
		select { // op select
		case <-a:
		case b <- 1:
		}
	}()
	return func() { close(a) }
}

func leakNil() func() {
	var c chan int
	go func() { // go nil
		//lint:ignore chanlint/* the leak is the point
		<-c // op nil
	}()
	return func() {}
}

func leakWaitGroup() func() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // go waitgroup
		//lint:ignore chanlint/* the leak is the point
		wg.Wait() // op waitgroup
	}()
	return wg.Done
}

func leakMutex() func() {
	var mu sync.Mutex
	mu.Lock()
	go func() { // go mutex
		//lint:ignore chanlint/* the leak is the point
		mu.Lock() // op mutex
		defer mu.Unlock()
	}()
	return mu.Unlock
}

func leakCond() func() {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	done := false
	go func() { // go cond
		mu.Lock()
		defer mu.Unlock()
		for !done {
			//lint:ignore chanlint/* the leak is the point
			ready.Wait() // op cond
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done = true
		ready.Broadcast()
	}
}

func leakRange() func() {
	c := make(chan int)
	go func() { // go range
		//lint:ignore chanlint/* the leak is the point
		for range c { // op range
		}
	}()
	return func() { close(c) }
}

func leakSleep() func() {
	go func() { // go sleep
		//lint:ignore chanlint/* the leak is the point
		time.Sleep(time.Minute) // op sleep
	}()
	return func() {}
}

func leakTicker() func() {
	stop := make(chan int)
	ticker := time.NewTicker(10 * time.Millisecond)
	go func() { // go ticker
		for {
			//lint:ignore chanlint/* the leak is the point
			<-ticker.C // op ticker
			select {
			case <-stop:
				ticker.Stop()
				return
			default:
			}
		}
	}()
	return func() { close(stop) }
}

// marked returns the line of file on which the comment "// mark" stands.
func marked(t *testing.T, file, mark string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.HasSuffix(lines.Text(), "// "+mark) {
			return n
		}
	}
	t.Fatalf("%s has no line marked %q", file, mark)
	return 0
}

// A recorder stands in for a test whose failure is expected. It ends when end is
// called, so that what it recorded can be judged.
type recorder struct {
	name     string
	errors   []string
	cleanups []func()
}

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Helper()          {}
func (r *recorder) Name() string     { return r.name }
func (r *recorder) Error(args ...any) {
	for _, arg := range args {
		if err, ok := arg.(error); ok {
			arg = err.Error()
		}
		r.errors = append(r.errors, arg.(string))
	}
}

// end runs the cleanup functions last in, first out, and returns the failures.
func (r *recorder) end() []string {
	for len(r.cleanups) > 0 {
		last := len(r.cleanups) - 1
		f := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		f()
	}
	return r.errors
}
