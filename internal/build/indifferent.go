package build

import (
	"slices"

	"github.com/chanlint/chanlint/internal/model"
)

// dropIndifferent removes the tests of integer registers whose outcome makes no
// difference: wherever they are tested, all ways lead to one place, and what is
// stored on these ways only such tests read. A witness would pay for the
// condition otherwise, and the exploration try both of its values: of
//
//	if err != nil {
//		if !quiet {
//			print(err)
//		}
//		return err
//	}
//
// nothing depends on quiet.
func dropIndifferent(p *model.Proc) bool {
	tests := make([][]int, p.Ints)
	handed := make([]bool, p.Ints)
	for i := range p.Nodes {
		switch n := &p.Nodes[i]; n.Op {
		case model.Equal, model.Test:
			tests[n.Int] = append(tests[n.Int], i)
		case model.Loop, model.CopyInt:
			handed[n.Int] = true
		case model.Spawn:
			for _, a := range n.Args {
				if a.IsInt {
					handed[a.From] = true
				}
			}
		case model.Send, model.Write, model.Exchange:
			noteSent(n.Payload, handed)
		case model.Select:
			for _, cs := range n.Cases {
				if cs.Send {
					noteSent(cs.Payload, handed)
				}
			}
		}
	}
	s := &indifference{p: p, live: liveness(p), tests: tests, handed: handed}
	changed := false
	for reg := range tests {
		if len(tests[reg]) > 0 && s.drop(reg) {
			changed = true
		}
	}
	return changed
}

// noteSent records that a message carries a register.
func noteSent(pay model.Payload, handed []bool) {
	if pay.Kind == model.PayInt {
		handed[pay.Reg] = true
	}
}

// An indifference looks for registers of one process that make no difference.
type indifference struct {
	p      *model.Proc
	live   []regs
	tests  [][]int // the tests of each integer register
	handed []bool  // the registers that others read
}

// maxIndifferent bounds how many registers are looked at together: a flag and
// those that remember that it has been decided.
const maxIndifferent = 4

// drop removes the tests of the register, and of those that are stored to on the
// way, if they make no difference. It reports whether it did.
func (s *indifference) drop(reg int) bool {
	set := []int{reg}
	meets := map[int]int{}
	for k := 0; k < len(set); k++ {
		if s.handed[set[k]] || len(set) > maxIndifferent {
			return false
		}
		for _, test := range s.tests[set[k]] {
			if op := s.p.Nodes[test].Op; op != model.Equal && op != model.Test {
				continue // removed before
			}
			at, stored, ok := s.meet(test)
			if !ok {
				return false
			}
			meets[test] = at
			for _, r := range stored {
				if s.live[at].has(s.p.Refs+r) && !slices.Contains(set, r) {
					set = append(set, r)
				}
			}
		}
	}
	for test, at := range meets {
		s.p.Nodes[test] = model.Node{Op: model.Choose, Succ: []int{at}}
	}
	return len(meets) > 0
}

// maxWays bounds the nodes between a test and the place where its ways meet.
const maxWays = 48

// meet returns the node at which all ways from the test come together, if they
// only test and store integers before that, and the registers that they store.
func (s *indifference) meet(test int) (at int, stored []int, ok bool) {
	order, ok := s.sorted(test)
	if !ok {
		return 0, nil, false
	}
	pending := map[int]bool{test: true}
	for _, i := range order {
		if !pending[i] {
			continue
		}
		if len(pending) == 1 && i != test {
			return i, stored, true
		}
		n := &s.p.Nodes[i]
		if !local(n) {
			return 0, nil, false
		}
		if n.Op == model.Set || n.Op == model.Test {
			stored = append(stored, n.Int)
		}
		if n.Paid > 0 {
			stored = append(stored, n.Paid-1)
		}
		delete(pending, i)
		for _, to := range n.Succ {
			pending[to] = true
		}
	}
	return 0, nil, false
}

// local reports whether a node only tests, stores or chooses.
func local(n *model.Node) bool {
	return n.Op == model.Equal || n.Op == model.Test || n.Op == model.Set || n.Op == model.Choose && n.Tag == 0
}

// sorted returns the nodes that local nodes lead to from the given one, each
// after all that lead to it; ok is false if there are too many or they form a
// cycle.
func (s *indifference) sorted(from int) (order []int, ok bool) {
	const open, done = 1, 2
	state := map[int]int{}
	var visit func(i int) bool
	visit = func(i int) bool {
		if state[i] != 0 {
			return state[i] == done
		}
		if len(state) > maxWays {
			return false
		}
		state[i] = open
		if n := &s.p.Nodes[i]; local(n) {
			for _, to := range n.Succ {
				if !visit(to) {
					return false
				}
			}
		}
		state[i] = done
		order = append(order, i)
		return true
	}
	if !visit(from) {
		return nil, false
	}
	slices.Reverse(order)
	return order, true
}
