package a

import "fmt"

func squares(in, out chan int) { // want `^in is only received from: its type can be <-chan int, and out is only sent to: its type can be chan<- int$`
	for n := range in {
		out <- n * n
	}
	close(out)
}

func both(c, d chan string) { // want `^c is only received from: its type can be <-chan string, and d is only received from: its type can be <-chan string$`
	select {
	case <-c:
	case s, ok := <-d:
		fmt.Println(s, ok)
	}
}

func one(c chan struct{}, n int) { // want `^c is only sent to: its type can be chan<- struct\{\}$`
	if c != nil && cap(c) > n && len(c) == 0 {
		defer close(c)
	}
}

func mixed(a, _, b, c chan int) { // want `^a is only received from: its type can be <-chan int, and c is only sent to: its type can be chan<- int$`
	<-a
	b <- <-b
	c <- 1
}

func nested(c chan (<-chan int), d chan chan int) { // want `^c is only received from: its type can be <-chan \(<-chan int\)$` `^d is only sent to: its type can be chan<- chan int$`
	for range <-c {
	}
	d <- make(chan int)
}

// Closures, reassignment, parentheses and recursion.
func closures(c, d chan int) { // want `^c is only sent to: its type can be chan<- int, and d is only received from: its type can be <-chan int$`
	go func() { (c) <- 1 }()
	if c == nil {
		c = make(chan int, 1)
		d, ok := 1, true
		_, _ = d, ok
	}
	c, x := make(chan int), <-d
	if x > 0 {
		closures(c, d)
	}
}

func generic[T any, K comparable](c chan map[K]T, out chan T) { // want `^c is only received from: its type can be <-chan map\[K\]T$` `^out is only sent to: its type can be chan<- T$`
	for m := range c {
		for _, v := range m {
			out <- v
		}
	}
}

type named chan map[string]int

type ints chan int

func calls(c chan map[string]int, n named, out chan int) { // want `^out is only sent to: its type can be chan<- int$`
	generic(c, make(chan int))
	generic(n, make(chan int))
	generic[int, string](nil, nil)
	(generic[int, string])(nil, nil)
	out <- 1
}

// Handing on.

func takesRecv(<-chan int, ...<-chan int) {}
func takesBoth(chan int)                  {}
func takesAny(...any)                     {}
func takesGeneric[T any](<-chan T)        {}
func takesParam[C any](C)                 {}

type recv <-chan int

func handsOn(a, b, c, d, e chan int) <-chan int { // want `^a is only received from: .* b is only received from: .* c is only received from: .* d is only received from: .* e is only received from: its type can be <-chan int$`
	takesRecv(a, b)
	takesGeneric(c)
	var r recv = d
	var s <-chan int
	s = recv(e)
	_, _ = r, s
	return func() <-chan int { return a }()
}

func handsOnWhole(a, b, c, d, e, f, g, h chan int) chan int {
	takesBoth(a)
	takesAny(b)
	takesParam(c)
	x := d
	var y interface{} = e
	_, _ = x, y
	_ = []chan int{f}
	p := &g
	_ = p
	return h
}

func compares(a, b chan int, c interface{}) {
	<-a
	<-b
	if a == b || a == c {
		return
	}
}

func switches(a chan int) {
	<-a
	switch a {
	case nil:
	}
}

func returned(c chan int) chan int {
	<-c
	return func() chan int { return c }()
}

// Types that must stay.

var value = usedAsValue

func usedAsValue(c chan int) { <-c }

func deferred(c chan int) { <-c } // want `c is only received from`

func callsDeferred() { defer deferred(nil); go deferred(make(chan int)) }

func passed(c chan int) { <-c }

func passes(f func(func(chan int))) { f(passed) }

func Exported(c chan int) { <-c }

type T struct{}

func (T) method(c chan int) { <-c }

func literal() func(chan int) { return func(c chan int) { <-c } }

func alreadyDirectional(c <-chan int, d chan<- int) { d <- <-c }

func namedType(n named) { <-n }

func param[C chan int | ints](c C) { <-c }

func slice(cs ...chan int) { <-cs[0] }

func unused(c chan int) {}

//export exported
func exported(c chan int) { <-c }

// A comment would be lost.
func commented(a /* in */, b chan int) { // want `^a is only received from: its type can be <-chan int$`
	b <- <-a
	<-b
}

//lint:ignore chanlint/chandir like the others
func silenced(c chan int) { <-c }
