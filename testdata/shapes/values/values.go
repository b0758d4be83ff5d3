// Package values has protocols in which the contents of a message decide who
// stops.
package values

import (
	"errors"
	"fmt"
	"io"

	"chanlint.test/testdata/gate"
)

// A negative number tells the receiver that nothing follows.
func sentinelInt_ok() {
	c := make(chan int)
	go func() {
		for i := range 3 {
			c <- i
		}
		c <- -1
	}()
	for {
		v := <-c
		if v < 0 {
			return
		}
		println(v)
	}
}

type message struct {
	data string
	end  bool
}

// A field of the message says that it is the last one.
func endField_ok() {
	c := make(chan message)
	go func() {
		c <- message{data: "a"}
		c <- message{data: "b"}
		c <- message{end: true}
	}()
	for {
		m := <-c
		if m.end {
			break
		}
		println(m.data)
	}
}

// The value of a done channel says whether more is to be received.
func doneValue_ok() {
	done := make(chan bool)
	errc := make(chan error)
	go func() {
		if gateFails() {
			done <- false
			errc <- errors.New("failed")
			return
		}
		done <- true
	}()
	if <-done {
		return
	}
	println((<-errc).Error())
}

func gateFails() bool { return true }

// A sentinel error ends the loop.
func sentinelError_ok() {
	errc := make(chan error)
	go func() {
		errc <- nil
		errc <- io.EOF
	}()
	for {
		err := <-errc
		if err == io.EOF {
			return
		}
	}
}

// errors.Is on the received error.
func wrappedError_ok() {
	errc := make(chan error)
	go func() {
		errc <- nil
		errc <- fmt.Errorf("reading: %w", io.EOF)
	}()
	for {
		if err := <-errc; errors.Is(err, io.EOF) {
			return
		}
	}
}

// A counter is handed from goroutine to goroutine; who gets zero stops.
func countdown_ok() {
	ball := make(chan int)
	done := make(chan struct{})
	player := func() {
		for n := range ball {
			if n == 0 {
				close(done)
				return
			}
			select {
			case ball <- n - 1:
			case <-done:
				return
			}
		}
	}
	go player()
	go player()
	ball <- 4
	<-done
	// The player that did not get zero is at its receive.
	close(ball)
}

// A non-nil error stands for the end; errors.New is never nil.
func errorsNew_ok() {
	errc := make(chan error)
	go func() {
		errc <- errors.New("always")
	}()
	if err := <-errc; err == nil {
		<-errc
	}
}

// fmt.Errorf is never nil either.
func errorf_ok() {
	errc := make(chan error)
	go func() {
		errc <- fmt.Errorf("always %d", 1)
	}()
	if err := <-errc; err != nil {
		return
	}
	<-errc
}

type failure struct{}

func (*failure) Error() string { return "failure" }

// A concrete value in an interface is not nil.
func concrete_ok() {
	errc := make(chan error, 1)
	errc <- &failure{}
	if err := <-errc; err == nil {
		<-errc
	}
}

// The first byte of a message selects the number of answers to read.
func kinds_ok() {
	type kind int
	const (
		one kind = iota
		two
	)
	c := make(chan kind)
	go func() {
		k := two
		c <- k
		c <- one
		if k == two {
			c <- one
		}
	}()
	switch <-c {
	case one:
		<-c
	case two:
		<-c
		<-c
	}
}

// The pointer received is nil at the end.
func nilPointer_ok() {
	c := make(chan *message)
	go func() {
		c <- &message{data: "a"}
		c <- nil
	}()
	for m := <-c; m != nil; m = <-c {
		println(m.data)
	}
}

// An ack is awaited for those messages only that ask for one.
func acks_ok() {
	type msg struct{ ack chan struct{} }
	c := make(chan msg)
	go func() {
		defer close(c)
		c <- msg{}
		m := msg{ack: make(chan struct{})}
		c <- m
		<-m.ack
	}()
	for m := range c {
		if m.ack != nil {
			close(m.ack)
		}
	}
}

// The sum of what was received says when all has arrived.
func total_ok() {
	c := make(chan int)
	go func() {
		for _, n := range []int{3, 4, 5} {
			c <- n
		}
	}()
	for got := 0; got < 12; {
		got += <-c
	}
}

// A map from names to results is filled until it is complete.
func untilComplete_ok() {
	names := []string{"a", "b", "c"}
	c := make(chan string)
	for _, name := range names {
		go func() { c <- name }()
	}
	seen := make(map[string]bool)
	for len(seen) < len(names) {
		seen[<-c] = true
	}
}

// The comma-ok result of a type switch on the message.
func typeSwitch_ok() {
	c := make(chan any)
	go func() {
		c <- "text"
		c <- 1
		c <- io.EOF
	}()
	for {
		switch v := (<-c).(type) {
		case error:
			return
		case int, string:
			_ = v
		}
	}
}

// The same flag decides on both sides.
func sameFlag_ok() {
	verbose := gateFails()
	c := make(chan int)
	go func() {
		if verbose {
			c <- 1
		}
	}()
	if verbose {
		<-c
	}
}

// The same error decides on both sides.
func sameError_ok() {
	err := check()
	c := make(chan int)
	if err == nil {
		go func() { c <- 1 }()
	}
	if err != nil {
		return
	}
	<-c
}

func check() error { return nil }

// Whether a goroutine was started is kept in the channel variable itself.
func nilUnlessStarted_ok() {
	var c chan int
	if gateFails() {
		c = make(chan int)
		go func() { c <- 1 }()
	}
	if c != nil {
		<-c
	}
}

// Work of unknown length in between changes nothing.
func slow_ok() {
	c := make(chan int)
	go func() {
		gate.Await()
		c <- 1
	}()
	gate.Open()
	<-c
}
