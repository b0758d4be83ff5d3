// Package farchan reports a channel that a function of another package has
// closed, or has left to a caller who drops it.
//
// # What it reports
//
//   - A call of a function of another package that makes a channel, starts a
//     goroutine which certainly sends on it, and returns it, where the caller
//     drops the result: the goroutine never ends.
//   - A send on a variable, or its close, after a call in the same block of a
//     function of another package that closes it whenever it returns.
//
// It runs on request, with -farchan: what it knows of other packages are facts,
// which a driver has to compute for every dependency.
//
// # Example
//
//	lib.Finish(done)
//	close(done) // close of closed channel: lib.Finish at line 1 has closed done
//
// # Corrected
//
//	lib.Finish(done)
//
// # What it stays silent about
//
// Functions of the standard library under drivers that compute no facts for it.
// Functions that close on some paths only, or in a function that they call. A
// channel that is received from sometimes. Fields, and variables that are
// assigned twice. Calls through interfaces and function values.
//
// # Silencing
//
//	//lint:ignore chanlint/farchan the process ends here
//	lib.Numbers()
package farchan
