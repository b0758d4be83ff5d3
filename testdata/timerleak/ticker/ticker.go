// Package ticker ranges over channels of package time: Stop does not close
// them.
package ticker

import (
	"sync"
	"time"
)

// The goroutine should end when the ticker is stopped.
func stopped_bad() {
	t := time.NewTicker(time.Millisecond)
	go func() {
		for range t.C { // leaks // want `range over t.C blocks forever: the Stop at line \d+ does not close it; goroutine leaks`
		}
	}()
	t.Stop()
}

func stopped_ok() {
	t := time.NewTicker(time.Millisecond)
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case <-t.C:
			case <-quit:
				return
			}
		}
	}()
	t.Stop()
	close(quit)
}

// The loop checks a flag at each tick, but there is no tick after Stop.
type poller struct {
	ticker *time.Ticker
	quit   chan struct{}
	wg     sync.WaitGroup
}

func (p *poller) run() {
	defer p.wg.Done()
	for range p.ticker.C { // leaks in method_bad // want `range over p.ticker.C blocks forever.*`
		println("tick")
	}
}

func (p *poller) Stop() {
	p.ticker.Stop()
	p.wg.Wait() // leaks in method_bad
}

func method_bad() {
	p := &poller{ticker: time.NewTicker(time.Hour)}
	p.wg.Add(1)
	go p.run()
	p.Stop()
}

type quitPoller struct {
	ticker *time.Ticker
	quit   chan struct{}
	wg     sync.WaitGroup
}

func (p *quitPoller) run() {
	defer p.wg.Done()
	for {
		select {
		case <-p.ticker.C:
		case <-p.quit:
			return
		}
	}
}

func (p *quitPoller) Stop() {
	p.ticker.Stop()
	close(p.quit)
	p.wg.Wait()
}

func method_ok() {
	p := &quitPoller{ticker: time.NewTicker(time.Hour), quit: make(chan struct{})}
	p.wg.Add(1)
	go p.run()
	p.Stop()
}

// The loop ends by itself after some ticks: nothing is wrong with it.
func leavesByItself_ok() {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	n := 0
	for range t.C {
		if n++; n == 2 {
			break
		}
	}
}

// What stands behind the loop shows that it is meant to end.
func codeBehind_bad() {
	t := time.NewTimer(time.Millisecond)
	done := make(chan struct{})
	go func() {
		for range t.C { // leaks // want `range over t.C never ends, because nothing closes it: line \d+ is not reached`
		}
		close(done)
	}()
	<-done // leaks
}

func codeBehind_ok() {
	t := time.NewTimer(time.Millisecond)
	done := make(chan struct{})
	go func() {
		<-t.C
		close(done)
	}()
	<-done
}

// Somebody waits for the goroutine.
func waitedFor_bad() {
	var wg sync.WaitGroup
	t := time.NewTicker(time.Hour)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range t.C { // leaks // want `range over t.C never ends, because nothing closes it: what is deferred at line \d+ does not run`
			println("tick")
		}
	}()
	wg.Wait() // leaks
}

func waitedFor_ok() {
	var wg sync.WaitGroup
	t := time.NewTicker(time.Millisecond)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range t.C {
			println("tick")
			return
		}
	}()
	wg.Wait()
}

// Nothing shows that the goroutine should end before the program does.
//
//fixture:norun the goroutine stays for good
func background_ok() {
	go func() {
		t := time.NewTicker(time.Hour)
		defer t.Stop()
		for range t.C {
			println("tick")
		}
	}()
	go func() {
		for range time.Tick(time.Hour) {
			println("tick")
		}
	}()
}

// The compiler asks for the return.
//
//fixture:norun it does not return
func result_ok() {
	_ = forever(time.NewTicker(time.Hour))
}

func forever(t *time.Ticker) error {
	for range t.C {
		println("tick")
	}
	return nil
}

// The ticker pauses, and goes on.
type pausing struct{ ticker *time.Ticker }

func (p *pausing) run() {
	for range p.ticker.C {
		println("tick")
	}
}

func (p *pausing) pause()  { p.ticker.Stop() }
func (p *pausing) resume() { p.ticker.Reset(time.Hour) }

//fixture:norun the goroutine stays for good
func pause_ok() {
	p := &pausing{time.NewTicker(time.Hour)}
	go p.run()
	p.pause()
	p.resume()
}

// The error path stops the ticker before the goroutine starts.
type refresher struct{ ticker *time.Ticker }

func newRefresher(fails bool) *refresher {
	r := &refresher{}
	r.ticker = time.NewTicker(time.Hour)
	if fails {
		r.ticker.Stop()
		return nil
	}
	go r.run()
	return r
}

func (r *refresher) run() {
	for range r.ticker.C {
		println("tick")
	}
}

//fixture:norun the goroutine stays for good
func errorPath_ok() {
	newRefresher(false)
	t := time.NewTicker(time.Hour)
	if newRefresher(true) != nil {
		t.Stop()
		return
	}
	go func() {
		for range t.C {
			println("tick")
		}
	}()
}
