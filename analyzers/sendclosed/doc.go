// Package sendclosed reports a send on a channel that is closed already, which
// panics.
//
// # What it reports
//
// A send that a close of the same channel precedes in one goroutine: on every
// path or on one path through a branch, through functions and methods of the
// package, in the next iteration of a loop, or after a receive that has shown
// the channel to be closed. A send that is a communication of a select panics
// as well, as soon as the select chooses it: on a closed channel it is always
// ready, and a second case for quitting does not protect it.
//
// # Example
//
//	close(jobs)
//	for _, j := range late {
//		jobs <- j // send on closed channel: jobs is already closed at line 1
//	}
//
// # Corrected
//
//	for _, j := range late {
//		jobs <- j
//	}
//	close(jobs)
//
// # What is likely
//
// With -confidence=likely, also a send of one goroutine, or of a function that
// is handed on to other packages, for which the close of the field does not
// wait; and a send beside a quit case where the closing side goes by the same
// quit channel: a select with two ready cases takes either.
//
// # What it stays silent about
//
// At the default confidence, sends and closes in different goroutines that run
// at the same time, unless their order is certain. At both, sends that a
// WaitGroup, a receive, a lock or a count keeps away from the close. A field that other code may make anew after the
// close. Two branches whose conditions may exclude each other. Functions that
// recover from panics.
//
// # Silencing
//
//	//lint:ignore chanlint/sendclosed the panic is recovered by the caller
//	jobs <- j
package sendclosed
