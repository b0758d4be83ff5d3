// Package leaksend reports a send that blocks forever, so that its goroutine
// leaks.
//
// # What it reports
//
// A send that nobody will ever receive, on a channel that a function makes:
//
//   - the receiver returns early: an error, a break, a labelled break, t.Skip;
//   - a select takes its timeout, context or quit case, or the first answer wins;
//   - there are fewer receives than sends, or the buffer is one too small;
//   - a loop stops receiving, and a producer or a stage of a pipeline stays;
//   - nothing has been started yet that could receive, or nothing ever is.
//
// A function that makes a channel is followed together with the functions of
// the package that it calls, the goroutines that they start, and the wait
// groups, mutexes, contexts and timers between them. Their interleavings are
// searched for one after which the send can never proceed, whatever else runs.
// It may lean on one condition that cannot be followed, such as err != nil, and
// must exist for every size of the loops and buffers that is tried.
//
// A send on an unexported field without a buffer blocks as well if nothing in
// the package receives from that field, and no one else is given the right to.
//
// # What is likely
//
// With -confidence=likely, also a send that is left behind when the test that
// would receive stops by t.Fatal, or leaves after t.Error; a send that leans on
// two conditions of one goroutine, or on the state of an object; and a send on an
// unexported field, outside of a select, if every goroutine that receives from
// the field has another case after which it never receives again.
//
// # Example
//
//	errc := make(chan error)
//	go func() {
//		errc <- work() // send on errc blocks forever if fetch returns at line 9 before receiving; goroutine leaks
//	}()
//	select {
//	case err := <-errc:
//		return err
//	case <-time.After(time.Second):
//		return errTimeout
//	}
//
// # Corrected
//
//	errc := make(chan error, 1)
//	go func() {
//		errc <- work()
//	}()
//	select {
//	case err := <-errc:
//		return err
//	case <-time.After(time.Second):
//		return errTimeout
//	}
//
// The fix that is suggested makes the buffer as large as what is ever sent, if
// that number is certain and nothing that follows a send relies on its having
// been received; or else it puts the send into a select with <-ctx.Done(), if
// the receiver leaves for that context and for nothing else. Either is offered
// only after the mended package has been explored again without finding a leak.
//
// # What it stays silent about
//
// A channel that escapes: returned to a caller, sent as a message, put into a
// slice, map or interface, stored in a value that was made elsewhere, passed to
// a function of another package. A send that blocks only if two conditions come
// together that cannot be followed, or one about the message received. A function
// with too many interleavings. Sends after which the program ends. Recursion and
// calls through interfaces.
//
// # Silencing
//
//	//lint:ignore chanlint/leaksend the program ends when the worker hangs
//	errc <- work()
package leaksend
