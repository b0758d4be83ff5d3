// Package farchan reports a channel that a function of another package has closed,
// waits on for ever, or has left to a caller who drops it.
//
// # What it reports
//
//   - A send on a variable, or its close, after a call in the same block of a
//     function of another package that closes it whenever it returns.
//   - A call that hands over an unbuffered channel, which nobody else has, to a
//     function that sends on it, receives from it or ranges over it before it
//     returns.
//   - A go statement with a function that ranges until the close, over a channel
//     that is sent on and never closed and goes nowhere else.
//   - A call of a function that returns a channel on which a goroutine of its own
//     certainly sends, or over which it ranges, where the caller drops the result,
//     may return before the first receive, or never closes it: the goroutine leaks.
//   - A goroutine that waits for what stands behind a call that never returns.
//
// It runs on request, with -farchan: what it knows of other packages are facts,
// which a driver has to compute for every dependency. Functions that call such
// functions of their own or of further packages are followed.
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
// Functions that do it on some paths only, or that may recover from a panic.
// Fields, and variables that are assigned twice. A channel that the other function
// keeps, or passes to one that is not known. Calls through interfaces and function
// values. Goroutines and calls of main, init and TestMain.
//
// # Silencing
//
//	//lint:ignore chanlint/farchan the process ends here
//	lib.Numbers()
package farchan
