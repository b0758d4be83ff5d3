package closedspin

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A usage is what the package does to the channels that one name may hold.
type usage struct {
	known  bool // nothing else can happen to them
	closed bool
	sent   bool
}

// uses follows a channel to where it is made and from there to all its uses. A
// close after which the receive is not reached does not count.
func (w *world) uses(ch ssa.Value, receive ssa.Instruction) usage {
	t := &tracer{world: w, receive: receive, usage: usage{known: true}, seen: map[any]bool{}}
	t.back(ch)
	return t.usage
}

type tracer struct {
	*world
	usage
	receive ssa.Instruction
	seen    map[any]bool
}

// back follows v to what it may hold.
func (t *tracer) back(v ssa.Value) {
	type from struct{ v ssa.Value }
	if t.seen[from{v}] {
		return
	}
	t.seen[from{v}] = true
	switch v := v.(type) {
	case *ssa.MakeChan:
		t.forward(v)
	case *ssa.Const:
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.back(e)
		}
	case *ssa.ChangeType:
		t.back(v.X)
	case *ssa.UnOp:
		if k := variable(v.X); v.Op == token.MUL && k != nil {
			t.variable(k)
			return
		}
		t.known = false
	default:
		t.known = false
	}
}

// variable follows everything that is stored in a variable or field, and
// everything that is loaded from it.
func (t *tracer) variable(k any) {
	if t.seen[k] {
		return
	}
	t.seen[k] = true
	t.known = t.known && !t.loose[k]
	for _, s := range t.stores[k] {
		t.back(s.Val)
	}
	for _, load := range t.loads[k] {
		t.forward(load)
	}
}

// forward follows v to its uses.
func (t *tracer) forward(v ssa.Value) {
	if t.seen[v] {
		return
	}
	t.seen[v] = true
	for _, use := range *v.Referrers() {
		switch use := use.(type) {
		case *ssa.Send:
			t.sent = t.sent || use.Chan == v
			t.known = t.known && use.X != v
		case *ssa.Select:
			for _, st := range use.States {
				t.sent = t.sent || st.Chan == v && st.Dir == types.SendOnly
				t.known = t.known && st.Send != v
			}
		case *ssa.Store:
			if k := variable(use.Addr); k != nil {
				t.variable(k)
			} else {
				t.known = false
			}
		case *ssa.Phi:
			t.forward(use)
		case *ssa.ChangeType:
			t.forward(use)
		case ssa.CallInstruction:
			t.call(use, v)
		case *ssa.UnOp, *ssa.BinOp, *ssa.DebugRef:
		default:
			t.known = false
		}
	}
}

// precedes reports whether the receive may be reached after a close: always, if
// another function closes.
func (t *tracer) precedes(closing ssa.CallInstruction) bool {
	if closing.Parent() != t.receive.Parent() {
		return true
	}
	if _, deferred := closing.(*ssa.Defer); deferred {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{closing.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == t.receive.Block() {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// call follows v into the function that is called with it.
func (t *tracer) call(instr ssa.CallInstruction, v ssa.Value) {
	call := instr.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok {
		t.closed = t.closed || b.Name() == "close" && t.precedes(instr)
		t.known = t.known && (b.Name() == "close" || b.Name() == "len" || b.Name() == "cap")
		return
	}
	callee := call.StaticCallee()
	if callee == nil || callee.Blocks == nil || len(callee.Params) != len(call.Args) {
		t.known = false
		return
	}
	for i, arg := range call.Args {
		if arg == v {
			t.forward(callee.Params[i])
		}
	}
}
