// Package counted closes a channel when a counter says so.
package counted

import "sync"

// A shared feed ends with the last of its users.
type feed struct {
	mu    sync.Mutex
	users int
	items chan int
}

func (f *feed) acquire() {
	f.mu.Lock()
	f.users++
	f.mu.Unlock()
}

func (f *feed) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users--; f.users == 0 {
		close(f.items)
	}
}

func (f *feed) drain() {
	for range f.items {
	}
}

func twoUsers_ok() {
	f := &feed{users: 2, items: make(chan int)}
	go f.drain()
	go f.release()
	f.release()
}

func manyUsers_ok() {
	names := []string{"a", "b", "c", "d", "e"}
	f := &feed{items: make(chan int)}
	go f.drain()
	for range names {
		f.acquire()
	}
	for range names {
		go f.release()
	}
}

// One of two users never goes.
func forgottenUser_bad() {
	f := &feed{users: 2, items: make(chan int)}
	go func() {
		for range f.items { // leaks // want `range over f.items blocks forever if forgottenUser_bad returns at line \d+ without closing f.items; goroutine leaks`
		}
	}()
	go f.release()
}

func forgottenUser_ok() {
	f := &feed{users: 1, items: make(chan int)}
	go func() {
		for range f.items {
		}
	}()
	go f.release()
}
