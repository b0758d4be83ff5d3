// Package earlyreturn leaves before the receive that a sender waits for.
package earlyreturn

import "errors"

var errFailed = errors.New("failed")

// fails makes prepare fail when the fixtures are run.
var fails = true

func prepare() error {
	if fails {
		return errFailed
	}
	return nil
}

func work() error { return nil }

// The send has no receiver if the function returns at the error.
func onError_bad() {
	errc := make(chan error)
	go func() {
		errc <- work() // leaks // want `send on errc blocks forever.*`
	}()
	if err := prepare(); err != nil {
		return
	}
	<-errc
}

// A buffer of one lets the send proceed without a receiver.
func onError_ok() {
	errc := make(chan error, 1)
	go func() {
		errc <- work()
	}()
	if err := prepare(); err != nil {
		return
	}
	<-errc
}
