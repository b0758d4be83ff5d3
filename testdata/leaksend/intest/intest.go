// Package intest leaves a test by one of the calls that end its goroutine.
package intest

import (
	"testing"
	"time"

	"chanlint.test/testdata/gate"
)

// Who fails the test leaves the sender behind.
//
//fixture:norun needs a running test
func fatal_bad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		gate.Await()
		done <- struct{}{} // likely `send on done blocks forever if fatal_bad stops at line \d+ \(t.Fatal\) before receiving; goroutine leaks`
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
// there.
//
//fixture:norun needs a running test
func alreadyFailed_bad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		done <- struct{}{} // likely `send on done blocks forever if alreadyFailed_bad returns at line \d+ before receiving; goroutine leaks`
	}()
	if testing.CoverMode() == "" {
		t.Errorf("no coverage")
		return
	}
	<-done
}

//fixture:norun needs a running test
func alreadyFailed_ok(t *testing.T) {
	done := make(chan struct{}, 1)
	go func() {
		done <- struct{}{}
	}()
	if testing.CoverMode() == "" {
		t.Errorf("no coverage")
		return
	}
	<-done
}

// The first of two answers fails the test, the second finds nobody.
//
//fixture:norun needs a running test
func firstFails_bad(t *testing.T) {
	errc := make(chan error)
	for range 2 {
		go func() {
			errc <- work() // likely `send on errc blocks forever if firstFails_bad stops at line \d+ \(t.Fatalf\) before receiving; goroutine leaks`
		}()
	}
	for range 2 {
		if err := <-errc; err != nil {
			t.Fatalf("work: %v", err)
		}
	}
}

//fixture:norun needs a running test
func firstFails_ok(t *testing.T) {
	errc := make(chan error, 2)
	for range 2 {
		go func() {
			errc <- work()
		}()
	}
	for range 2 {
		if err := <-errc; err != nil {
			t.Fatalf("work: %v", err)
		}
	}
}

// Who fails leaves nobody behind: deferred calls run.
//
//fixture:norun needs a running test
func deferred_ok(t *testing.T) {
	done, quit := make(chan struct{}), make(chan struct{})
	defer close(quit)
	go func() {
		select {
		case done <- struct{}{}:
		case <-quit:
		}
	}()
	if err := work(); err != nil {
		t.Fatal(err)
	}
	<-done
}

// A subtest stops alone: the test goes on behind it, and receives.
//
//fixture:norun needs a running test
func subtest_ok(t *testing.T) {
	done := make(chan struct{})
	go func() {
		done <- struct{}{}
	}()
	t.Run("work", func(t *testing.T) {
		if err := work(); err != nil {
			t.Fatal(err)
		}
	})
	<-done
}

// The subtest stops, and what it has started stays.
//
//fixture:norun needs a running test
func subtest_bad(t *testing.T) {
	t.Run("work", func(t *testing.T) {
		done := make(chan struct{})
		go func() {
			done <- struct{}{} // likely `send on done blocks forever if the function literal stops at line \d+ \(t.Fatal\) before receiving; goroutine leaks`
		}()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		<-done
	})
}

func work() error { return nil }
