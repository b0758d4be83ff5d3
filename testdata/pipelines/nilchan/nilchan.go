// Package nilchan uses a stage of the textbook pipeline that was never made.
package nilchan

// The counter sends on the nil channel.
func send_bad() {
	var naturals chan int
	for x := range 3 {
		naturals <- x // leaks // want `send on nil channel.*`
	}
}

func send_ok() {
	naturals := make(chan int, 3)
	for x := range 3 {
		naturals <- x
	}
}

// The printer ranges over the nil channel.
func print_bad() {
	var squares chan int
	for x := range squares { // leaks // want `range over nil channel.*`
		println(x)
	}
}

func print_ok() {
	squares := make(chan int, 1)
	squares <- 1
	close(squares)
	for x := range squares {
		println(x)
	}
}
