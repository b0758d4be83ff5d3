// Package elements waits for contexts and handlers that others keep.
package elements

import "context"

type task struct{ stop func() }

// The child ends with its parent, which nobody ends.
func child_bad() {
	parent, end := context.WithCancel(context.Background())
	child, cancel := context.WithCancel(parent)
	tasks := []task{{end}, {cancel}}
	go func() {
		<-child.Done() // leaks // want `receive from child.Done\(\) blocks forever.*`
	}()
	if len(tasks) > 2 {
		tasks[0].stop()
	}
}

// Ending the parent ends the child.
func child_ok() {
	parent, end := context.WithCancel(context.Background())
	child, cancel := context.WithCancel(parent)
	tasks := []task{{cancel}, {end}}
	done := make(chan struct{})
	go func() {
		<-child.Done()
		close(done)
	}()
	tasks[1].stop()
	<-done
}

type monitor struct{ handlers []func() }

func (m *monitor) handle(h func()) { m.handlers = append(m.handlers, h) }

func (m *monitor) fire() {
	for _, h := range m.handlers {
		h()
	}
}

// The handler that closes was never added.
func handler_bad() {
	m := &monitor{}
	done := make(chan struct{})
	m.handle(func() {})
	m.fire()
	<-done // leaks // want `receive from done blocks forever.*`
}

func handler_ok() {
	m := &monitor{}
	done := make(chan struct{})
	m.handle(func() { close(done) })
	m.fire()
	<-done
}
