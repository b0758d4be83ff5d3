// Package intest leaves a test by one of the calls that end its goroutine.
package intest

import (
	"testing"
	"time"

	"chanlint.test/testdata/gate"
)

// The test has failed when the sender is left behind, so it is not reported.
//
//fixture:norun needs a running test
func FN_fatal_bad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		gate.Await()
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		t.Fatal("timeout")
	}
}

//fixture:norun needs a running test
func fatal_ok(t *testing.T) {
	done := make(chan struct{}, 1)
	go func() {
		gate.Await()
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		t.Fatal("timeout")
	}
}

// Not even the timeout ends the test, and nothing is received afterwards.
//
//fixture:norun needs a running test
func skipped_bad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		done <- struct{}{} // want `send on done blocks forever.*`
	}()
	if testing.Short() {
		t.Skip("short")
	}
	<-done
}

//fixture:norun needs a running test
func skipped_ok(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	done := make(chan struct{})
	go func() {
		done <- struct{}{}
	}()
	<-done
}

// After t.Error the test has failed already; the path goes on and receives.
//
//fixture:norun needs a running test
func errorGoesOn_ok(t *testing.T) {
	done := make(chan struct{})
	go func() {
		done <- struct{}{}
	}()
	if !testing.Verbose() {
		t.Error("not verbose")
	}
	<-done
}

// The path on which the goroutine stays has failed the test before it got
// there: nobody needs to hear of the leak.
//
//fixture:norun needs a running test
func alreadyFailed_ok(t *testing.T) {
	done := make(chan struct{})
	go func() {
		done <- struct{}{}
	}()
	if testing.CoverMode() == "" {
		t.Errorf("no coverage")
		return
	}
	<-done
}
