// Package timerleak reports a receive or range that blocks forever on the
// channel of a timer or ticker.
//
// # What it reports
//
// Receives that certainly wait for nothing:
//
//   - from the C of a timer that time.AfterFunc makes, which is nil;
//   - from a timer whose one value has been received on every path, such as the
//     old idiom to stop and drain it in the very case that received the value;
//   - from a timer or ticker that is stopped and not reset. From Go 1.23 on
//     Stop leaves no stale value behind, so that nothing is left to drain.
//
// And a range over the C of a timer or ticker, or over time.Tick, that has no
// other way out, where the program shows that it is meant to end: another
// function stops the ticker, which does not close its channel; code stands
// behind the loop; or somebody waits for a deferred WaitGroup.Done or close.
//
// # Example
//
//	ticker := time.NewTicker(time.Second)
//	go func() {
//		for range ticker.C { // range over ticker.C blocks forever: the Stop at line 7 does not close it; goroutine leaks
//			poll()
//		}
//	}()
//	defer ticker.Stop()
//
// # Corrected
//
//	ticker := time.NewTicker(time.Second)
//	quit := make(chan struct{})
//	go func() {
//		for {
//			select {
//			case <-ticker.C:
//				poll()
//			case <-quit:
//				return
//			}
//		}
//	}()
//	defer close(quit)
//	defer ticker.Stop()
//
// # What it stays silent about
//
// A loop over a ticker that may well last as long as the program: the ticker is
// stopped only by the function itself, by main, or not at all. A ticker that is
// also reset. A timer that other functions reset, or that leaves its function:
// as an argument, a result, in a field or an interface. A value that was
// received on some paths only. Receives in a select. Stop followed by a receive
// in a module for Go 1.22 or older; //go:debug asynctimerchan=1, which brings
// the stale values back, is not looked at. Packages that set the C of a timer
// themselves, as fake clocks do.
//
// # Silencing
//
//	//lint:ignore chanlint/timerleak the goroutine lasts as long as the process
//	for range ticker.C {
package timerleak
