package chanfacts

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// callsLast lists the library functions that call the function which they are
// given last: true if in a goroutine of its own, false if, at most, in that of
// their caller before they return.
var callsLast = map[string]bool{
	"(*sync.WaitGroup).Go":                       true,
	"(*golang.org/x/sync/errgroup.Group).Go":     true,
	"(*golang.org/x/sync/errgroup.Group).TryGo":  true,
	"(*golang.org/x/sync/singleflight.Group).Do": false,
	"(*sync.Once).Do":                            false,
}

// call walks a call that is made in the given way: Started for a go statement.
func (w *walker) call(call *ast.CallExpr, when When) {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		w.literal(lit, call.Args, when)
		return
	}
	if tv := w.info.Types[call.Fun]; tv.IsType() {
		w.exprs(call.Args, when)
		return
	}
	switch fn := typeutil.Callee(w.info, call).(type) {
	case *types.Builtin:
		w.builtin(fn.Name(), call, when)
	case *types.Func:
		w.static(fn, call, when)
	default:
		w.expr(call.Fun, when)
		w.args(call.Args, nil, when)
	}
}

func (w *walker) builtin(name string, call *ast.CallExpr, when When) {
	switch name {
	case "close":
		w.operate(call.Args[0], closes, when)
	case "len", "cap":
		if _, ok := w.channelOf(call.Args[0]); !ok {
			w.expr(call.Args[0], when)
		}
	default:
		w.exprs(call.Args, when)
	}
}

// static walks a call of a function or method that is known.
func (w *walker) static(fn *types.Func, call *ast.CallExpr, when When) {
	var known *Summary
	params := fn.Signature().Params().Len()
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	through := isSel && w.info.Selections[sel] != nil // a method value, not an expression or a package's function
	if len(call.Args) == params && !types.IsInterface(recvType(fn)) {
		known = w.of(fn)
	}
	if through {
		w.method(sel, known, when)
	}
	if starts, ok := callsLast[fn.FullName()]; ok && len(call.Args) > 0 {
		if lit, ok := call.Args[len(call.Args)-1].(*ast.FuncLit); ok {
			w.args(call.Args[:len(call.Args)-1], nil, when)
			if starts {
				w.literal(lit, nil, Started)
			} else {
				w.literal(lit, nil, maybe(when))
			}
			return
		}
	}
	w.args(call.Args, known, when)
}

func recvType(fn *types.Func) types.Type {
	if recv := fn.Signature().Recv(); recv != nil {
		return recv.Type()
	}
	return types.Typ[types.Invalid]
}

// method walks what a method is called on: through the receiver of the walked
// function, it does to the receiver's fields what its summary says.
func (w *walker) method(sel *ast.SelectorExpr, known *Summary, when When) {
	if !w.isRecv(sel.X) {
		w.expr(sel.X, when)
		return
	}
	if s := w.info.Selections[sel]; len(s.Index()) > 1 {
		return // of an embedded field, whose own fields are not followed
	}
	if known == nil {
		w.recvLost = true
		return
	}
	for _, u := range known.Fields {
		w.merge(channel{field: u.Field}, called(u, when))
	}
}

// args walks the arguments of a call, whose parameters a summary may describe.
func (w *walker) args(args []ast.Expr, known *Summary, when When) {
	for i, arg := range args {
		c, ok := w.channelOf(arg)
		switch {
		case !ok:
			w.expr(arg, when)
		case known == nil:
			w.use(c).HandsOn = true
		default:
			u := called(known.Param(i), when)
			u.Sets = false // the callee's variable
			w.merge(c, u)
		}
	}
}

// literal walks a function literal that is called with args, in the given way.
func (w *walker) literal(lit *ast.FuncLit, args []ast.Expr, when When) {
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if i < len(args) {
				v, _ := w.info.Defs[name].(*types.Var)
				if c, ok := w.channelOf(args[i]); ok && v != nil && isChan(v.Type()) && !assigned(w.info, lit.Body, v) {
					w.vars[v] = c
				} else {
					w.expr(args[i], when)
				}
			}
			i++
		}
	}
	for ; i < len(args); i++ {
		w.expr(args[i], when)
	}
	was := w.loop
	w.loop = false
	w.list(lit.Body.List, when)
	w.loop = was
}
