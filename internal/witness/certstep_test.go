package witness_test

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// A machine executes one function in one world.
type machine struct {
	code []instr
	caps map[string]int
	world
}

func newMachine(code []instr, caps map[string]string, w world) *machine {
	m := &machine{code: code, caps: map[string]int{}, world: w}
	for ch, size := range caps {
		m.caps[ch] = m.number(size)
	}
	return m
}

func (m *machine) number(s string) int {
	if s == "n" {
		return m.n
	}
	n, _ := strconv.Atoi(s)
	return n
}

func (m *machine) start() *config {
	s := &config{threads: []thread{{left: map[int]int{}}}, queue: map[string][]bool{}, closed: map[string]bool{}, vars: map[string]bool{}}
	m.settle(s)
	return s
}

// settle follows jumps, but not round an empty loop for ever.
func (m *machine) settle(s *config) {
	for i := range s.threads {
		for range len(m.code) {
			if m.code[s.threads[i].pc].op != "jump" {
				break
			}
			s.threads[i].pc = m.code[s.threads[i].pc].to
		}
	}
}

// at returns the operation that thread i is about to execute: a deferred one if
// it returns.
func (m *machine) at(s *config, i int) instr {
	t := s.threads[i]
	in := m.code[t.pc]
	if n := len(t.defers); in.op == "return" && n > 0 {
		in = m.code[t.defers[n-1]]
		in.op = strings.TrimPrefix(in.op, "defer ")
	}
	return in
}

// values returns what an expression may be.
func (m *machine) values(s *config, e ast.Expr) []bool {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			var out []bool
			for _, v := range m.values(s, e.X) {
				out = append(out, !v)
			}
			return out
		}
	case *ast.CallExpr:
		return []bool{false, true}
	case *ast.Ident:
		switch e.Name {
		case "true":
			return []bool{true}
		case "false":
			return []bool{false}
		case "b0", "b1":
			return []bool{s.vars[e.Name]}
		}
		return []bool{m.flags[e.Name]}
	}
	return nil
}

// A move is one step of one or two threads; fault is what the run time would
// print if it is a panic, at the line.
type move struct {
	to    *config
	who   uint64
	fault string
	line  int
}

// An offer is a communication that a thread is ready for.
type offer struct {
	alt
	closed  int // target when a receive finds the channel closed
	waiting bool
}

// offers returns the communications of thread i. other is the target of its
// default case, or -1.
func (m *machine) offers(s *config, i int) (list []offer, other int) {
	t := s.threads[i]
	in := m.code[t.pc]
	next := t.pc + 1
	switch in.op {
	case "send":
		return []offer{{alt{send: true, obj: in.obj, expr: in.expr, to: next}, next, true}}, -1
	case "recv":
		o := offer{alt{obj: in.obj, dst: in.dst, to: next}, next, true}
		if in.n == "range" {
			o.closed = in.to
		}
		return []offer{o}, -1
	case "select":
		other = -1
		for _, a := range in.alts {
			if a.obj == "default" {
				other = a.to
				continue
			}
			list = append(list, offer{a, a.to, true})
		}
		for k := range list {
			list[k].waiting = other < 0
		}
		return list, other
	}
	return nil, -1
}

func (m *machine) moves(s *config) []move {
	var out []move
	for i := range s.threads {
		if s.threads[i].ended {
			continue
		}
		in := m.at(s, i)
		switch in.op {
		case "send", "recv", "select":
			out = append(out, m.communicate(s, i, in)...)
		default:
			out = append(out, m.step(s, i, in)...)
		}
	}
	for i := range out {
		if out[i].to != nil {
			m.settle(out[i].to)
		}
	}
	return out
}

