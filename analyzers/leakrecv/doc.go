// Package leakrecv reports a receive or select that blocks forever.
//
// # What it reports
//
// A receive that is never served, or a select of which no case is, on channels
// that a function makes:
//
//   - nothing sends on the channel or closes it, or not on some path;
//   - an early return or a break skips the send or the close;
//   - the wrong channel is closed, or one token is sent to two waiters;
//   - a context made here is never cancelled on some path;
//   - two goroutines wait for each other.
//
// A function that makes a channel is followed together with the functions of
// the package that it calls, the goroutines that they start, and the wait
// groups, mutexes, contexts and timers between them. Their interleavings are
// searched for one after which the receive can never proceed, whatever else
// runs. It may lean on one condition that cannot be followed, such as err !=
// nil, and must exist for every size of the loops and buffers that is tried.
//
// A range is left to unclosedrange.
//
// A receive from an unexported field blocks as well if nothing in the package
// sends on that field or closes it, and no one else is given the right to.
//
// # What is likely
//
// With -confidence=likely, also a receive in a loop that reads a field anew each
// time, where the function that closes the channel sets the field to nil.
//
// # Example
//
//	ready := make(chan struct{})
//	go func() {
//		if err := listen(); err != nil {
//			return
//		}
//		close(ready)
//	}()
//	<-ready // receive from ready blocks forever if the goroutine started at line 2 returns at line 4 without sending or closing
//
// # Corrected
//
//	ready := make(chan struct{})
//	go func() {
//		defer close(ready)
//		if err := listen(); err != nil {
//			return
//		}
//	}()
//	<-ready
//
// # What it stays silent about
//
// A channel that escapes: returned to a caller, sent as a message, put into a
// slice, map or interface, stored in a value that was made elsewhere, passed to
// a function of another package. A select with a timer, a signal or a context
// that comes from elsewhere. A receive that blocks only if two conditions come
// together that cannot be followed, or one about the message received. A path
// that has already failed its test. A function with too many interleavings.
// select {}, which is meant to block. Recursion and calls through interfaces.
//
// # Silencing
//
//	//lint:ignore chanlint/leakrecv the process is killed while it waits here
//	<-forever
package leakrecv
