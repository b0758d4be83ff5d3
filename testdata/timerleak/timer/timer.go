// Package timer receives from timers that have nothing to say.
package timer

import (
	"time"

	"chanlint.test/testdata/gate"
)

// The C of an AfterFunc timer is nil.
func afterFunc_bad() {
	t := time.AfterFunc(time.Millisecond, func() {})
	<-t.C // leaks // want `receive from t.C blocks forever: a timer that time.AfterFunc makes has no channel`
}

func afterFunc_ok() {
	t := time.NewTimer(time.Millisecond)
	<-t.C
}

// The usual drain, which does not fit an AfterFunc timer.
func afterFuncDrain_bad() {
	t := time.AfterFunc(time.Millisecond, gate.Open)
	gate.Await()
	if !t.Stop() {
		<-t.C // leaks // want `receive from t.C blocks forever.*`
	}
}

func afterFuncDrain_ok() {
	t := time.AfterFunc(time.Millisecond, gate.Open)
	gate.Await()
	t.Stop()
}

// A field that is set by AfterFunc only.
type retry struct {
	timer *time.Timer
}

func (r *retry) arm() {
	r.timer = time.AfterFunc(time.Millisecond, func() {})
}

func (r *retry) wait() {
	<-r.timer.C // leaks in field_bad // want `receive from r.timer.C blocks forever.*`
}

func field_bad() {
	var r retry
	r.arm()
	r.wait()
}

type onceTimer struct {
	timer *time.Timer
}

func (r *onceTimer) arm() {
	r.timer = time.NewTimer(time.Millisecond)
}

func (r *onceTimer) wait() {
	<-r.timer.C
}

func field_ok() {
	var r onceTimer
	r.arm()
	r.wait()
}

// A range over the nil C.
func rangeAfterFunc_bad() {
	t := time.AfterFunc(time.Millisecond, func() {})
	for now := range t.C { // leaks // want `range over t.C blocks forever.*`
		println(now.Unix())
	}
}

func rangeAfterFunc_ok() {
	t := time.NewTimer(time.Millisecond)
	for now := range t.C {
		println(now.Unix())
		break
	}
}

// The value was received already: the drain after Stop finds nothing.
func drainAfterReceive_bad() {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	if !t.Stop() {
		<-t.C // leaks // want `receive from t.C blocks forever.*`
	}
}

func drainAfterReceive_ok() {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	t.Stop()
}

// The same when the value was received in a select.
func drainAfterSelect_bad() {
	t := time.NewTimer(time.Millisecond)
	quit := make(chan struct{})
	select {
	case <-t.C:
		if !t.Stop() {
			<-t.C // leaks // want `receive from t.C blocks forever.*`
		}
	case <-quit:
	}
}

// The drain gives up at once.
func drainAfterSelect_ok() {
	t := time.NewTimer(time.Millisecond)
	quit := make(chan struct{})
	select {
	case <-t.C:
		if !t.Stop() {
			select {
			case <-t.C:
			default:
			}
		}
	case <-quit:
	}
}

// Stop without a look at its result, then a poll.
func polled_ok() {
	t := time.NewTimer(0)
	t.Stop()
	select {
	case <-t.C:
	default:
	}
}

// The idiom from before Go 1.23: Stop now discards a value that was not
// received and returns true, so the drain is not reached.
func idiom_ok() {
	t := time.NewTimer(0)
	time.Sleep(time.Millisecond)
	if !t.Stop() {
		<-t.C
	}
}

// A stopped timer never fires.
func stopped_bad() {
	t := time.NewTimer(time.Hour)
	t.Stop()
	<-t.C // leaks // want `receive from t.C blocks forever.*`
}

func stopped_ok() {
	t := time.NewTimer(time.Hour)
	t.Stop()
	t.Reset(time.Millisecond)
	<-t.C
}

// Stop says that nothing will come.
func stopTrue_bad() {
	t := time.NewTimer(time.Hour)
	if t.Stop() {
		<-t.C // leaks // want `receive from t.C blocks forever: it is stopped at line \d+`
	}
}

func stopTrue_ok() {
	t := time.NewTimer(time.Hour)
	stopped := t.Stop()
	t.Reset(time.Millisecond)
	if stopped {
		<-t.C
	}
}

// Another goroutine sets the timer again.
func resetElsewhere_ok() {
	t := time.NewTimer(time.Hour)
	t.Stop()
	go func() { t.Reset(time.Millisecond) }()
	<-t.C
}

// A new timer in each iteration, in the same variable.
func renewed_ok() {
	var t *time.Timer
	for range 3 {
		t = time.NewTimer(time.Millisecond)
		<-t.C
	}
}

// A stopped ticker never ticks.
func stoppedTicker_bad() {
	t := time.NewTicker(time.Hour)
	t.Stop()
	<-t.C // leaks // want `receive from t.C blocks forever.*`
}

func stoppedTicker_ok() {
	t := time.NewTicker(time.Millisecond)
	<-t.C
	t.Stop()
}

// A timer fires once.
func twice_bad() {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	<-t.C // leaks // want `receive from t.C blocks forever: its only value is received at line \d+`
}

func twice_ok() {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	t.Reset(time.Millisecond)
	<-t.C
}

// A loop that resets its timer is right however often it receives.
func resetLoop_ok() {
	t := time.NewTimer(time.Millisecond)
	defer t.Stop()
	for range 3 {
		<-t.C
		t.Reset(time.Millisecond)
	}
}

// The drain before a Reset, in the case of the other channel: the value may
// not have been received.
func drainInOtherCase_ok() {
	t := time.NewTimer(time.Hour)
	c := make(chan int, 1)
	c <- 1
	select {
	case <-t.C:
		return
	case <-c:
		if !t.Stop() {
			<-t.C
		}
	}
	t.Reset(time.Millisecond)
	<-t.C
}

// The timer is one of two kinds and is drained only if it has a channel.
func guarded_ok() {
	t := time.AfterFunc(time.Millisecond, func() {})
	if t.C != nil {
		<-t.C
	}
	t.Stop()
}

// In a select the nil channel is a disabled case.
func inSelect_ok() {
	t := time.AfterFunc(time.Hour, func() {})
	defer t.Stop()
	done := make(chan struct{})
	go close(done)
	select {
	case <-t.C:
	case <-done:
	}
}
