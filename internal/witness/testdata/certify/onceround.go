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
