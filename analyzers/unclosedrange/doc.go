// Package unclosedrange reports a range over a channel that never ends, because
// the channel is not closed.
//
// # What it reports
//
// A range over a channel that a function makes, after the last message:
//
//   - no goroutine closes the channel;
//   - an early return or a break skips the close;
//   - the close stands behind something that waits for the range.
//
// A function that makes a channel is followed together with the functions of
// the package that it calls, the goroutines that they start, and the wait
// groups, mutexes, contexts and timers between them. Their interleavings are
// searched for one after which the range can never proceed, whatever else runs.
// It may lean on one condition that cannot be followed, such as err != nil, and
// must exist for every size of the loops and buffers that is tried.
//
// A range over an unexported field never ends either if nothing in the package
// sends on that field or closes it, and no one else is given the right to.
//
// # What is likely
//
// With -confidence=likely, also a range over a field that is sent on and never
// closed, in a type with a method that closes another of its channels.
//
// # Example
//
//	jobs := make(chan int)
//	go func() {
//		for job := range jobs { // range over jobs blocks forever: no sender closes jobs; goroutine leaks
//			handle(job)
//		}
//	}()
//	for i := range 3 {
//		jobs <- i
//	}
//
// # Corrected
//
//	jobs := make(chan int)
//	go func() {
//		for job := range jobs {
//			handle(job)
//		}
//	}()
//	for i := range 3 {
//		jobs <- i
//	}
//	close(jobs)
//
// # What it stays silent about
//
// A channel that escapes: returned to a caller, sent as a message, put into a
// slice, map or interface, stored in a value that was made elsewhere, passed to
// a function of another package. A range that another goroutine keeps supplied
// for as long as the program runs. One that blocks only if two conditions come
// together that cannot be followed, or one about the message received. A path
// that has already failed its test. A function with too many interleavings.
// Recursion and calls through interfaces. The channels of timers and tickers
// are left to timerleak.
//
// # Silencing
//
//	//lint:ignore chanlint/unclosedrange the worker lives as long as the process
//	for job := range jobs {
package unclosedrange
