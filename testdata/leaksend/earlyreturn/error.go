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

// The goroutine is a declared function that gets the channel as an argument.
func named_bad() {
	errc := make(chan error)
	go report(errc)
	if prepare() != nil {
		return
	}
	<-errc
}

func report(errc chan<- error) {
	errc <- work() // leaks in named_bad // want `send on errc blocks forever.*`
}

// Every path receives.
func named_ok() {
	errc := make(chan error)
	go reportServed(errc)
	if prepare() != nil {
		<-errc
		return
	}
	<-errc
}

func reportServed(errc chan<- error) {
	errc <- work()
}

// The receive stands after the error check of another goroutine's result.
func secondOfTwo_bad() {
	first := make(chan error)
	second := make(chan error)
	go func() { first <- prepare() }()
	go func() {
		second <- work() // leaks // want `send on second blocks forever.*`
	}()
	if err := <-first; err != nil {
		return
	}
	<-second
}

func secondOfTwo_ok() {
	first := make(chan error)
	second := make(chan error)
	go func() { first <- prepare() }()
	go func() { second <- work() }()
	err := <-first
	<-second
	if err != nil {
		return
	}
}

// The panic unwinds past the receive and is recovered above it.
func panics_bad() {
	defer func() { _ = recover() }()
	done := make(chan struct{})
	go func() {
		done <- struct{}{} // leaks // want `send on done blocks forever.*`
	}()
	if fails {
		panic(errFailed)
	}
	<-done
}

// A deferred receive is reached by the panic too.
func panics_ok() {
	defer func() { _ = recover() }()
	done := make(chan struct{})
	go func() {
		done <- struct{}{}
	}()
	defer func() { <-done }()
	if fails {
		panic(errFailed)
	}
}

// The send is deferred in the goroutine.
func deferredSend_bad() {
	done := make(chan bool)
	go func() {
		defer func() {
			done <- true // leaks // want `send on done blocks forever.*`
		}()
		_ = work()
	}()
	if err := prepare(); err != nil {
		return
	}
	<-done
}

// A deferred close does not wait for a receiver.
func deferredSend_ok() {
	done := make(chan bool)
	go func() {
		defer close(done)
		_ = work()
	}()
	if err := prepare(); err != nil {
		return
	}
	<-done
}

// One of the cases of a switch returns before the receive.
func inSwitch_bad() {
	res := make(chan int)
	go func() {
		res <- 1 // leaks // want `send on res blocks forever.*`
	}()
	switch err := prepare(); {
	case errors.Is(err, errFailed):
		return
	case err != nil:
		println(err)
	}
	println(<-res)
}

func inSwitch_ok() {
	res := make(chan int)
	go func() {
		res <- 1
	}()
	switch err := prepare(); {
	case errors.Is(err, errFailed):
		<-res
		return
	case err != nil:
		println(err)
	}
	println(<-res)
}

// A closure starts the goroutine, before the error check.
func startedAfter_bad() {
	errc := make(chan error)
	start := func() {
		go func() {
			errc <- work() // leaks // want `send on errc blocks forever.*`
		}()
	}
	start()
	if prepare() != nil {
		return
	}
	<-errc
}

// It is only called after the error check.
func startedAfter_ok() {
	errc := make(chan error)
	start := func() {
		go func() {
			errc <- work()
		}()
	}
	if prepare() != nil {
		return
	}
	start()
	<-errc
}
