// Package order takes two locks in both orders.
package order

import (
	"sync"
	"sync/atomic"

	"chanlint.test/testdata/gate"
)

type account struct {
	balance sync.Mutex
	history sync.Mutex
	lines   []int
}

func (a *account) book(n int) {
	a.balance.Lock()
	defer a.balance.Unlock()
	meet()
	a.history.Lock() // leaks in fields_bad // want `a.history.Lock blocks forever if print waits in a.balance.Lock at line 30 with a.history locked at line 27: book holds a.balance since line 18`
	a.lines = append(a.lines, n)
	a.history.Unlock()
}

func (a *account) print() {
	a.history.Lock()
	defer a.history.Unlock()
	meet()
	a.balance.Lock() // leaks in fields_bad
	a.balance.Unlock()
}

// meet waits until two goroutines have come here.
func meet() {
	gate.Open()
	gate.AwaitN(2)
}

func fields_bad() {
	a := &account{}
	go a.book(1)
	go a.print()
}

type ordered struct {
	balance sync.Mutex
	history sync.Mutex
	lines   []int
}

func (o *ordered) book(n int) {
	o.balance.Lock()
	defer o.balance.Unlock()
	o.history.Lock()
	o.lines = append(o.lines, n)
	o.history.Unlock()
}

func (o *ordered) print() {
	o.balance.Lock()
	defer o.balance.Unlock()
	o.history.Lock()
	o.history.Unlock()
}

func fields_ok() {
	o := &ordered{}
	go o.book(1)
	go o.print()
}

// A third lock is held in both orders.
type guarded struct {
	all     sync.Mutex
	balance sync.Mutex
	history sync.Mutex
}

func (g *guarded) book() {
	g.all.Lock()
	defer g.all.Unlock()
	g.balance.Lock()
	defer g.balance.Unlock()
	g.history.Lock()
	g.history.Unlock()
}

func (g *guarded) print() {
	g.all.Lock()
	defer g.all.Unlock()
	g.history.Lock()
	defer g.history.Unlock()
	g.balance.Lock()
	g.balance.Unlock()
}

func guarded_ok() {
	g := &guarded{}
	go g.book()
	go g.print()
}

// Readers do not keep each other out.
type shared struct {
	balance sync.RWMutex
	history sync.RWMutex
}

func (s *shared) book() {
	s.balance.RLock()
	defer s.balance.RUnlock()
	s.history.RLock()
	s.history.RUnlock()
}

func (s *shared) print() {
	s.history.RLock()
	defer s.history.RUnlock()
	s.balance.RLock()
	s.balance.RUnlock()
}

func shared_ok() {
	s := &shared{}
	go s.book()
	go s.print()
}

// Two objects of one type: which of them is first, their names do not say.
type purse struct {
	mu    sync.Mutex
	coins int
}

func move(from, to *purse) {
	from.mu.Lock()
	to.mu.Lock()
	from.coins--
	to.coins++
	to.mu.Unlock()
	from.mu.Unlock()
}

func objects_ok() {
	p, q := &purse{}, &purse{}
	go func() {
		move(p, q)
		move(q, p)
	}()
}

// The lock is given up before the other one is taken.
type polite struct{ a, b sync.Mutex }

func (p *polite) first() {
	p.a.Lock()
	p.a.Unlock()
	p.b.Lock()
	p.b.Unlock()
}

func (p *polite) second() {
	p.b.Lock()
	p.b.Unlock()
	p.a.Lock()
	p.a.Unlock()
}

func (p *polite) firstIf(nested bool) {
	p.a.Lock()
	p.flush(false)
	p.a.Unlock()
	p.flush(nested)
}

// flush takes b only if it is told to.
func (p *polite) flush(all bool) {
	if all {
		p.b.Lock()
		p.b.Unlock()
	}
}

func (p *polite) secondNested() {
	p.b.Lock()
	p.a.Lock()
	p.a.Unlock()
	p.b.Unlock()
}

func polite_ok() {
	p := &polite{}
	go p.first()
	go p.second()
	go p.firstIf(true)
	go p.secondNested()
}

// The lock is taken in the other order only until the object is ready, and nobody
// takes it in the first order before.
type lazy struct {
	ready atomic.Bool
	in    sync.Mutex
	setup sync.Mutex
}

func (l *lazy) prepare() {
	if l.ready.Load() {
		return
	}
	l.setup.Lock()
	defer l.setup.Unlock()
	if l.ready.Load() {
		return
	}
	l.in.Lock()
	l.in.Unlock()
	l.ready.Store(true)
}

func (l *lazy) read() {
	l.prepare()
	l.in.Lock()
	defer l.in.Unlock()
	l.setup.Lock()
	l.setup.Unlock()
}

func lazy_ok() {
	l := &lazy{}
	go l.read()
	go l.read()
}

// Whether two callers meet is not for the package to say.
type book struct{ pages, index sync.Mutex }

func (b *book) Write() {
	b.pages.Lock()
	defer b.pages.Unlock()
	b.index.Lock() // likely `b.index.Lock blocks forever if List waits in b.pages.Lock at line \d+ with b.index locked at line \d+: Write holds b.pages since line \d+`
	b.index.Unlock()
}

func (b *book) List() {
	b.index.Lock()
	defer b.index.Unlock()
	b.pages.Lock()
	b.pages.Unlock()
}

//fixture:norun two callers have to meet
func callers_bad() {
	b := &book{}
	b.Write()
	b.List()
}

// Two objects, each of which a goroutine of its own uses.
func both(b *book) {
	b.Write()
	b.List()
}

func apart_ok() {
	b, c := &book{}, &book{}
	go both(b)
	go both(c)
}

type volume struct{ pages, index sync.Mutex }

func (v *volume) Write() {
	v.pages.Lock()
	defer v.pages.Unlock()
	v.index.Lock()
	v.index.Unlock()
}

func (v *volume) List() {
	v.pages.Lock()
	defer v.pages.Unlock()
	v.index.Lock()
	v.index.Unlock()
}

func callers_ok() {
	v := &volume{}
	go v.Write()
	go v.List()
}
