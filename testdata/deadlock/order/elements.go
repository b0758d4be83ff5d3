package order

import (
	"sync"

	"chanlint.test/testdata/gate"
)

// A device set and its devices, of which one is found by name.
type devices struct {
	mu    sync.Mutex
	infos map[string]*device
}

type device struct {
	mu   sync.Mutex
	gone bool
}

func (d *devices) find(name string) *device {
	info, ok := d.infos[name]
	if !ok {
		return nil
	}
	return info
}

func (d *devices) remove(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info := d.find(name)
	info.mu.Lock() // leaks in regain_bad // want `info.mu.Lock blocks forever if remove waits in d.mu.Lock at line 41 with info.mu locked at line 32: remove holds d.mu since line 29`
	defer info.mu.Unlock()
	d.await()
	info.gone = true
}

func (d *devices) await() {
	d.mu.Unlock()
	gate.Await()
	d.mu.Lock() // leaks in regain_bad
}

// The second remove comes while the first one has given up the lock of the set.
func regain_bad() {
	d := &devices{infos: map[string]*device{"a": {}}}
	go d.remove("a")
	go func() {
		d.mu.Lock()
		for d.infos["a"].mu.TryLock() {
			d.infos["a"].mu.Unlock()
			d.mu.Unlock()
			d.mu.Lock()
		}
		d.mu.Unlock()
		go d.remove("a")
		d.waitBusy()
		gate.Open()
	}()
}

// waitBusy waits until the set is locked.
func (d *devices) waitBusy() {
	for d.mu.TryLock() {
		d.mu.Unlock()
	}
}

// A store and its replicas, which know it.
type store struct {
	mu       sync.Mutex
	replicas map[int]*replica
}

type replica struct {
	mu    sync.Mutex
	store *store
}

func newStore() *store {
	s := &store{replicas: map[int]*replica{}}
	for i := range 2 {
		r := &replica{store: s}
		s.replicas[i] = r
	}
	return s
}

func (s *store) beat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	meet()
	for _, r := range s.replicas {
		r.ping() // want `r.ping blocks forever if tick waits in r.store.mu.Lock at line 107 with r.mu locked at line 104: it locks r.mu at line 99, and beat holds s.mu since line 90`
	}
}

func (r *replica) ping() {
	r.mu.Lock() // leaks in owner_bad
	r.mu.Unlock()
}

func (r *replica) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	meet()
	r.store.mu.Lock() // leaks in owner_bad
	r.store.mu.Unlock()
}

func owner_bad() {
	s := newStore()
	delete(s.replicas, 1)
	go s.beat()
	go s.replicas[0].tick()
}

// A pool and its members, which know another pool.
type pool struct {
	mu      sync.Mutex
	members map[int]*member
}

type member struct {
	mu   sync.Mutex
	next *pool
}

func newPool(next *pool) *pool {
	p := &pool{members: map[int]*member{}}
	p.members[0] = &member{next: next}
	return p
}

func (p *pool) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.members {
		m.mu.Lock()
		m.mu.Unlock()
	}
}

func (m *member) tick() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next.mu.Lock()
	m.next.mu.Unlock()
}

func owner_ok() {
	last := newPool(nil)
	p := newPool(last)
	go p.beat()
	go p.members[0].tick()
}

// A lock for each key stays locked when take returns, and put needs the lock of
// the table to unlock it.
type keyed struct {
	sync.RWMutex
	m map[string]*sync.Mutex
}

func (k *keyed) take(key string) {
	k.Lock()
	if _, ok := k.m[key]; !ok {
		k.m[key] = &sync.Mutex{}
	}
	k.m[key].Lock() // leaks in keyed_bad // want `k.m\[key\].Lock blocks forever if k.m\[key\] is locked already: put waits in k.RLock at line 175 before it can unlock it, while take holds k since line 166`
	k.Unlock()
}

func (k *keyed) put(key string) {
	k.RLock() // leaks in keyed_bad
	defer k.RUnlock()
	if mu, ok := k.m[key]; ok {
		mu.Unlock()
	}
}

func keyed_bad() {
	k := &keyed{m: map[string]*sync.Mutex{}}
	k.take("a")
	go k.take("a")
	for k.TryLock() {
		k.Unlock()
	}
	go k.put("a")
}

// The lock of the table is given up first.
type split struct {
	mu sync.RWMutex
	m  map[string]*sync.Mutex
}

func (s *split) take(key string) {
	s.mu.Lock()
	mu, ok := s.m[key]
	if !ok {
		mu = &sync.Mutex{}
		s.m[key] = mu
	}
	s.mu.Unlock()
	mu.Lock()
}

func (s *split) put(key string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if mu, ok := s.m[key]; ok {
		mu.Unlock()
	}
}

func keyed_ok() {
	s := &split{m: map[string]*sync.Mutex{}}
	s.take("a")
	go func() {
		s.take("a")
		s.put("a")
	}()
	go s.put("a")
}

// The lock of the set is given up for good, before that of the device is.
func (d *devices) drop(name string) {
	d.mu.Lock()
	info := d.find(name)
	d.mu.Unlock()
	info.mu.Lock()
	defer info.mu.Unlock()
	info.gone = true
}

func regain_ok() {
	d := &devices{infos: map[string]*device{"a": {}}}
	go d.drop("a")
	go d.drop("a")
}
