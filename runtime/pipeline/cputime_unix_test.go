//go:build unix

package pipeline_test

import (
	"syscall"
	"time"
)

// cpuTime returns the processor time that the process has used: a figure that
// other processes disturb less than the clock.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