// communicate returns the moves of a thread at a communication. A rendezvous is
// the sender's move.
func (m *machine) communicate(s *config, i int, in instr) []move {
	var out []move
	list, other := m.offers(s, i)
	ready := false // whatever others do next
	do := func(o offer, to int, v bool, change func(*config)) {
		next := s.clone()
		next.threads[i].pc = to
		if o.dst != "" {
			next.vars[o.dst] = v
		}
		if change != nil {
			change(next)
		}
		out = append(out, move{to: next, who: 1 << i})
		ready = true
	}
	for _, o := range list {
		queue := s.queue[o.obj]
		switch {
		case o.obj == "":
			was := ready
			do(o, o.to, false, nil)
			ready = was // a timer may or may not have fired
		case !o.send && len(queue) > 0:
			do(o, o.to, queue[0], func(c *config) { c.queue[o.obj] = c.queue[o.obj][1:] })
		case !o.send && s.closed[o.obj]:
			do(o, o.closed, false, nil)
		case o.send && s.closed[o.obj]:
			out = append(out, move{who: 1 << i, fault: "send on closed channel", line: in.line})
			ready = true
		case o.send && m.caps[o.obj] > 0:
			if len(queue) < m.caps[o.obj] {
				for _, v := range m.values(s, o.expr) {
					do(o, o.to, false, func(c *config) { c.queue[o.obj] = append(c.queue[o.obj], v) })
				}
			}
		case o.send:
			out = append(out, m.meet(s, i, o)...)
		}
	}
	if other >= 0 && !ready {
		do(offer{}, other, false, nil)
	}
	return out
}

// meet returns the unbuffered communications of a sender.
func (m *machine) meet(s *config, i int, o offer) []move {
	var out []move
	for j := range s.threads {
		if j == i || s.threads[j].ended {
			continue
		}
		list, _ := m.offers(s, j)
		for _, r := range list {
			if r.send || r.obj != o.obj || !r.waiting && !o.waiting {
				continue
			}
			for _, v := range m.values(s, o.expr) {
				next := s.clone()
				next.threads[i].pc, next.threads[j].pc = o.to, r.to
				if r.dst != "" {
					next.vars[r.dst] = v
				}
				out = append(out, move{to: next, who: 1<<i | 1<<j})
			}
		}
	}
	return out
}

// step returns the moves of a thread at any other operation.
func (m *machine) step(s *config, i int, in instr) []move {
	next := s.clone()
	t := &next.threads[i]
	one := []move{{to: next, who: 1 << i}}
	fault := func(text string) []move { return []move{{who: 1 << i, fault: text, line: in.line}} }
	returning := m.code[t.pc].op == "return"
	switch {
	case returning && len(t.defers) > 0:
		t.defers = t.defers[:len(t.defers)-1]
	case !returning:
		t.pc++
	}
	switch in.op {
	case "jump":
		t.pc = in.to
	case "return":
		t.ended = true
	case "if", "set":
		return m.branch(s, i, in)
	case "count":
		t.left[s.threads[i].pc+1] = m.number(in.n)
	case "loop":
		head := s.threads[i].pc
		if t.left[head]--; t.left[head] < 0 {
			delete(t.left, head)
			t.pc = in.to
		}
	case "go":
		next.threads = append(next.threads, thread{pc: in.fn, left: map[int]int{}})
	case "close":
		if next.closed[in.obj] {
			return fault("close of closed channel")
		}
		next.closed[in.obj] = true
	case "cancel":
		next.closed["ctx"] = true
	case "Add":
		next.group++
	case "Done":
		if next.group--; next.group < 0 {
			return fault("negative WaitGroup counter")
		}
	case "Wait":
		if s.group > 0 {
			return nil
		}
	case "Lock":
		if s.locked {
			return nil
		}
		next.locked = true
	case "Unlock":
		if !s.locked {
			return fault("unlock of unlocked mutex")
		}
		next.locked = false
	default: // "defer …"
		t.defers = append(t.defers, s.threads[i].pc)
	}
	return one
}

func (m *machine) branch(s *config, i int, in instr) []move {
	var out []move
	for _, v := range m.values(s, in.expr) {
		next := s.clone()
		t := &next.threads[i]
		t.pc++
		switch {
		case in.op == "set":
			next.vars[in.obj] = v
		case !v:
			t.pc = in.to
		}
		out = append(out, move{to: next, who: 1 << i})
	}
	return out
}
