// Package lockchan reports a goroutine that holds a lock and blocks forever,
// because whoever could release it needs the lock.
//
// # What it reports
//
// With a sync.Mutex or sync.RWMutex that a function makes:
//
//   - a send or receive under a lock that the other side takes first;
//   - a WaitGroup.Wait under a lock that the workers take.
//
// Deadlocks of locks alone are reported by deadlock.
//
// A function that makes a lock is followed together with the functions of the
// package that it calls, the goroutines that they start, and the channels, wait
// groups and contexts between them. Their interleavings are searched for one
// after which the operation can never proceed, whatever else runs. It may lean
// on one condition that cannot be followed, such as err != nil, and must exist
// for every size of the loops and buffers that is tried.
//
// # Example
//
//	var mu sync.Mutex
//	events := make(chan int)
//	go func() {
//		mu.Lock()
//		ready = true
//		mu.Unlock()
//		<-events
//	}()
//	mu.Lock()
//	events <- 1 // send on events blocks forever: a lock is held that mu.Lock at line 4 needs
//	mu.Unlock()
//
// # Corrected
//
//	var mu sync.Mutex
//	events := make(chan int)
//	go func() {
//		mu.Lock()
//		ready = true
//		mu.Unlock()
//		<-events
//	}()
//	mu.Lock()
//	count++
//	mu.Unlock()
//	events <- 1
//
// # What it stays silent about
//
// A lock or channel that escapes, for example in a value made elsewhere: the
// value has to be made in the function that is followed. An operation that blocks only if two conditions come together that
// cannot be followed. A path that has already failed its test. A function with
// too many interleavings. Recursion and calls through interfaces.
//
// # Silencing
//
//	//lint:ignore chanlint/lockchan the receiver is known to be waiting already
//	events <- 1
package lockchan
