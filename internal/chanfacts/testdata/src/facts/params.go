package facts

import (
	"os"
	"sync"
)

func Closes(c chan int) { // want Closes:`^parameter 0: closes always$`
	close(c)
}

func ClosesSecond(n int, c chan int) { // want ClosesSecond:`^parameter 1: closes always$`
	defer close(c)
	if n > 0 {
		return
	}
}

func ClosesLate(n int, c chan int) { // want ClosesLate:`^parameter 1: closes sometimes$`
	if n > 0 {
		return
	}
	close(c)
}

func ClosesOrDies(n int, c chan int) { // want ClosesOrDies:`^parameter 1: closes sometimes$`
	if n > 0 {
		os.Exit(1)
	}
	close(c)
}

func ClosesOther(c chan int) { // want ClosesOther:`^parameter 0: closes sometimes, sets$`
	c = make(chan int)
	close(c)
}

func ClosesThere(c chan int) { // want ClosesThere:`^parameter 0: closes in a goroutine$`
	go func() { close(c) }()
}

func ClosesByArgument(c chan int) { // want ClosesByArgument:`^parameter 0: closes always$`
	func(d chan int) { close(d) }(c)
}

func Nothing(c chan int) bool { // want Nothing:`^$`
	return c == nil || len(c) > 0
}

func Recovers(c chan int) { // want Recovers:`^parameter 0: sends sometimes$`
	defer func() { recover() }()
	c <- 1
}

func RecoversElsewhere(c chan int) { // want RecoversElsewhere:`^parameter 0: sends sometimes$`
	defer rescue()
	c <- 1
}

func rescue() { recover() }

func EitherWay(yes bool, c chan int) { // want EitherWay:`^parameter 1: sends always$`
	if yes {
		c <- 1
	} else {
		c <- 2
	}
}

func OneWay(yes bool, c chan int) { // want OneWay:`^parameter 1: sends sometimes, receives sometimes$`
	if yes {
		c <- 1
	} else {
		<-c
	}
}

func Selects(c, d chan int) { // want Selects:`^parameter 0: sends sometimes; parameter 1: receives sometimes$`
	select {
	case c <- 1:
	case <-d:
	}
}

func SelectsOne(c chan int) { // want SelectsOne:`^parameter 0: sends always$`
	select {
	case c <- 1:
	}
}

func Ranges(c chan int) { // want Ranges:`^parameter 0: receives always, ranges always$`
	for range c {
	}
}

func RangesUntil(c chan int) { // want RangesUntil:`^parameter 0: receives always, ranges sometimes$`
	for v := range c {
		if v == 0 {
			break
		}
	}
}

func InCondition(c chan bool, yes bool) bool { // want InCondition:`^parameter 0: receives sometimes$`
	return yes && <-c
}

func Repeats(c chan int) { // want Repeats:`^parameter 0: receives always; runs for ever$`
	for {
		<-c
	}
}

func RepeatsPerhaps(c chan int, n int) { // want RepeatsPerhaps:`^parameter 0: receives sometimes$`
	for {
		if n > 0 {
			break
		}
		<-c
	}
}

func Passes(c chan int, n int) { // want Passes:`^parameter 0: sends always, closes in a goroutine$`
	sends(c)
	go closes(c)
}

func PassesSometimes(c chan int, n int) { // want PassesSometimes:`^parameter 0: sends sometimes$`
	if n > 0 {
		sends(c)
	}
}

func sends(c chan int)  { c <- 1 }
func closes(c chan int) { close(c) }

func HandsOn(c chan int, f func(chan int)) { // want HandsOn:`^parameter 0: hands on$`
	f(c)
}

var kept chan int

func Keeps(c chan int) { // want Keeps:`^parameter 0: keeps$`
	kept = c
}

func Captures(c chan int) func() { // want Captures:`^parameter 0: sends sometimes, keeps; result 0: never nil$`
	return func() { c <- 1 }
}

func Workers(c chan int) { // want Workers:`^parameter 0: receives in a goroutine, ranges in a goroutine, closes sometimes$`
	var wg sync.WaitGroup
	wg.Go(func() {
		for range c {
		}
	})
	var once sync.Once
	once.Do(func() { close(c) })
}

// Ping and Pong call each other: what one does always, the other need not.
func Ping(c chan int, n int) { // want Ping:`^parameter 0: sends always, receives sometimes$`
	c <- n
	if n > 0 {
		Pong(c, n-1)
	}
}

func Pong(c chan int, n int) { // want Pong:`^parameter 0: sends always, receives always$`
	<-c
	Ping(c, n)
}
