// Package wrap stands between lib and those who use it.
package wrap

import "chanlint.test/testdata/farchan/lib"

// Numbers returns what lib.Numbers does.
func Numbers() <-chan int {
	numbers := lib.Numbers()
	return numbers
}

// Second has received the first number, and owes the rest to nobody else.
func Second() <-chan int {
	numbers := lib.Number()
	return numbers
}
