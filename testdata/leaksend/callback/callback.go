// Package callback sends in methods that the standard library calls.
package callback

import "fmt"

// A sink sends on what is written to it.
type sink struct {
	lines chan string
}

func (s *sink) Write(p []byte) (int, error) {
	s.lines <- string(p) // leaks in twice_bad // want `send on s\.lines blocks forever.*`
	return len(p), nil
}

// Each call writes once, and one line is read.
func twice_bad() {
	s := &sink{lines: make(chan string)}
	go func() {
		fmt.Fprintf(s, "%d\n", 1)
		fmt.Fprintln(s, 2)
	}()
	<-s.lines
}

func twice_ok() {
	s := &sink{lines: make(chan string)}
	go func() {
		fmt.Fprintf(s, "%d\n", 1)
		fmt.Fprintln(s, 2)
	}()
	<-s.lines
	<-s.lines
}
