// Package local closes nil channels of one function.
package local

// The analyzer may not assume the values of these.
var (
	fail = true
	mode = 3
)

func neverMade_bad() {
	var c chan int
	close(c) // panics "close of nil channel" // want `close of nil channel: c is declared at line \d+ and never assigned`
}

func neverMade_ok() {
	var c chan int
	if c != nil {
		close(c)
	}
}

func onePath_bad() {
	var c chan int
	if !fail {
		c = make(chan int)
	}
	close(c) // panics "close of nil channel" // want `close of nil channel: c is declared at line \d+ and may not be assigned before this close`
}

func onePath_ok() {
	var c chan int
	if !fail {
		c = make(chan int)
	}
	if !fail {
		close(c)
	}
}

// The cases are meant to be exhaustive.
func exhaustive_ok() {
	var c chan int
	switch mode {
	case 1:
		c = make(chan int, 1)
	case 3:
		c = make(chan int, 3)
	}
	close(c)
}

func setToNil_bad() {
	c := make(chan int)
	close(c)
	c = nil
	close(c) // panics "close of nil channel" // want `close of nil channel: c is nil on every path to this close`
}

func setToNil_ok() {
	c := make(chan int)
	close(c)
	c = nil
	if c != nil {
		close(c)
	}
}

func captured_bad() {
	var c chan int
	done := make(chan bool)
	go func() {
		defer close(done)
		close(c) // panics "close of nil channel" // want `close of nil channel: c is declared at line \d+ and never assigned`
	}()
	<-done
}

func captured_ok() {
	var c chan int
	done := make(chan bool)
	c = make(chan int)
	go func() {
		defer close(done)
		close(c)
	}()
	<-done
}

func argument_bad() {
	finish(nil) // want `close of nil channel: done is nil in this call of finish when finish closes it at line \d+`
}

func argument_ok() {
	finish(make(chan int))
	finishIf(nil)
}

func finish(done chan int) {
	close(done) // panics "close of nil channel" in argument_bad
}

func finishIf(done chan int) {
	if done != nil {
		close(done)
	}
}

func compared_bad() {
	var c chan int
	if fail {
		c = nil
	}
	if c == nil {
		close(c) // panics "close of nil channel" // want `close of nil channel: c is declared at line \d+ and never assigned`
	}
}

func compared_ok() {
	var c chan int
	if fail {
		c = make(chan int)
	}
	if c != nil {
		close(c)
	}
}

func earlyReturn_bad() {
	var c chan int
	defer func() {
		close(c) // panics "close of nil channel" // want `close of nil channel: c is declared at line \d+ and may not be assigned before this close when this deferred call runs`
	}()
	if fail {
		return
	}
	c = make(chan int)
}

func earlyReturn_ok() {
	var c chan int
	if fail {
		return
	}
	defer func() { close(c) }()
	c = make(chan int)
}

func zeroTrips_ok() {
	var c chan int
	for i := range mode {
		c = make(chan int, i)
	}
	close(c)
}
