package leakcheck_test

import (
	"errors"
	"fmt"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

// firstResult is a leak as it is often written: the slower sender has no receiver.
func firstResult() int {
	results := make(chan int)
	for i := range 2 {
		//lint:ignore chanlint/* the leak is the point
		go func() { results <- i }()
	}
	return <-results
}

// Find looks at the whole process, so it is told about what was there before.
func ExampleFind() {
	known := leakcheck.IgnoreCurrent("they belong to other examples")
	firstResult()
	var leak *leakcheck.LeakError
	if errors.As(leakcheck.Find(known), &leak) {
		for _, l := range leak.Leaks {
			fmt.Println(l.Count, l.State, l.Blocked, l.Started)
		}
	}
	// Output:
	// 1 chan send example_test.go:15 example_test.go:15
}
