package timerleak

import (
	"go/token"
	"go/version"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/report"
)

// A state says whether a timer is certain to send nothing more: its value was
// received, or it is stopped, on every path, and no Reset followed.
type state struct {
	reached bool
	spent   bool
	stopped bool      // spent by Stop
	at      token.Pos // the receive or Stop
}

func merge(a, b state) state {
	switch {
	case !a.reached:
		return b
	case !b.reached:
		return a
	case !a.spent || !b.spent:
		return state{reached: true}
	case b.at < a.at:
		return b
	}
	return a
}

// A timer is one that fn makes and that nothing outside fn resets.
type timer struct {
	fn      *ssa.Function
	made    *ssa.Call
	ticker  bool
	strict  bool               // Stop leaves no value behind, as from Go 1.23
	same    map[ssa.Value]bool // values of fn that are this timer
	in, out []state            // by block index
}

// spentTimers reports receives from timers that have sent all that they will.
func (c *checker) spentTimers(fn *ssa.Function) {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if name := timeCall(call); name == "NewTimer" || name == "NewTicker" {
				t := &timer{fn: fn, made: call, ticker: name == "NewTicker", same: map[ssa.Value]bool{}}
				t.strict = version.Compare(c.pass.Pkg.GoVersion(), "go1.23") >= 0
				if c.world.owns(t, call) {
					t.solve()
					c.collect(t)
				}
			}
		}
	}
}

// owns reports whether all uses of v are known, and notes those values of the
// function that are the same timer. Other functions may stop the timer and
// receive from it: that makes it send no more than it would.
func (w *world) owns(t *timer, v ssa.Value) bool {
	if v.Parent() == t.fn {
		t.same[v] = true
	}
	for _, use := range *v.Referrers() {
		switch use := use.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Store:
			if !w.ownsVariable(t, use) {
				return false
			}
		case *ssa.Call, *ssa.Defer:
			name, recv := timerMethod(use.(ssa.CallInstruction).Common())
			if recv != v || name != "Stop" && (name != "Reset" || v.Parent() != t.fn) {
				return false
			}
			if _, deferred := use.(*ssa.Defer); deferred && name == "Reset" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// ownsVariable follows the timer into a captured variable that holds nothing
// else.
func (w *world) ownsVariable(t *timer, store *ssa.Store) bool {
	k, ok := variable(store.Addr).(*ssa.Alloc)
	if !ok || w.loose[k] || len(w.stores[k]) != 1 || store.Val != ssa.Value(t.made) {
		return false
	}
	var addrs []ssa.Value
	var closures func(addr ssa.Value)
	closures = func(addr ssa.Value) {
		addrs = append(addrs, addr)
		for _, use := range *addr.Referrers() {
			if mc, ok := use.(*ssa.MakeClosure); ok {
				for i, b := range mc.Bindings {
					if b == addr {
						closures(mc.Fn.(*ssa.Function).FreeVars[i])
					}
				}
			}
		}
	}
	closures(k)
	for _, addr := range addrs {
		for _, use := range *addr.Referrers() {
			if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL && !w.owns(t, load) {
				return false
			}
		}
	}
	return true
}

func (t *timer) solve() {
	t.in = make([]state, len(t.fn.Blocks))
	t.out = make([]state, len(t.fn.Blocks))
	t.in[0].reached = true
	for changed := true; changed; {
		changed = false
		for _, blk := range t.fn.Blocks {
			in := t.in[blk.Index]
			for _, p := range blk.Preds {
				in = merge(in, t.edge(p, blk))
			}
			out := in
			for _, instr := range blk.Instrs {
				out = t.step(out, instr)
			}
			if in != t.in[blk.Index] || out != t.out[blk.Index] {
				t.in[blk.Index], t.out[blk.Index] = in, out
				changed = true
			}
		}
	}
}

// step returns the state after an instruction.
func (t *timer) step(s state, instr ssa.Instruction) state {
	if !s.reached {
		return s
	}
	switch instr := instr.(type) {
	case *ssa.UnOp:
		switch {
		case !t.receives(instr):
		case s.spent:
			return state{} // it blocks, and what follows is not reached
		case !t.ticker:
			return state{reached: true, spent: true, at: instr.Pos()}
		}
	case *ssa.Call:
		if instr == t.made {
			return state{reached: true}
		}
		switch name, recv := timerMethod(&instr.Call); {
		case !t.same[recv]:
		case name == "Reset":
			return state{reached: true}
		case name == "Stop" && !s.spent && t.strict && (t.ticker || unused(instr)):
			return state{reached: true, spent: true, stopped: true, at: instr.Pos()}
		}
	}
	return s
}

func (t *timer) receives(v *ssa.UnOp) bool {
	return v.Op == token.ARROW && t.same[timerOf(v.X)]
}

func unused(v ssa.Value) bool {
	for _, use := range *v.Referrers() {
		if _, ok := use.(*ssa.DebugRef); !ok {
			return false
		}
	}
	return true
}

// edge returns the state along an edge: a branch may tell which case of a
// select was taken, or what Stop returned.
func (t *timer) edge(from, to *ssa.BasicBlock) state {
	s := t.out[from.Index]
	test, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok || !s.reached || from.Succs[0] != to || from.Succs[1] == to {
		return s
	}
	switch cond := test.Cond.(type) {
	case *ssa.Call:
		// If Stop returns false where the timer may have been running, nothing
		// is known: then the value went somewhere else.
		if name, recv := timerMethod(&cond.Call); name == "Stop" && t.same[recv] && t.strict && !s.spent && cond.Block() == from && t.last(cond) {
			return state{reached: true, spent: true, stopped: true, at: cond.Pos()}
		}
	case *ssa.BinOp:
		if st := selected(cond); st != nil && t.same[timerOf(st.Chan)] && !t.ticker {
			return state{reached: true, spent: true, at: st.Pos}
		}
	}
	return s
}

// last reports whether no Reset stands between the call of Stop and the end of
// its block.
func (t *timer) last(stop *ssa.Call) bool {
	after := false
	for _, instr := range stop.Block().Instrs {
		if call, ok := instr.(*ssa.Call); ok && after {
			if name, recv := timerMethod(&call.Call); call == t.made || name == "Reset" && t.same[recv] {
				return false
			}
		}
		after = after || instr == ssa.Instruction(stop)
	}
	return true
}

// selected returns the case of a select that cond asks for, if it is that kind
// of condition.
func selected(cond *ssa.BinOp) *ssa.SelectState {
	index, ok := cond.X.(*ssa.Extract)
	if !ok || index.Index != 0 || cond.Op != token.EQL {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	n, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst || n.Int64() < 0 || n.Int64() >= int64(len(sel.States)) {
		return nil
	}
	return sel.States[n.Int64()]
}

// collect reports the receives that find the timer spent.
func (c *checker) collect(t *timer) {
	for _, blk := range t.fn.Blocks {
		s := t.in[blk.Index]
		for _, instr := range blk.Instrs {
			if v, ok := instr.(*ssa.UnOp); ok && s.spent && t.receives(v) {
				o := op.Op{Kind: op.Receive, Chan: v.X, Instr: v, Case: -1, Pos: v.Pos()}
				line := report.Line(c.pass, o.Pos, s.at)
				if s.stopped {
					c.report(o, "blocks forever: it is stopped at "+line, "it is stopped here", s.at)
				} else {
					c.report(o, "blocks forever: its only value is received at "+line, "its only value is received here", s.at)
				}
			}
			s = t.step(s, instr)
		}
	}
}
