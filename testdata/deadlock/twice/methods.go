package twice

import "sync"

type cache struct {
	mu      sync.Mutex
	entries map[string]int
}

func (c *cache) remove(key string) {
	c.mu.Lock() // leaks in call_bad
	defer c.mu.Unlock()
	delete(c.entries, key)
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.entries {
		c.remove(key) // want `c.remove blocks forever: it locks c.mu at line 11, which is already locked at line 17`
	}
}

func (c *cache) removeLocked(key string) { delete(c.entries, key) }

func (c *cache) clearLocked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.entries {
		c.removeLocked(key)
	}
}

var filled = map[string]int{"a": 1}

// A method calls another one under the lock.
func call_bad() {
	c := &cache{entries: filled}
	go c.clear()
}

func call_ok() {
	c := &cache{entries: map[string]int{"a": 1}}
	go c.clearLocked()
}

type server struct {
	mu    sync.Mutex
	drain bool
}

func (s *server) stop() {
	s.mu.Lock()
	if s.drain {
		s.mu.Lock() // leaks in branch2_bad // want `s.mu.Lock blocks forever: s.mu is already locked at line 53`
		return
	}
	s.drain = true
	s.mu.Unlock()
}

// Lock is written for Unlock.
func branch2_bad() {
	s := &server{}
	s.stop()
	go s.stop()
}

func (s *server) stopOnce() {
	s.mu.Lock()
	if s.drain {
		s.mu.Unlock()
		return
	}
	s.drain = true
	s.mu.Unlock()
}

func branch2_ok() {
	s := &server{}
	s.stopOnce()
	go s.stopOnce()
}

// The callee takes the lock only if it is told to.
func (s *server) drained(lock bool) bool {
	if lock {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	return s.drain
}

func (s *server) report() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drained(false)
}

func told_ok() {
	s := &server{}
	go s.report()
}

// The callee gives the lock up before it takes it again.
func (s *server) pause() {
	s.mu.Unlock()
	s.mu.Lock()
}

func (s *server) work() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause()
}

func pause_ok() {
	s := &server{}
	go s.work()
	go s.work()
}

// A node and its child are two locks of one type.
type node struct {
	mu    sync.Mutex
	next  *node
	value int
}

func (n *node) sum() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		return n.value
	}
	return n.value + n.next.sum()
}

// Hand over hand.
func (n *node) last() *node {
	n.mu.Lock()
	for n.next != nil {
		next := n.next
		next.mu.Lock()
		n.mu.Unlock()
		n = next
	}
	n.mu.Unlock()
	return n
}

func nodes_ok() {
	n := &node{next: &node{value: 1}}
	go func() {
		n.sum()
		n.last()
	}()
}

// One goroutine gives up what another one has locked.
type turnstile struct{ mu sync.Mutex }

func (t *turnstile) pass() {
	t.mu.Lock()
	go t.open()
	t.mu.Lock()
	t.mu.Unlock()
}

func (t *turnstile) open() { t.mu.Unlock() }

func handed_ok() {
	t := &turnstile{}
	go t.pass()
}

// The object whose lock is taken is another one the second time.
type list struct{ head *node }

func (l *list) advance() {
	l.head.mu.Lock()
	old := l.head
	l.head = l.head.next
	l.head.mu.Lock()
	l.head.mu.Unlock()
	old.mu.Unlock()
}

func advance_ok() {
	l := &list{head: &node{next: &node{}}}
	go l.advance()
}

// The lock is known by another name when it is given up.
type shelf struct{ locks map[string]*sync.Mutex }

func (s *shelf) lock(key string)   { s.locks[key].Lock() }
func (s *shelf) unlock(key string) { s.locks[key].Unlock() }

func (s *shelf) use(key string) {
	mu := s.locks[key]
	mu.Lock()
	s.unlock(key)
	mu.Lock()
	s.unlock(key)
}

func renamed_ok() {
	s := &shelf{locks: map[string]*sync.Mutex{"a": {}}}
	go func() {
		s.lock("a")
		s.unlock("a")
		s.use("a")
	}()
}

// A helper locks, another one unlocks.
type door struct{ mu sync.Mutex }

func (d *door) enter() {
	d.mu.Lock() // leaks in helpers_bad
}

func (d *door) leave() { d.mu.Unlock() }

func (d *door) pass() {
	d.enter()
	d.enter() // want `d.enter blocks forever: it locks d.mu at line 221, which is already locked at line 227`
	d.leave()
}

func helpers_bad() {
	d := &door{}
	go d.pass()
}

func (d *door) through() {
	d.enter()
	d.leave()
	d.enter()
	d.leave()
}

func helpers_ok() {
	d := &door{}
	go d.through()
}

// The object is never without a session, so that it is never made anew under the
// lock.
type consumer struct {
	mu      sync.Mutex
	session *node
}

func newConsumer() *consumer {
	c := &consumer{}
	c.session = &node{}
	return c
}

func (c *consumer) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = &node{}
}

func (c *consumer) consume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == nil {
		c.reset()
	}
}

func never_ok() {
	c := newConsumer()
	go c.consume()
}
