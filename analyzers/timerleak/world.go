package timerleak

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/place"
)

// A world is what the whole package does to its timers.
type world struct {
	// stores are the values stored to captured variables and to fields, which
	// are ssa.Values and *types.Vars.
	stores map[any][]ssa.Value
	// loose are the variables and fields whose address is used otherwise.
	loose map[any]bool
	calls []methodCall // of Stop and Reset, in source order of the functions
	// waits says that some WaitGroup.Wait is called.
	waits bool
	// ownChannels says that the package sets the C of a timer itself, as fake
	// clocks do.
	ownChannels bool
}

// A methodCall is a call of a timer's or ticker's Stop or Reset.
type methodCall struct {
	instr ssa.CallInstruction
	name  string
	recv  ssa.Value
}

func newWorld(pkg *chanssa.Package) *world {
	w := &world{stores: map[any][]ssa.Value{}, loose: map[any]bool{}}
	funcs := pkg.Funcs
	if init := pkg.SSA.Func("init"); init != nil {
		funcs = append(slices.Clone(funcs), init)
	}
	for _, fn := range funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				w.add(instr)
			}
		}
	}
	return w
}

func (w *world) add(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && isTimerChannel(fa) {
			w.ownChannels = true
		}
		if k := variable(instr.Addr); k != nil && isTimer(instr.Val.Type()) {
			w.stores[k] = append(w.stores[k], instr.Val)
		}
	case *ssa.FieldAddr:
		w.addUses(instr)
	case *ssa.Alloc:
		w.addUses(instr)
	case ssa.CallInstruction:
		if name, recv := timerMethod(instr.Common()); name != "" {
			w.calls = append(w.calls, methodCall{instr, name, recv})
		}
		if callee := instr.Common().StaticCallee(); callee != nil && callee.String() == "(*sync.WaitGroup).Wait" {
			w.waits = true
		}
	}
	if fn := instr.Parent(); len(fn.FreeVars) > 0 && instr == fn.Blocks[0].Instrs[0] {
		for _, fv := range fn.FreeVars {
			w.addUses(fv)
		}
	}
}

// addUses marks the variable behind an address as loose if the address is used
// for anything but loads and stores.
func (w *world) addUses(addr ssa.Value) {
	k := variable(addr)
	if k == nil {
		return
	}
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure, *ssa.FieldAddr:
		case *ssa.Store:
			if use.Val == addr {
				w.loose[k] = true
			}
		default:
			w.loose[k] = true
		}
	}
}

// variable returns what identifies the variable or unexported field that holds
// a timer at addr, or nil.
func variable(addr ssa.Value) any {
	ptr, ok := addr.Type().Underlying().(*types.Pointer)
	if !ok || !isTimer(ptr.Elem()) {
		return nil
	}
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		if f := place.FieldOf(fa); f != nil && !f.Exported() {
			return f
		}
		return nil
	}
	if alloc, ok := place.Cell(addr).(*ssa.Alloc); ok {
		return alloc
	}
	return nil
}

// sources returns the calls that make the timer v, or nil if they are not all
// known. A timer that is nil has no part in it: it panics.
func (w *world) sources(v ssa.Value) []*ssa.Call {
	var out []*ssa.Call
	seen := map[any]bool{}
	var walk func(v ssa.Value) bool
	walk = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Const:
			return true
		case *ssa.Call:
			out = append(out, v)
			return timeCall(v) != ""
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !walk(e) })
		case *ssa.UnOp:
			k := variable(v.X)
			if k == nil || w.loose[k] {
				return false
			}
			return !slices.ContainsFunc(w.stores[k], func(x ssa.Value) bool { return !walk(x) })
		}
		return false
	}
	if !walk(v) {
		return nil
	}
	return out
}

// identity returns what stands for the timer v in the whole package: the
// variable or field that holds it, or the call that makes it; nil if unknown.
func (w *world) identity(v ssa.Value) any {
	switch v := v.(type) {
	case *ssa.UnOp:
		if k := variable(v.X); k != nil && !w.loose[k] {
			return k
		}
	case *ssa.Call:
		for _, use := range *v.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Val == v {
				if alloc, ok := variable(store.Addr).(*ssa.Alloc); ok && !w.loose[alloc] {
					return alloc // a variable that a closure shares
				}
			}
		}
		if timeCall(v) != "" {
			return v
		}
	}
	return nil
}

// timerOf returns the timer or ticker whose channel ch is, or nil.
func timerOf(ch ssa.Value) ssa.Value {
	if load, ok := ch.(*ssa.UnOp); ok {
		if fa, ok := load.X.(*ssa.FieldAddr); ok && isTimerChannel(fa) {
			return fa.X
		}
	}
	return nil
}

func isTimerChannel(fa *ssa.FieldAddr) bool {
	f := place.FieldOf(fa)
	return f != nil && f.Name() == "C" && f.Pkg() != nil && f.Pkg().Path() == "time"
}

// isTimer reports whether t is *time.Timer or *time.Ticker.
func isTimer(t types.Type) bool {
	ptr, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "time" {
		return false
	}
	return named.Obj().Name() == "Timer" || named.Obj().Name() == "Ticker"
}

// timeCall returns the name of the function of package time that makes a timer
// or its channel, or "".
func timeCall(call *ssa.Call) string {
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Pkg == nil || callee.Pkg.Pkg.Path() != "time" || callee.Signature.Recv() != nil {
		return ""
	}
	switch callee.Name() {
	case "NewTimer", "NewTicker", "AfterFunc", "Tick":
		return callee.Name()
	}
	return ""
}

// timerMethod returns the receiver of a call of Stop or Reset.
func timerMethod(call *ssa.CallCommon) (name string, recv ssa.Value) {
	callee := call.StaticCallee()
	if callee == nil || callee.Signature.Recv() == nil || !isTimer(callee.Signature.Recv().Type()) || len(call.Args) == 0 {
		return "", nil
	}
	return callee.Name(), call.Args[0]
}
