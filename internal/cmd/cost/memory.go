package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// memoryFile names the environment variable that turns this command into
	// the go command's -toolexec: it runs the tool that its arguments name, and
	// adds to the file in that variable what the process used at most.
	memoryFile = "CHANLINT_COST_MEMORY"
	// toolName is the file name of every tool that is measured, by which watch
	// tells it from the compiler and the other tools of a build.
	toolName = "measured-vet"
)

// watch runs a tool and returns its exit status. If it is a tool that is
// measured, watch appends its peak resident set in KiB to the file as a line.
func watch(file string, args []string) int {
	if len(args) == 0 {
		return 2
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, "cost:", err)
		return 2
	}
	if filepath.Base(args[0]) == toolName {
		if err := note(file, cmd.ProcessState); err != nil {
			fmt.Fprintln(os.Stderr, "cost:", err)
			return 2
		}
	}
	return cmd.ProcessState.ExitCode()
}

// note appends the peak resident set of a finished process to a file. Several
// processes may do so at once: a short line appended is written in one piece.
func note(file string, p *os.ProcessState) (err error) {
	kib, err := residentSet(p)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = fmt.Fprintf(f, "%d\n", kib)
	return err
}

// peak returns the largest number in a file that note wrote, and removes the
// file. No file at all is an error: then no tool ran.
func peak(file string) (int64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var top int64
	for _, field := range strings.Fields(string(data)) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		top = max(top, n)
	}
	return top, os.Remove(file)
}
