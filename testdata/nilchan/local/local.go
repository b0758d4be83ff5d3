// Package local uses nil channels, which blocks forever.
package local

// The analyzer may not assume the values of these.
var fail = true

func send_bad() {
	var c chan int
	c <- 1 // leaks // want `send on nil channel blocks forever: c is declared at line \d+ and never assigned`
}

func send_ok() {
	var c chan int
	if fail {
		c = make(chan int, 1)
	}
	c <- 1
}

func receive_bad() {
	var c chan int
	<-c // leaks // want `receive from nil channel blocks forever: c is declared at line \d+ and never assigned`
}

func receive_ok() {
	var c chan int
	select {
	case <-c:
	default:
	}
}

func ranging_bad() {
	var c chan int
	for range c { // leaks // want `range over nil channel blocks forever: c is declared at line \d+ and never assigned`
	}
}

func ranging_ok() {
	c := make(chan int)
	close(c)
	for range c {
	}
}

type hub struct {
	in  chan int
	out chan int
}

func newHub() *hub { return &hub{in: make(chan int, 1)} }

func field_bad() {
	h := newHub()
	h.in <- 1
	<-h.out // leaks // want `receive from nil channel blocks forever: h.out is declared at line \d+ and never assigned`
}

func field_ok() {
	h := newHub()
	h.in <- 1
	if h.out != nil {
		<-h.out
	}
}

// Both sides wait; the defect is one.
func bothSides_bad() {
	var c chan int
	go func() {
		c <- 1 // leaks // want `send on nil channel blocks forever: c is declared at line \d+ and never assigned`
	}()
	<-c // leaks
}

func bothSides_ok() {
	c := make(chan int)
	go func() {
		c <- 1
	}()
	<-c
}

// A channel set to nil disables a communication.
func disabled_ok() {
	a, b := make(chan int), make(chan int)
	close(a)
	close(b)
	for a != nil || b != nil {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil
			}
		case _, ok := <-b:
			if !ok {
				b = nil
			}
		}
	}
}

func argument_bad() {
	produce(nil) // want `send on nil channel blocks forever: out is nil in this call of produce when produce uses it at line \d+`
}

func argument_ok() {
	produce(make(chan int, 1))
}

func produce(out chan<- int) {
	out <- 1 // leaks in argument_bad
}
