// Package closerecv reports a close of a receive-only channel.
//
// # What it reports
//
// close(c) where the type of c only allows receiving. That does not compile,
// and the compiler says no more than that; this check says what to do instead,
// in every driver that runs analyzers despite type errors. It also reports
// reflect.ValueOf(c).Close(), which compiles and panics.
//
// # Example
//
//	func printer(in <-chan int) {
//		for v := range in {
//			fmt.Println(v)
//		}
//		close(in) // close of receive-only channel: in is <-chan int; only the sending side closes, so …
//	}
//
// # Corrected
//
//	func squarer(in <-chan int, out chan<- int) {
//		for v := range in {
//			out <- v * v
//		}
//		close(out)
//	}
//
// # What it stays silent about
//
// A close by the receiving side through a channel that may be sent on: done
// channels and pools rightly do that. A reflect.Value that is not made of the
// channel in the same function.
//
// # Silencing
//
//	//lint:ignore chanlint/closerecv this test expects the panic
//	reflect.ValueOf(c).Close()
package closerecv
