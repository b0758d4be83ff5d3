// Package closedspin reports a receive in a loop that goes round and round once
// its channel is closed, so that the goroutine spins.
//
// # What it reports
//
// A receive from a closed channel never blocks. A loop that neither leaves nor
// blocks when it has received from one comes back to the receive at once, for
// ever, with a processor fully busy. The usual cause is a break that leaves the
// select and not the loop. It is reported where every way leads back, and
//
//   - a branch asks for the second result of the receive, v, ok := <-c, or
//   - nothing is ever sent on the channel and the package closes it, or it is
//     the Done of a context, so that whatever is received, it is closed.
//
// # Example
//
//	for {
//		select {
//		case job, ok := <-jobs: // receive from jobs spins once it is closed: the loop at line 1 goes on to receive again
//			if !ok {
//				break
//			}
//			run(job)
//		case <-quit:
//			return
//		}
//	}
//
// # Corrected
//
//	for {
//		select {
//		case job, ok := <-jobs:
//			if !ok {
//				return
//			}
//			run(job)
//		case <-quit:
//			return
//		}
//	}
//
// # What it stays silent about
//
// A loop in which something happens after the close that might end it: a
// condition that is not known, a call of any function but those that print or
// make a value, a store to a variable that is shared, a send, another receive.
// A channel that is set to nil or made anew, also by another goroutine. A
// channel of the package that nothing closes. A receive that does not ask
// whether the channel is closed, if anything is sent on it.
//
// # Silencing
//
//	//lint:ignore chanlint/closedspin quit follows at once
//	case job, ok := <-jobs:
package closedspin
