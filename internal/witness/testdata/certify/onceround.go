package p

import (
	"context"
	"sync"
	"time"
)

// A loop that never comes round is entered all the same.

var f, g = true, false

var ext func() bool

var (
	_ context.Context
	_ sync.Mutex
	_ time.Time
)

func inner(p, q bool, n int) {
	c1 := make(chan bool, 1)
	go func() {
		for range 2 {
			close(c1)
			for range 2 {
				return
			}
		}
	}()
}

func returns(p, q bool, n int) {
	var b1 bool
	c0 := make(chan bool, 2)
	go func() {
		for range n {
			b1 = <-c0
			c0 <- p
		}
	}()
	for {
		c0 <- true
		for range n {
			return
		}
	}
}
