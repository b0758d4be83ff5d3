// Package fixes has closes that can be removed, and some that cannot.
package fixes

// The analyzer may not assume the value of this.
var fail = true

func again_bad() {
	c := make(chan int)
	close(c)
	println("closed")
	close(c) // panics "close of closed channel" // want `close of closed channel: c is already closed at line \d+`
}

func again_ok() {
	c := make(chan int)
	close(c)
	println("closed")
}

// Which of the two is wrong is not certain.
func branch_bad() {
	c := make(chan int)
	if fail {
		close(c)
	}
	close(c) // panics "close of closed channel" // want `close of closed channel: c may already be closed at line \d+`
}

func branch_ok() {
	c := make(chan int)
	close(c)
}
