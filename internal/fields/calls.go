package fields

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// A mode says how a function is reached.
type mode uint8

const (
	called   mode = iota // called, or deferred, in the caller's goroutine
	spawned              // in a goroutine of its own
	once                 // through a sync.Once
	handedOn             // as a value given to code that may run it whenever it likes
)

// An edge is one way from a function of the package into another.
type edge struct {
	mode   mode
	from   *ssa.Function
	at     ssa.Instruction
	to     *ssa.Function
	common *ssa.CallCommon // of the call, if it is one of the function itself
	key    key             // the sync.Once or WaitGroup, if there is one
	inside ssa.Instruction // the call in the function that it is handed to, if that is known
}

// args returns what is handed to the parameters of the called function, nil if
// that is not known.
func (e edge) args() []ssa.Value {
	if e.common == nil {
		return nil
	}
	if e.common.IsInvoke() {
		return append([]ssa.Value{e.common.Value}, e.common.Args...)
	}
	return e.common.Args
}

// readCalls finds the edges that begin in fn.
func (w *world) readCalls(fn *ssa.Function) {
	var operands []*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			var callee ssa.Value
			if call, ok := instr.(ssa.CallInstruction); ok {
				c := call.Common()
				if !c.IsInvoke() {
					callee = c.Value
				}
				w.readCall(fn, call)
			}
			operands = instr.Operands(operands[:0])
			for _, o := range operands {
				if *o == nil || *o == callee || isClosureOf(instr, *o) {
					continue
				}
				if to := w.functionOf(*o); to != nil {
					w.readValue(fn, instr, to)
				}
			}
		}
	}
}

// isClosureOf reports whether instr makes a closure of the function v.
func isClosureOf(instr ssa.Instruction, v ssa.Value) bool {
	mc, ok := instr.(*ssa.MakeClosure)
	return ok && mc.Fn == v
}

// readCall finds the edges of a call, go or defer.
func (w *world) readCall(fn *ssa.Function, call ssa.CallInstruction) {
	m := called
	if _, ok := call.(*ssa.Go); ok {
		m = spawned
	}
	c := call.Common()
	for _, to := range w.callees(c) {
		w.addEdge(edge{mode: m, from: fn, at: call, to: to, common: c})
	}
	own := w.callee(c)
	if own == nil || len(c.Args) != len(own.Params) {
		return
	}
	for i, arg := range c.Args { // functions that own calls for its caller
		to := w.functionOf(arg)
		if to == nil {
			continue
		}
		calls, only := w.parameterCalls(own.Params[i])
		if !only {
			w.addEdge(edge{mode: handedOn, from: fn, at: call, to: to})
		}
		for _, inside := range calls {
			e := edge{mode: m, from: fn, at: call, to: to, inside: inside}
			if _, ok := inside.(*ssa.Go); ok {
				e.mode = spawned
			}
			w.addEdge(e)
		}
	}
}

// parameterCalls returns the calls of a function that is handed to a parameter,
// and whether that is all that is done with it.
func (w *world) parameterCalls(p *ssa.Parameter) (calls []ssa.CallInstruction, only bool) {
	only = true
	var follow func(v ssa.Value, depth int)
	follow = func(v ssa.Value, depth int) {
		refs := v.Referrers()
		if refs == nil || depth == 0 {
			only = false
			return
		}
		for _, ref := range *refs {
			switch ref := ref.(type) {
			case *ssa.DebugRef, *ssa.BinOp:
			case *ssa.Store:
				if root, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
					follow(root, depth-1)
				}
			case *ssa.UnOp:
				follow(ref, depth-1)
			case *ssa.MakeClosure:
				fn, ok := ref.Fn.(*ssa.Function)
				if !ok {
					only = false
					continue
				}
				for i, b := range ref.Bindings {
					if b == v {
						follow(fn.FreeVars[i], depth-1)
					}
				}
			case ssa.CallInstruction:
				if ref.Common().Value == v {
					calls = append(calls, ref)
				} else {
					only = false
				}
			default:
				only = false
			}
		}
	}
	follow(p, 6)
	return calls, only
}

// readValue finds the edge of a function that instr uses as a value.
func (w *world) readValue(fn *ssa.Function, instr ssa.Instruction, to *ssa.Function) {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.MakeClosure:
		return
	case *ssa.Store:
		if root := place.Cell(instr.Addr); root != nil && !w.cellEscapes(root) {
			return // a variable that is called by its name
		}
	case *ssa.ChangeType, *ssa.MakeInterface, *ssa.Phi:
	case ssa.CallInstruction:
		w.addEdge(w.handed(fn, instr, to))
		return
	}
	w.addEdge(edge{mode: handedOn, from: fn, at: instr, to: to})
}

