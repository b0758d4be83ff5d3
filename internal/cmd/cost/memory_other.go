//go:build !unix

package main

import (
	"errors"
	"os"
)

// residentSet fails: only Unix systems report the memory of a process.
func residentSet(*os.ProcessState) (int64, error) {
	return 0, errors.New("this system does not report the memory of a process")
}
