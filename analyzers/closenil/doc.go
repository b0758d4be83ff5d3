// Package closenil reports a close of a nil channel, which panics.
//
// # What it reports
//
// A close of a channel that is nil whenever the close is reached, or on some
// path to it:
//
//   - a variable that is declared and never assigned, captured or not;
//   - an unexported field or package variable that no code of the package
//     assigns;
//   - a variable that is assigned on some paths only, or set to nil before;
//   - a nil argument to a function that closes its parameter;
//   - a deferred close that an early return reaches before the channel is made.
//
// # Example
//
//	type worker struct{ stop chan struct{} }
//
//	func newWorker() *worker { return &worker{} }
//
//	func (w *worker) Stop() {
//		close(w.stop) // close of nil channel: w.stop is declared at line 1 and never assigned
//	}
//
// # Corrected
//
//	func newWorker() *worker { return &worker{stop: make(chan struct{})} }
//
// # What it stays silent about
//
// A close behind a comparison of the channel with nil. A variable that is
// assigned under one condition and closed under another, since the two may
// agree. The case of a switch that no value takes. Exported fields, which other
// packages can assign, and all fields of packages that use unsafe or cgo.
//
// # Silencing
//
//	//lint:ignore chanlint/closenil the linker fills it in
//	close(w.stop)
package closenil
