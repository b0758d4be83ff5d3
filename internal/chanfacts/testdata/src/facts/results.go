package facts

import "os"

func Owes() <-chan int { // want Owes:`^result 0: receive; result 0: never nil$`
	c := make(chan int)
	go func() {
		defer close(c)
		c <- 1
	}()
	return c
}

func OwesSecond() (int, chan int) { // want OwesSecond:`^result 1: receive; result 1: never nil$`
	c := make(chan int)
	go func() {
		for {
			c <- 1
		}
	}()
	return 0, c
}

func OwesByFunction() <-chan int { // want OwesByFunction:`^result 0: receive; result 0: never nil$`
	c := make(chan int)
	go sends(c)
	return c
}

func Wraps() <-chan int { // want Wraps:`^result 0: receive; result 0: never nil$`
	return Owes()
}

func WrapsBoth() (int, chan int) { // want WrapsBoth:`^result 1: receive; result 1: never nil$`
	return OwesSecond()
}

func WrapsByName() <-chan int { // want WrapsByName:`^result 0: receive; result 0: never nil$`
	_, c := OwesSecond()
	return c
}

func Reads() <-chan int { // want Reads:`^result 0: never nil$`
	c := Owes()
	<-c
	return c
}

func Sink() chan<- int { // want Sink:`^result 0: close; result 0: never nil$`
	c := make(chan int, 1)
	go func() {
		for range c {
		}
	}()
	return c
}

func SinkClosed() chan<- int { // want SinkClosed:`^result 0: never nil$`
	c := make(chan int, 1)
	go Ranges(c)
	close(c)
	return c
}

func Buffered() <-chan int { // want Buffered:`^result 0: never nil$`
	c := make(chan int, 1)
	go func() { c <- 1 }()
	return c
}

func Maybe(yes bool) <-chan int { // want Maybe:`^result 0: never nil$`
	c := make(chan int)
	go func() {
		if !yes {
			return
		}
		c <- 1
	}()
	return c
}

func Selected(done chan bool) <-chan int { // want Selected:`^parameter 0: receives in a goroutine; result 0: never nil$`
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-done:
		}
	}()
	return c
}

func Taken() <-chan int { // want Taken:`^result 0: never nil$`
	c := make(chan int)
	go func() { c <- 1 }()
	go func() { <-c }()
	return c
}

func Bounded(n int) <-chan int { // want Bounded:`^result 0: never nil$`
	c := make(chan int)
	go func() {
		for range n {
			c <- 1
		}
	}()
	return c
}

func New() *server { // want New:`^result 0: never nil$`
	s := &server{}
	s.name = "x"
	return s
}

func NewOrNil(yes bool) *server {
	if yes {
		return nil
	}
	return &server{}
}

func NewAssigned(yes bool) *server {
	s := &server{}
	if yes {
		s = nil
	}
	return s
}

func Named() (s *server) {
	return
}

func Die() { // want Die:`^ends$`
	os.Exit(1)
}

func DieLater(yes bool) { // want DieLater:`^ends$`
	if yes {
		Die()
	} else {
		panic("no")
	}
}

func Serve() { // want Serve:`^runs for ever$`
	run()
}

func run() {
	for {
		for i := range 3 {
			print(i)
		}
	}
}

func Block() { // want Block:`^runs for ever$`
	select {}
}

func Turn(n int) {
	for {
		if n > 0 {
			return
		}
	}
}

func Break(n int) {
	for {
		switch {
		case n > 0:
			break // only the switch, which is not looked at
		}
	}
}

func Rescued() {
	defer rescue()
	panic("no")
}
