// Package gate lets a fixture fix the order of its goroutines without a
// channel, a lock or a timer that an analyzer could take into account: to the
// analyzer, Await is work of unknown length.
package gate

import (
	"sync/atomic"
	"time"
)

var opened atomic.Int32

// Await waits until the gate has been opened.
func Await() { AwaitN(1) }

// AwaitN waits until the gate has been opened n times.
func AwaitN(n int32) {
	for opened.Load() < n {
		time.Sleep(100 * time.Microsecond)
	}
}

// Open opens the gate. It may be called from any goroutine, any number of
// times.
func Open() { opened.Add(1) }
