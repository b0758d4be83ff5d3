// Package use calls functions of another package.
package use

import (
	"chanlint.test/testdata/farchan/lib"
	"chanlint.test/testdata/farchan/wrap"
)

var fails = true

func dropped_bad() {
	lib.Numbers() // want `send in lib.Numbers blocks forever: nothing receives from the channel that it returns; goroutine leaks`
}

func dropped_ok() {
	lib.Number()
	done := make(chan struct{})
	lib.Until(done)
	close(done)
}

func wrapped_bad() {
	wrap.Numbers() // want `send in wrap.Numbers blocks forever: nothing receives from the channel that it returns; goroutine leaks`
}

func wrapped_ok() {
	wrap.Second()
}

func early_bad() {
	numbers := lib.Numbers() // want `send in lib.Numbers blocks forever if early_bad returns at line \d+ before receiving from numbers; goroutine leaks`
	if fails {
		return
	}
	<-numbers
}

func early_ok() {
	number := lib.Number()
	if fails {
		return
	}
	<-number
}

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
