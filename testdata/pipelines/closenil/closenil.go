// Package closenil closes a stage of the textbook pipeline that was never
// made.
package closenil

// The counter closes the variable that nobody has made.
func counter_bad() {
	var naturals chan int
	go func() {
		close(naturals) // panics "close of nil channel" // want `close of nil channel: naturals .*`
	}()
}

func counter_ok() {
	naturals := make(chan int)
	go func() {
		close(naturals)
	}()
	<-naturals
}

// A stage of a struct is left out of its literal.
type pipe struct {
	naturals, squares chan int
}

func field_bad() {
	p := pipe{naturals: make(chan int)}
	close(p.naturals)
	for x := range p.naturals {
		println(x)
	}
	close(p.squares) // panics "close of nil channel" // want `close of nil channel: p.squares .*`
}

func field_ok() {
	p := pipe{naturals: make(chan int), squares: make(chan int)}
	close(p.naturals)
	for x := range p.naturals {
		println(x)
	}
	close(p.squares)
}
