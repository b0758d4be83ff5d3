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
