//go:build unix

package main

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// residentSet returns the peak resident set of a finished process in KiB.
func residentSet(p *os.ProcessState) (int64, error) {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("this system does not report the memory of a process")
	}
	kib := int64(usage.Maxrss)
	if runtime.GOOS == "darwin" { // which counts bytes
		kib /= 1024
	}
	return kib, nil
}
