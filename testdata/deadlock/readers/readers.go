// Package readers locks for reading what it has locked for reading.
package readers

import (
	"runtime"
	"sync"

	"chanlint.test/testdata/gate"
)

// awaitWriter waits until a writer waits for mu, which the caller has locked for
// reading.
func awaitWriter(mu *sync.RWMutex) {
	gate.Open()
	for mu.TryRLock() {
		mu.RUnlock()
		runtime.Gosched()
	}
}

type table struct {
	mu   sync.RWMutex
	rows map[string]int
}

func (t *table) size() int {
	t.mu.RLock() // leaks in readers_bad
	defer t.mu.RUnlock()
	return len(t.rows)
}

func (t *table) print() {
	t.mu.RLock()
	defer t.mu.RUnlock()
	awaitWriter(&t.mu)
	t.size() // want `t.size blocks forever if the Lock at line 41 comes in between: it locks t.mu at line 27, which is already locked for reading at line 33`
}

func (t *table) reset() {
	gate.Await()
	t.mu.Lock() // leaks in readers_bad
	defer t.mu.Unlock()
	clear(t.rows)
}

// A writer comes between two readers.
func readers_bad() {
	t := &table{}
	go t.print()
	go t.reset()
}

func (t *table) printAlone() {
	t.mu.RLock()
	awaitWriter(&t.mu)
	t.mu.RUnlock()
	t.size()
}

func readers_ok() {
	t := &table{}
	go t.printAlone()
	go t.reset()
}

// Nobody writes once the object is made.
type frozen struct {
	mu   sync.RWMutex
	rows map[string]int
}

func newFrozen() *frozen {
	f := &frozen{}
	f.mu.Lock()
	f.rows = map[string]int{"a": 1}
	f.mu.Unlock()
	return f
}

func (f *frozen) size() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.rows)
}

func (f *frozen) print() {
	f.mu.RLock()
	defer f.mu.RUnlock()
	f.size()
}

func unwritten_ok() {
	f := newFrozen()
	go f.print()
	go f.print()
}

// Another lock keeps the writer out while the reader reads twice.
type gated struct {
	all  sync.Mutex
	mu   sync.RWMutex
	rows map[string]int
}

func (g *gated) size() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.rows)
}

func (g *gated) print() {
	g.all.Lock()
	defer g.all.Unlock()
	g.mu.RLock()
	defer g.mu.RUnlock()
	g.size()
}

func (g *gated) reset() {
	g.all.Lock()
	defer g.all.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.rows)
}

func gated_ok() {
	g := &gated{}
	go g.print()
	go g.reset()
}
