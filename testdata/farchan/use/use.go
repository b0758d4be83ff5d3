// Package use calls functions of another package.
package use

import "chanlint.test/testdata/farchan/lib"

// The line that leaks stands in the other package.
//
//fixture:norun the goroutine that leaks is one of package lib
func dropped_bad() {
	lib.Numbers() // want `send in lib.Numbers blocks forever: nothing receives from the channel that it returns; goroutine leaks`
}

func dropped_ok() {
	lib.Number()
	done := make(chan struct{})
	lib.Until(done)
	close(done)
}

// The line that leaks stands in the other package.
//
//fixture:norun the goroutine that leaks is one of package lib
func blank_bad() {
	_ = lib.Numbers() // want `send in lib.Numbers blocks forever: .*`
}

func blank_ok() {
	_ = lib.Number()
}

func closedThere_bad() {
	done := make(chan struct{})
	lib.Finish(done)
	close(done) // panics "close of closed channel" // want `close of closed channel: lib.Finish at line \d+ has closed done`
}

func closedThere_ok() {
	done := make(chan struct{})
	lib.FinishIf(done, false)
	close(done)
}

func sent_bad() {
	done := make(chan struct{}, 1)
	lib.Finish(done)
	done <- struct{}{} // panics "send on closed channel" // want `send on closed channel: lib.Finish at line \d+ has closed done`
}

func sent_ok() {
	done := make(chan struct{}, 1)
	done <- struct{}{}
	lib.Finish(done)
}
