package p

import (
	"context"
	"sync"
	"time"
)

// A flag that nobody assigns does not change from one round of a loop to the next.

var f, g = true, false

var ext func() bool

var (
	_ context.Context
	_ sync.Mutex
	_ time.Time
)

func flag(p, q bool, n int) {
	c1 := make(chan bool, n)
	go func() {
		for range n {
			for range 2 {
				if f {
					c1 <- true
				}
			}
		}
		select {
		case c1 <- !p:
		}
	}()
}

func serves(p, q bool, n int) {
	var b0 bool
	c0 := make(chan bool, 2)
	go func() {
		for {
			select {
			case c0 <- true:
				if g {
					return
				}
			case b0 = <-c0:
			}
		}
	}()
	c0 <- false
}

func twice(p, q bool, n int) {
	c0 := make(chan bool, 1)
	if !f {
		return
	}
	for range n {
		close(c0)
		if f {
			return
		}
	}
}
