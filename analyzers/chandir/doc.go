// Package chandir reports a parameter of a type chan T that could be <-chan T or
// chan<- T.
//
// # What it reports
//
// A parameter of an unexported function whose function only receives from it, or
// only sends to it or closes it. A directional type says so to the reader, and the
// compiler holds it: the receiving side can no longer close the channel by mistake.
// Handing the channel on counts as what the type there allows.
//
// It runs on request: as part of go fix -fixtool, by chanlint -fix -checks=chandir,
// or by its name in a list of checks. The suggested fix always compiles, also with
// the tests and on other platforms, alone or together with others.
//
// # Example
//
//	func squares(in, out chan int) { // in is only received from: its type can be <-chan int, and out is only sent to: …
//		for n := range in {
//			out <- n * n
//		}
//		close(out)
//	}
//
// # Corrected
//
//	func squares(in <-chan int, out chan<- int) {
//		for n := range in {
//			out <- n * n
//		}
//		close(out)
//	}
//
// # What it stays silent about
//
// Exported functions, methods and function literals: others depend on their types.
// A function that is used as a value, that has a go:linkname or that assembly
// names. Types with a name, and type parameters. A channel that is handed on as
// chan T or as an interface, assigned to another variable, stored, or compared with
// another channel. What depends on a declaration that another platform has as well.
// Code that cgo rewrites.
//
// # Silencing
//
//	//lint:ignore chanlint/chandir the type is to match that of the other workers
//	func squares(in, out chan int) {
package chandir
