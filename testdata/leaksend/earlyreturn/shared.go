package earlyreturn

import (
	"time"

	"chanlint.test/testdata/gate"
)

// loud makes goroutines say what they do.
var loud = false

// A server has state that the analyzer does not follow.
type server struct{ served int }

func (s *server) serve() error {
	if s.served++; s.served > 3 {
		return errFailed
	}
	return nil
}

var one server

// The error is a variable that both sides assign; what the goroutine tests is
// what it has just stored there. The first call may fail, whatever the rest of
// the loop depends on.
func capturedError_bad() {
	errc := make(chan error)
	var err error
	go func() {
		for {
			if err = prepare(); err != nil {
				gate.Await()
				errc <- err // leaks // want `send on errc blocks forever if capturedError_bad returns at line \d+ before receiving; goroutine leaks`
				return
			}
			if err = one.serve(); err != nil {
				return
			}
		}
	}()
	select {
	case err = <-errc:
		println(err)
	case <-time.After(time.Millisecond):
	}
	gate.Open()
}

func capturedError_ok() {
	errc := make(chan error, 1)
	var err error
	go func() {
		for {
			if err = prepare(); err != nil {
				errc <- err
				return
			}
			if err = one.serve(); err != nil {
				return
			}
		}
	}()
	select {
	case err = <-errc:
		println(err)
	case <-time.After(time.Millisecond):
	}
}

// What is stored between the assignment and the test decides, not what was
// assigned: the send never happens.
func overwritten_ok() {
	errc := make(chan error)
	var err error
	clear := func() { err = nil }
	go func() {
		err = prepare()
		clear()
		if err != nil {
			errc <- err
		}
	}()
	if prepare() != nil {
		return
	}
	println(err)
}

// Whether the goroutine is loud makes no difference to whether it leaks.
func indifferent_bad() {
	errc := make(chan error)
	go func() {
		if loud {
			println("begins")
		}
		errc <- work() // leaks // want `send on errc blocks forever if indifferent_bad returns at line \d+ before receiving; goroutine leaks`
		if loud {
			println("ends")
		}
	}()
	if fails {
		return
	}
	<-errc
}

func indifferent_ok() {
	errc := make(chan error, 1)
	go func() {
		if loud {
			println("begins")
		}
		errc <- work()
		if loud {
			println("ends")
		}
	}()
	if fails {
		return
	}
	<-errc
}

// Here it does: who is loud has asked for two messages.
func different_ok() {
	errc := make(chan error)
	go func() {
		errc <- work()
		if loud {
			errc <- work()
		}
	}()
	<-errc
	if loud {
		<-errc
	}
}

// odd is true when the fixtures are run.
var odd = true

// Two conditions have to hold, which may exclude each other: that is likely.
func nestedConditions_bad() {
	errc := make(chan error)
	go func() {
		errc <- work() // leaks // likely `send on errc blocks forever if nestedConditions_bad returns at line \d+ before receiving; goroutine leaks`
	}()
	if fails {
		println("fails")
		if odd {
			return
		}
	}
	<-errc
}

func nestedConditions_ok() {
	errc := make(chan error, 1)
	go func() {
		errc <- work()
	}()
	if fails {
		println("fails")
		if odd {
			return
		}
	}
	<-errc
}

// What one side makes depend on a condition, the other side may as well, under
// another name.
func bothSides_ok() {
	errc := make(chan error)
	both := fails && odd
	go func() {
		if fails && odd {
			errc <- work()
		}
	}()
	if both {
		<-errc
	}
}
