// Package doubleclose reports a channel that is closed twice, which panics.
//
// # What it reports
//
// A close that one and the same goroutine has made already, or is certain to
// make as well, on the same channel:
//
//   - on every path, or on one path through a branch;
//   - by a deferred close and an explicit one;
//   - in every iteration of a loop;
//   - after a receive or range that has shown the channel to be closed;
//   - through functions and methods of the package, such as two calls of Stop;
//   - in a goroutine that is started in a loop, or whose starter closes too.
//
// The channel may be a variable, captured or not, a parameter, or a field
// reached from one. "is already closed" means that the close panics whenever it
// is reached, "may already be closed" that it panics on some path.
//
// # Example
//
//	defer close(done) // close of closed channel: done may already be closed at line 4 when this deferred call runs
//	if err := setup(); err != nil {
//		log.Print(err)
//		close(done)
//		return
//	}
//
// # Corrected
//
//	defer close(done)
//	if err := setup(); err != nil {
//		log.Print(err)
//		return
//	}
//
// # What is likely
//
// With -confidence=likely, also a close of a field that another close, or a
// second call, may meet:
//
//   - behind a check (a flag, a nil test, a select with a default) that two
//     goroutines can pass before either closes, because no lock, sync.Once or
//     atomic swap makes check and change one step;
//   - behind a check of something that the other close leaves as it is;
//   - in a function that sets a flag which others test and it does not;
//   - at the end of a goroutine that can be started again;
//   - in an exported method that the package's own goroutine calls as well.
//
// # What it stays silent about
//
// A close behind any condition of its own: a flag, a sync.Once, a select with a
// default, a comparison with nil, a counter that reaches zero. Two branches are
// never combined, because their conditions may exclude each other. A field that
// other code may make anew between the two closes, when a lock is given up or a
// function of another package runs. A Close method that two callers in other
// packages could call. Functions that recover from panics. Channels in slices,
// maps and interfaces.
//
// # Silencing
//
//	//lint:ignore chanlint/doubleclose the panic is what this test expects
//	close(done)
package doubleclose
