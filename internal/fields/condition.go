package fields

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A condition is what a value depends on.
type condition struct {
	keys   keys
	loads  []load // where the state is read
	atomic bool   // reading it also changes it, in one step
}

// A load is one reading of a piece of state.
type load struct {
	key    key
	at     ssa.Instruction
	how    how
	atomic bool // it also changes the state, in one step
}

// how says in what way state is read.
type how uint8

const (
	direct  how = iota // the state itself is tested
	polled             // a channel is asked whether it is closed, without waiting
	waited             // a communication was waited for
	derived            // a function that reads it, among other things, is asked
)

func (c *condition) add(k key, at ssa.Instruction, how how) {
	if k.valid() {
		c.keys[k] = true
		c.loads = append(c.loads, load{key: k, at: at, how: how, atomic: isAtomic(at)})
	}
}

// isAtomic reports whether instr tests and sets.
func isAtomic(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	return ok && testsAndSets(calleeName(call.Common()))
}

// conditionOf returns what v depends on.
func (w *world) conditionOf(v ssa.Value) *condition {
	c := &condition{keys: keys{}}
	w.depend(c, v, maxSteps, map[ssa.Value]bool{})
	return c
}

func (w *world) depend(c *condition, v ssa.Value, steps int, seen map[ssa.Value]bool) {
	if steps == 0 || seen[v] {
		return
	}
	seen[v] = true
	steps--
	again := func(v ssa.Value) { w.depend(c, v, steps, seen) }
	switch v := v.(type) {
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			c.add(w.keyOfAddress(v.X), v, direct)
			if ia, ok := v.X.(*ssa.IndexAddr); ok {
				again(ia.X)
			}
		case token.ARROW:
			w.dependOnChannel(c, v.X, v, waited)
		default:
			again(v.X)
		}
	case *ssa.Field:
		c.add(w.keyOfValue(v), v, direct)
	case *ssa.BinOp:
		again(v.X)
		again(v.Y)
	case *ssa.Phi:
		for _, e := range v.Edges {
			again(e)
		}
	case *ssa.Extract:
		again(v.Tuple)
	case *ssa.Lookup:
		c.add(w.keyOfContainer(v.X), v, direct)
		again(v.X)
	case *ssa.Select:
		for _, st := range v.States {
			if v.Blocking || len(v.States) > 1 {
				w.dependOnChannel(c, st.Chan, v, waited)
			} else {
				w.dependOnChannel(c, st.Chan, v, polled)
			}
		}
	case *ssa.Next:
		again(v.Iter)
	case *ssa.Range:
		c.add(w.keyOfContainer(v.X), v, direct)
	case *ssa.TypeAssert:
		again(v.X)
	case *ssa.MakeInterface:
		again(v.X)
	case *ssa.ChangeType:
		again(v.X)
	case *ssa.ChangeInterface:
		again(v.X)
	case *ssa.Convert:
		again(v.X)
	case *ssa.Call:
		w.dependOnCall(c, v, again)
	}
}

// dependOnChannel adds that a communication on ch can proceed or not.
func (w *world) dependOnChannel(c *condition, ch ssa.Value, at ssa.Instruction, how how) {
	if cl, _ := w.classOf(ch); cl.valid() {
		c.add(cl.closed(), at, how)
		return
	}
	if call, ok := ch.(*ssa.Call); ok { // ctx.Done() and its like
		if _, name := calleeName(call.Common()); name == "Done" {
			c.add(canceled, at, how)
		}
	}
}

// maxGetter is how many blocks a function may have whose result is as good as
// what it reads.
const maxGetter = 4

// dependOnCall adds what the result of a call depends on.
func (w *world) dependOnCall(c *condition, call *ssa.Call, again func(ssa.Value)) {
	cc := call.Common()
	if b, ok := cc.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "len", "cap":
			c.add(w.keyOfContainer(cc.Args[0]), call, direct)
		}
		for _, arg := range cc.Args {
			again(arg)
		}
		return
	}
	if fn := w.callee(cc); fn != nil {
		r := w.reads(fn)
		how := derived
		if len(fn.Blocks) <= maxGetter {
			how = direct
		}
		for _, l := range r.loads {
			if k := l.key; !c.keys[k] {
				c.add(k, call, how)
			}
		}
		c.atomic = c.atomic || r.atomic
		for _, arg := range cc.Args {
			again(arg)
		}
		return
	}
	pkg, name := calleeName(cc)
	c.atomic = c.atomic || testsAndSets(pkg, name)
	if pkg == "context" {
		c.add(canceled, call, direct)
	}
	if cc.IsInvoke() {
		c.add(w.keyOfValue(cc.Value), call, direct)
	}
	for _, arg := range cc.Args {
		c.add(w.keyOfValue(arg), call, direct)
		again(arg)
	}
}

// testsAndSets reports whether a function reads and changes state in one step.
func testsAndSets(pkg, name string) bool {
	switch pkg {
	case "sync/atomic":
		for _, prefix := range []string{"CompareAndSwap", "Swap", "Add", "And", "Or"} {
			if len(name) >= len(prefix) && name[:len(prefix)] == prefix {
				return true
			}
		}
	case "sync":
		switch name {
		case "LoadAndDelete", "LoadOrStore", "CompareAndDelete", "CompareAndSwap", "Swap", "TryLock":
			return true
		}
	case "go.uber.org/atomic":
		switch name {
		case "CAS", "CompareAndSwap", "Swap", "Toggle", "Add", "Sub", "Inc", "Dec":
			return true
		}
	}
	return false
}

// reads returns what the results of fn may depend on: all that it reads. It is
// atomic if fn tests and changes state under a lock of its own.
func (w *world) reads(fn *ssa.Function) *condition {
	if r, ok := w.readsOf[fn]; ok {
		return r
	}
	c := &condition{keys: keys{}}
	w.readsOf[fn] = c
	locks := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				pkg, name := calleeName(call.Common())
				locks = locks || pkg == "sync" && name == "Lock"
			}
			if v, ok := instr.(ssa.Value); ok {
				switch v.(type) {
				case *ssa.UnOp, *ssa.Lookup, *ssa.Range, *ssa.Call, *ssa.Select:
					w.depend(c, v, 3, map[ssa.Value]bool{})
				}
			}
		}
	}
	if locks && c.keys.meets(w.effects(fn)) {
		c.atomic = true
	}
	return c
}
