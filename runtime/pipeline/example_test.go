package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/chanlint/chanlint/runtime/pipeline"
)

// count yields 1, 2, 3 … without end.
func count(yield func(int) bool) {
	for i := 1; yield(i); i++ {
	}
}

func square(x int) (int, error) { return x * x, nil }

// The textbook's pipeline: a counter, a squarer, a printer. The counter never
// ends; the break stops it.
func Example() {
	g := pipeline.New(context.Background())
	naturals := pipeline.Source(g, count)
	squares := pipeline.Map(g, naturals, square)
	for x := range pipeline.All(g, squares) {
		if x > 30 {
			break
		}
		fmt.Println(x)
	}
	fmt.Println(g.Stop())
	// Output:
	// 1
	// 4
	// 9
	// 16
	// 25
	// <nil>
}

// The same in the style of directional parameters: the caller makes the channels,
// the stages close them.
func Example_directional() {
	g := pipeline.New(context.Background())
	naturals := make(chan int)
	squares := make(chan int, 2) // the squarer may run ahead
	pipeline.SourceInto(g, naturals, slices.Values([]int{1, 2, 3}))
	pipeline.MapInto(g, squares, naturals, square)
	for x := range squares {
		fmt.Println(x)
	}
	if err := g.Wait(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1
	// 4
	// 9
}

// The first error stops every stage. The values before it may still come out.
func Example_error() {
	g := pipeline.New(context.Background())
	words := pipeline.Source(g, slices.Values([]string{"1", "2", "three", "4"}))
	numbers := pipeline.Map(g, words, strconv.Atoi)
	for range pipeline.All(g, numbers) {
	}
	fmt.Println(g.Stop())
	// Output:
	// strconv.Atoi: parsing "three": invalid syntax
}

// A panic reaches the goroutine that waits, as if there were only one.
func Example_panic() {
	defer func() {
		var p *pipeline.PanicError
		if err, ok := recover().(error); ok && errors.As(err, &p) {
			fmt.Println("recovered:", p.Value)
		}
	}()
	g := pipeline.New(context.Background())
	bad := pipeline.Map(g, pipeline.Source(g, count), func(x int) (int, error) { panic("bad luck") })
	for range pipeline.All(g, bad) {
	}
	// Output:
	// recovered: bad luck
}

func ExampleGenerate() {
	g := pipeline.New(context.Background())
	lines := pipeline.Generate(g, func(yield func(string) bool) error {
		for _, s := range []string{"a", "b"} {
			if !yield(s) {
				return nil
			}
		}
		return errors.New("connection lost")
	})
	for s := range lines {
		fmt.Println(s)
	}
	fmt.Println(g.Stop())
	// Output:
	// a
	// b
	// connection lost
}

func ExampleFilter() {
	g := pipeline.New(context.Background())
	even := pipeline.Filter(g, pipeline.Source(g, count), func(x int) (bool, error) { return x%2 == 0, nil })
	first, ok := pipeline.First(g, even)
	fmt.Println(first, ok)
	// Output: 2 true
}

func ExampleFilterInto() {
	g := pipeline.New(context.Background())
	odd := make(chan int, 8)
	pipeline.FilterInto(g, odd, pipeline.Source(g, count), func(x int) (bool, error) { return x%2 == 1, nil })
	fmt.Println(pipeline.First(g, odd))
	// Output: 1 true
}

func ExampleBatch() {
	g := pipeline.New(context.Background())
	for batch := range pipeline.All(g, pipeline.Batch(g, pipeline.Source(g, slices.Values([]int{1, 2, 3, 4, 5})), 2)) {
		fmt.Println(batch)
	}
	// Output:
	// [1 2]
	// [3 4]
	// [5]
}

func ExampleBuffer() {
	g := pipeline.New(context.Background())
	buffered := pipeline.Buffer(g, pipeline.Source(g, slices.Values([]int{1, 2, 3})), 2)
	fmt.Println(cap(buffered), slices.Collect(pipeline.All(g, buffered)))
	// Output: 2 [1 2 3]
}

func ExampleTake() {
	g := pipeline.New(context.Background())
	fmt.Println(slices.Collect(pipeline.All(g, pipeline.Take(g, pipeline.Source(g, count), 3))))
	// Output: [1 2 3]
}

func ExampleFanOut() {
	g := pipeline.New(context.Background())
	numbers := pipeline.Source(g, slices.Values([]int{1, 2, 3, 4}))
	squares := pipeline.FanOut(g, numbers, 3, square)
	fmt.Println(slices.Sorted(pipeline.All(g, squares)))
	// Output: [1 4 9 16]
}

// Several stages may receive from one channel; Merge brings them together again.
func ExampleMerge() {
	g := pipeline.New(context.Background())
	numbers := pipeline.Source(g, slices.Values([]int{1, 2, 3, 4}))
	merged := pipeline.Merge(g, pipeline.Map(g, numbers, square), pipeline.Map(g, numbers, square))
	fmt.Println(slices.Sorted(pipeline.All(g, merged)))
	// Output: [1 4 9 16]
}

// Two ends: each has its goroutine in the group, and Wait waits for both.
func ExampleTee() {
	g := pipeline.New(context.Background())
	left, right := pipeline.Tee(g, pipeline.Source(g, slices.Values([]int{1, 2, 3})))
	sum, product := 0, 1
	g.Go(func(context.Context) error {
		for x := range left {
			sum += x
		}
		return nil
	})
	g.Go(func(context.Context) error {
		for x := range right {
			product *= x
		}
		return nil
	})
	fmt.Println(g.Wait(), sum, product)
	// Output: <nil> 6 6
}

func ExampleForEach() {
	var mu sync.Mutex
	lengths := make(map[string]int)
	words := []string{"send", "receive", "close"}
	err := pipeline.ForEach(context.Background(), 2, slices.Values(words), func(_ context.Context, w string) error {
		mu.Lock()
		defer mu.Unlock()
		lengths[w] = len(w)
		return nil
	})
	fmt.Println(err, slices.Sorted(maps.Keys(lengths)), lengths["close"])
	// Output: <nil> [close receive send] 5
}

func ExampleBroadcast() {
	ready := pipeline.NewBroadcast[string]()
	var waiters sync.WaitGroup
	greetings := make(chan string, 3)
	for range 3 {
		waiters.Go(func() {
			v, _ := ready.Value(context.Background()) // this context never ends
			greetings <- v
		})
	}
	fmt.Println(ready.Send("hello"), ready.Send("again"))
	waiters.Wait()
	fmt.Println(<-greetings, <-greetings, <-greetings)
	// Output:
	// true false
	// hello hello hello
}
