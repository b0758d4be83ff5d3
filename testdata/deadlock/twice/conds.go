package twice

import "sync"

// The lock of a condition variable is the lock beside it.
type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) size() int {
	q.mu.Lock() // leaks in cond_bad
	defer q.mu.Unlock()
	return len(q.items)
}

func (q *queue) pop() {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	for q.size() == 0 { // want `q.size blocks forever: it locks q.mu at line 19, which is already locked at line 25`
		q.cond.Wait()
	}
}

func (q *queue) put(n int) {
	q.mu.Lock()
	q.items = append(q.items, n)
	q.mu.Unlock()
	q.cond.Signal()
}

func cond_bad() {
	q := newQueue()
	q.put(1)
	go q.pop()
}

// The condition variable has a lock of its own.
type stack struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func (s *stack) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}

func (s *stack) pop() {
	s.cond.L.Lock()
	defer s.cond.L.Unlock()
	for s.size() == 0 {
		s.cond.Wait()
	}
}

func (s *stack) put(n int) {
	s.mu.Lock()
	s.items = append(s.items, n)
	s.mu.Unlock()
	s.cond.Signal()
}

func cond_ok() {
	s := &stack{cond: sync.NewCond(new(sync.Mutex))}
	s.put(1)
	go s.pop()
}