// handed is the edge of a function that is an argument of a call.
func (w *world) handed(fn *ssa.Function, call ssa.CallInstruction, to *ssa.Function) edge {
	e := edge{mode: handedOn, from: fn, at: call, to: to}
	c := call.Common()
	if w.callee(c) != nil {
		return edge{} // see readCall
	}
	pkg, name := calleeName(c)
	switch pkg {
	case "sync":
		switch name {
		case "Do", "OnceFunc":
			e.mode = once
			if name == "Do" && len(c.Args) > 0 {
				e.key = w.keyOfAddress(c.Args[0])
			} else {
				e.key = key{cell: call.Value()}
			}
		case "Go":
			e.mode = spawned
			e.key = w.keyOfAddress(c.Args[0])
		case "Range":
			e.mode = called
		}
	case "golang.org/x/sync/errgroup":
		if name == "Go" || name == "TryGo" {
			e.mode = spawned
			e.key = w.keyOfValue(c.Args[0])
		}
	case "time":
		if name == "AfterFunc" {
			e.mode = spawned
		}
	case "sort", "slices", "maps", "strings", "bytes", "path/filepath", "container/list", "container/ring":
		e.mode = called
	}
	if e.mode == handedOn && isSynchronous(pkg, name) {
		e.mode = called
	}
	return e
}

// isSynchronous reports whether a function of the standard library runs the
// functions that it is given only before it returns.
func isSynchronous(pkg, name string) bool {
	switch pkg {
	case "testing":
		return name == "Run"
	case "flag":
		return name == "VisitAll" || name == "Visit"
	case "github.com/google/btree":
		return true
	}
	return false
}

// calleeName returns the path of the package and the name of what a call
// reaches outside this package.
func calleeName(c *ssa.CallCommon) (pkg, name string) {
	var obj types.Object
	if c.IsInvoke() {
		obj = c.Method
	} else if fn := c.StaticCallee(); fn != nil {
		obj = fn.Object()
		if obj == nil && fn.Origin() != nil {
			obj = fn.Origin().Object()
		}
	}
	if obj == nil || obj.Pkg() == nil {
		return "", ""
	}
	return obj.Pkg().Path(), obj.Name()
}

// callee returns the function of the package that a call reaches, or nil.
func (w *world) callee(c *ssa.CallCommon) *ssa.Function {
	if c.IsInvoke() {
		return nil
	}
	return w.functionOf(c.Value)
}

// functionOf returns the function of the package that v is: itself, a closure
// of it, one of its methods bound to a receiver, or a variable that holds only
// that.
func (w *world) functionOf(v ssa.Value) *ssa.Function {
	for range maxSteps {
		switch x := v.(type) {
		case *ssa.Function:
			return w.ownFunction(x)
		case *ssa.MakeClosure:
			v = x.Fn
		case *ssa.ChangeType:
			v = x.X
		case *ssa.FreeVar:
			b := place.Binding(x)
			if b == nil {
				return nil
			}
			v = b
		case *ssa.UnOp:
			root := place.Cell(x.X)
			if root == nil {
				return nil
			}
			stores := w.cellStores(root)
			if len(stores) != 1 {
				return nil
			}
			v = stores[0]
		default:
			return nil
		}
	}
	return nil
}

// ownFunction returns fn as it stands in the package: the origin of an
// instance, the method behind a wrapper.
func (w *world) ownFunction(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if w.own[fn] {
		return fn
	}
	if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" && obj.Pkg() == w.pass.Pkg {
		if m := w.pkg.SSA.Prog.FuncValue(obj.Origin()); m != nil && w.own[m] {
			return m
		}
	}
	return nil
}

// callees returns the functions of the package that a call can reach, as far
// as the package shows.
func (w *world) callees(c *ssa.CallCommon) []*ssa.Function {
	if c.IsInvoke() {
		return w.implementations(c)
	}
	if fn := w.functionOf(c.Value); fn != nil {
		return []*ssa.Function{fn}
	}
	return nil
}

// implementations returns the methods of the package that an interface call can
// reach. Interfaces of other packages are left out: who calls through those
// comes from outside.
func (w *world) implementations(c *ssa.CallCommon) []*ssa.Function {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok || c.Method.Pkg() != w.pass.Pkg {
		return nil
	}
	var out []*ssa.Function
	for _, m := range w.methods[c.Method.Name()] {
		recv := m.Signature.Recv()
		if recv != nil && recv.Type() != nil && types.Implements(recv.Type(), iface) {
			out = append(out, m)
		}
	}
	return out
}

// isExported reports whether code of other packages can call fn: by its name,
// or as a method through an interface.
func isExported(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Object() == nil {
		return false
	}
	return fn.Object().Exported() && !strings.HasPrefix(fn.Name(), "Test")
}
