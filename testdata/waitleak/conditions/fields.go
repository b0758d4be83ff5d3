package conditions

import "sync"

type plugin struct {
	active *sync.Cond
	ready  bool
}

func (p *plugin) await() {
	p.active.L.Lock()
	for !p.ready {
		p.active.Wait() // leaks in unsignalled_bad // want `p.active.Wait blocks forever: nothing signals it`
	}
	p.active.L.Unlock()
}

// No function of the package signals the condition.
func unsignalled_bad() {
	p := &plugin{active: sync.NewCond(&sync.Mutex{})}
	go p.await()
}

type module struct {
	active *sync.Cond
	ready  bool
}

func (m *module) await() {
	m.active.L.Lock()
	for !m.ready {
		m.active.Wait()
	}
	m.active.L.Unlock()
}

func (m *module) start() {
	m.active.L.Lock()
	m.ready = true
	m.active.Broadcast()
	m.active.L.Unlock()
}

func unsignalled_ok() {
	m := &module{active: sync.NewCond(&sync.Mutex{})}
	go m.await()
	m.start()
}

// Whoever is handed the condition may signal it.
type lender struct{ cond *sync.Cond }

func (l *lender) await() {
	l.cond.L.Lock()
	l.cond.Wait()
	l.cond.L.Unlock()
}

func (l *lender) lend() *sync.Cond { return l.cond }

func lent_ok() {
	l := &lender{cond: sync.NewCond(&sync.Mutex{})}
	l.cond.L.Lock()
	go func() {
		l.lend().L.Lock()
		l.lend().L.Unlock()
		l.lend().Broadcast()
	}()
	l.cond.Wait()
	l.cond.L.Unlock()
}

// The struct shares a condition that another one signals.
type sharer struct{ cond *sync.Cond }

func (s *sharer) await() {
	s.cond.L.Lock()
	s.cond.Wait()
	s.cond.L.Unlock()
}

func shared_ok() {
	cond := sync.NewCond(&sync.Mutex{})
	s := &sharer{cond: cond}
	cond.L.Lock()
	go func() {
		cond.L.Lock()
		cond.L.Unlock()
		cond.Broadcast()
	}()
	s.cond.Wait()
	cond.L.Unlock()
}
