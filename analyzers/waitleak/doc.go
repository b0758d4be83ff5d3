// Package waitleak reports a Wait of a WaitGroup, errgroup.Group or Cond that
// blocks forever.
//
// # What it reports
//
// A Wait on a group that a function makes:
//
//   - Wait stands before the loop that drains the workers' results, or before
//     the close that ends them, so that each waits for the other;
//   - Done is called fewer times than Add counts: a worker returns early, is
//     started on one path only, or Add is called once too often;
//   - a worker waits for the group that counts it.
//
// A Cond.Wait that no Signal or Broadcast can follow, if it does not stand in a
// loop over the condition. A Wait on the condition variable in an unexported field
// that no function of the package signals, wherever it stands.
//
// A function that makes a group is followed together with the functions of the
// package that it calls, the goroutines that they start, and the channels,
// mutexes and contexts between them. Their interleavings are searched for one
// after which the Wait can never return, whatever else runs. It may lean on one
// condition that cannot be followed, such as err != nil, and must exist for
// every size of the loops and buffers that is tried.
//
// # Example
//
//	var wg sync.WaitGroup
//	results := make(chan int)
//	for _, url := range urls {
//		wg.Go(func() {
//			results <- fetch(url)
//		})
//	}
//	wg.Wait() // wg.Wait blocks forever: send on results at line 5 waits for what comes after it
//	close(results)
//	for r := range results {
//		sum += r
//	}
//
// # Corrected
//
//	var wg sync.WaitGroup
//	results := make(chan int)
//	for _, url := range urls {
//		wg.Go(func() {
//			results <- fetch(url)
//		})
//	}
//	go func() {
//		wg.Wait()
//		close(results)
//	}()
//	for r := range results {
//		sum += r
//	}
//
// # What it stays silent about
//
// A group that escapes, for example into a field of a value made elsewhere, or
// is copied, which go vet reports. Workers that block where nothing after the
// Wait would help them: leaksend and leakrecv report those, at the worker. An
// errgroup with a limit that is no constant. A Wait that blocks only if two conditions come
// together that cannot be followed. A path that has already failed its test. A
// function with too many interleavings. Recursion and calls through interfaces.
//
// # Silencing
//
//	//lint:ignore chanlint/waitleak the program is killed while it waits here
//	wg.Wait()
package waitleak
