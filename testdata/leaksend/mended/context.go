package mended

import (
	"context"
	"time"
)

// The receiver leaves when the context ends, and so can the sender.
func watched_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	follow(ctx)
}

func follow(ctx context.Context) (sum int) {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			c <- i // leaks in watched_bad // want `send on c blocks forever.*`
		}
	}()
	for {
		select {
		case i := <-c:
			sum += i
		case <-ctx.Done():
			return sum
		}
	}
}

func watched_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	followBoth(ctx)
}

func followBoth(ctx context.Context) (sum int) {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case i := <-c:
			sum += i
		case <-ctx.Done():
			return sum
		}
	}
}

// The receiver leaves for a second reason, of which the sender would not hear:
// no fix.
func timeout_bad() {
	followFor(context.Background())
}

func followFor(ctx context.Context) (sum int) {
	c := make(chan int)
	go func() {
		for i := 0; ; i++ {
			c <- i // leaks in timeout_bad // want `send on c blocks forever.*`
		}
	}()
	timeout := time.After(time.Millisecond)
	for {
		select {
		case i := <-c:
			sum += i
		case <-timeout:
			return sum
		case <-ctx.Done():
			return sum
		}
	}
}

func timeout_ok() {
	followUntil(context.Background())
}

func followUntil(ctx context.Context) (sum int) {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	return followBoth(ctx)
}

// The context of the sender is another one than the receiver's: no fix.
func shadowed_bad() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	followOther(ctx)
}

func followOther(ctx context.Context) (sum int) {
	c := make(chan int)
	go func() {
		ctx := context.WithoutCancel(ctx)
		for i := 0; ctx.Err() == nil; i++ {
			c <- i // leaks in shadowed_bad // want `send on c blocks forever.*`
		}
	}()
	for {
		select {
		case i := <-c:
			sum += i
		case <-ctx.Done():
			return sum
		}
	}
}

func shadowed_ok() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	followBoth(ctx)
}
