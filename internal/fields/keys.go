package fields

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A key names a piece of state that conditions depend on: what a field holds,
// in whatever object, or a variable.
type key struct {
	field  *types.Var
	cell   ssa.Value
	closed bool // whether the channels in the field are closed, not which they are
}

// canceled is whether contexts are canceled, all of them.
var canceled = key{closed: true}

func (k key) valid() bool { return k != key{} }

// keys is a set of keys.
type keys map[key]bool

func (s keys) addAll(o keys) {
	for k := range o {
		s[k] = true
	}
}

func (s keys) meets(o keys) bool {
	for k := range s {
		if o[k] {
			return true
		}
	}
	return false
}

// keyOfAddress returns the key of the variable or field at an address.
func (w *world) keyOfAddress(addr ssa.Value) key {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return key{field: place.FieldOf(addr)}
	case *ssa.IndexAddr:
		return w.keyOfContainer(addr.X)
	case *ssa.UnOp:
		return w.keyOfValue(addr)
	}
	if root := place.Cell(addr); root != nil {
		return key{cell: root}
	}
	return key{}
}

// keyOfValue returns the key of the variable or field that v was loaded from.
func (w *world) keyOfValue(v ssa.Value) key {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return w.keyOfAddress(v.X)
		}
	case *ssa.Field:
		return key{field: place.FieldOfValue(v)}
	case *ssa.FieldAddr, *ssa.Alloc, *ssa.Global, *ssa.FreeVar:
		return w.keyOfAddress(v)
	case *ssa.ChangeType:
		return w.keyOfValue(v.X)
	case *ssa.MakeInterface:
		return w.keyOfValue(v.X)
	case *ssa.Extract, *ssa.Call:
		return key{cell: v}
	}
	return key{}
}

// keyOfContainer returns the key of the map, slice or array v.
func (w *world) keyOfContainer(v ssa.Value) key {
	if s, ok := v.(*ssa.Slice); ok {
		v = s.X
	}
	if l, ok := v.(*ssa.Lookup); ok { // a map in a map
		return w.keyOfContainer(l.X)
	}
	if e, ok := v.(*ssa.Extract); ok {
		if l, ok := e.Tuple.(*ssa.Lookup); ok {
			return w.keyOfContainer(l.X)
		}
	}
	return w.keyOfValue(v)
}

// writes returns what one instruction may write. Who asks may not change the
// result.
func (w *world) writes(instr ssa.Instruction) keys {
	switch instr.(type) {
	case *ssa.Store, *ssa.MapUpdate, ssa.CallInstruction:
	default:
		return nil
	}
	out, ok := w.written[instr]
	if !ok {
		w.written[instr] = keys{} // a recursive call adds nothing
		out = w.writesAnew(instr)
		w.written[instr] = out
	}
	return out
}

func (w *world) writesAnew(instr ssa.Instruction) keys {
	out := keys{}
	add := func(k key) {
		if k.valid() {
			out[k] = true
		}
	}
	switch instr := instr.(type) {
	case *ssa.Store:
		k := w.keyOfAddress(instr.Addr)
		add(k)
		if k.field != nil {
			add(key{field: k.field, closed: true})
		}
		if _, ok := instr.Val.Type().Underlying().(*types.Struct); ok {
			for f := range place.FieldsOf(instr.Val.Type()) {
				add(key{field: f})
			}
		}
	case *ssa.MapUpdate:
		add(w.keyOfContainer(instr.Map))
	case ssa.CallInstruction:
		w.callWrites(instr, add)
		for _, to := range w.callees(instr.Common()) {
			if _, ok := instr.(*ssa.Go); !ok {
				out.addAll(w.effects(to))
			}
		}
	}
	return out
}

// callWrites adds what a call of code outside the package may write: whatever
// it is given, and whatever it is a method of.
func (w *world) callWrites(call ssa.CallInstruction, add func(key)) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "close":
			if cl, _ := w.classOf(c.Args[0]); cl.valid() {
				add(cl.closed())
			}
		case "delete", "clear":
			add(w.keyOfContainer(c.Args[0]))
		}
		return
	}
	if w.callee(c) != nil {
		return
	}
	if isCancel(c.Value.Type()) && !c.IsInvoke() {
		add(canceled)
		return
	}
	if pkg, name := calleeName(c); onlyReads(pkg, name) {
		return
	}
	if c.IsInvoke() {
		add(w.keyOfValue(c.Value))
	}
	for _, arg := range c.Args {
		switch arg.Type().Underlying().(type) {
		case *types.Pointer, *types.Map, *types.Slice:
			add(w.keyOfValue(arg))
		}
	}
}

// onlyReads reports whether a function outside the package leaves what it is
// given as it is.
func onlyReads(pkg, name string) bool {
	switch pkg {
	case "sync":
		switch name {
		case "Lock", "Unlock", "RLock", "RUnlock", "Wait", "Load":
			return true
		}
	case "sync/atomic":
		return len(name) >= 4 && name[:4] == "Load"
	case "fmt", "log", "errors", "strings", "strconv", "log/slog":
		return true
	}
	return false
}

func isCancel(t types.Type) bool {
	obj := typeName(t)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context" &&
		(obj.Name() == "CancelFunc" || obj.Name() == "CancelCauseFunc")
}

// effects returns what fn and its callees in the package may write.
func (w *world) effects(fn *ssa.Function) keys {
	if s, ok := w.writesOf[fn]; ok {
		return s
	}
	out := keys{}
	w.writesOf[fn] = out // a recursive call adds nothing
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if !initializes(instr) {
				out.addAll(w.writes(instr))
			}
		}
	}
	return out
}

// A condition is what a value depends on.
type condition struct {
	keys   keys
	loads  []load // where the state is read
	atomic bool   // reading it also changes it, in one step
	opaque bool   // it also depends on what is not known
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
	c.opaque = true
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
