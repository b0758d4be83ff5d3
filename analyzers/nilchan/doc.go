// Package nilchan reports a send or receive on a nil channel, which blocks
// forever.
//
// # What it reports
//
// A send, a receive or a range, outside a select, on a channel that is nil
// whenever the operation is reached: a variable that is declared and never
// assigned, an unexported field or package variable that no code of the package
// assigns, a channel that was set to nil before, a nil argument. Of several
// operations on one channel that is never made it reports the first.
//
// # Example
//
//	var ready chan bool
//	go func() {
//		ready <- true // send on nil channel blocks forever: ready is declared at line 1 and never assigned
//	}()
//
// # Corrected
//
//	ready := make(chan bool, 1)
//	go func() {
//		ready <- true
//	}()
//
// # What it stays silent about
//
// Communications of a select: a nil channel disables them, which is an idiom. A
// channel that is nil on some paths only. Operations behind a comparison of the
// channel with nil, such as test hooks.
//
// # Silencing
//
//	//lint:ignore chanlint/nilchan blocks forever on purpose
//	<-never
package nilchan
