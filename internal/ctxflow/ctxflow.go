// Package ctxflow finds contexts that nobody can end although goroutines wait for
// it: made here with a cancel function that is kept and never called, or that is
// overwritten before anybody calls it.
//
// Only contexts made from context.Background or context.TODO count, since any
// other may end with its parent. Functions, variables and unexported fields are
// a closed world: all their uses stand in the package.
package ctxflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
)

// A Lost context never ends.
type Lost struct {
	Call   *ssa.Call  // the call of context.WithCancel that makes it
	Holder *types.Var // where its cancel function is kept, or nil
	Waits  []Wait     // in the order of the package's functions; never empty

	// Overwritten is the store that replaces the cancel function; nil if nothing
	// ever calls it.
	Overwritten *ssa.Store
}

// A Wait is a goroutine that ends when the context does, and not before.
type Wait struct {
	Go   *ssa.Go
	Fn   *ssa.Function // what it runs
	Done token.Pos     // of a receive from ctx.Done()
}

// A Flow answers for one package.
type Flow struct {
	pkg    *chanssa.Package
	fields map[*types.Var][]ssa.Value // addresses and values of each field, anywhere
	starts map[*ssa.Function]*ssa.Go  // the first go statement of each function
	cells  map[ssa.Value]*ssa.Alloc   // by captured variable
}

// New returns the Flow of a package that has SSA form.
func New(pkg *chanssa.Package) *Flow {
	f := &Flow{pkg: pkg, fields: map[*types.Var][]ssa.Value{}, starts: map[*ssa.Function]*ssa.Go{}, cells: map[ssa.Value]*ssa.Alloc{}}
	for _, fn := range pkg.Funcs {
		for instr := range instrs(fn) {
			switch instr := instr.(type) {
			case *ssa.FieldAddr:
				st := instr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
				v := st.Field(instr.Field).Origin()
				f.fields[v] = append(f.fields[v], instr)
			case *ssa.Field:
				v := instr.X.Type().Underlying().(*types.Struct).Field(instr.Field).Origin()
				f.fields[v] = append(f.fields[v], instr)
			case *ssa.Go:
				if callee := instr.Call.StaticCallee(); callee != nil && f.starts[origin(callee)] == nil {
					f.starts[origin(callee)] = instr
				}
			}
		}
	}
	return f
}

func instrs(fn *ssa.Function) func(yield func(ssa.Instruction) bool) {
	return func(yield func(ssa.Instruction) bool) {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				if !yield(instr) {
					return
				}
			}
		}
	}
}

func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// Lost returns the contexts that never end and are waited for, in the order of
// the package's functions.
func (f *Flow) Lost() []Lost {
	var out []Lost
	for _, fn := range f.pkg.Funcs {
		if lastsForever(fn) {
			continue
		}
		for instr := range instrs(fn) {
			call, ok := instr.(*ssa.Call)
			if !ok || !makesRoot(call) {
				continue
			}
			if l, ok := f.lost(call); ok {
				out = append(out, l)
			}
		}
	}
	return out
}

// lastsForever reports whether what fn starts may last as long as the process.
func lastsForever(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	switch fn.Name() {
	case "main", "init", "TestMain":
		return fn.Signature.Recv() == nil
	}
	return fn.Synthetic != ""
}

// makesRoot reports whether call is context.WithCancel of a context that never
// ends.
func makesRoot(call *ssa.Call) bool {
	name := contextFunc(call)
	if name != "WithCancel" && name != "WithCancelCause" {
		return false
	}
	parent, ok := call.Call.Args[0].(*ssa.Call)
	return ok && (contextFunc(parent) == "Background" || contextFunc(parent) == "TODO")
}

// contextFunc returns the name of the function of package context that is
// called, or "".
func contextFunc(call *ssa.Call) string {
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Pkg == nil || callee.Pkg.Pkg.Path() != "context" || callee.Signature.Recv() != nil {
		return ""
	}
	return callee.Name()
}

func (f *Flow) lost(call *ssa.Call) (Lost, bool) {
	ctx, cancel := extract(call, 0), extract(call, 1)
	if ctx == nil || cancel == nil {
		return Lost{}, false
	}
	l := Lost{Call: call}
	fate := &fate{flow: f, seen: map[ssa.Value]bool{}}
	if fate.idle(cancel) {
		l.Holder, l.Waits = fate.holder, f.waits(ctx)
		return l, len(l.Waits) > 0
	}
	return f.overwritten(call, ctx, cancel)
}

func extract(call *ssa.Call, i int) *ssa.Extract {
	for _, r := range *call.Referrers() {
		if ext, ok := r.(*ssa.Extract); ok && ext.Index == i {
			return ext
		}
	}
	return nil
}

// cellOf returns the variable that an address names, if it is a local one or one
// captured by a literal; else nil.
func (f *Flow) cellOf(addr ssa.Value) *ssa.Alloc {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return addr
	case *ssa.FreeVar:
		if got, ok := f.cells[addr]; ok {
			return got
		}
		f.cells[addr] = nil
		lit := addr.Parent()
		for instr := range instrs(lit.Parent()) {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == lit {
				for i, fv := range lit.FreeVars {
					if fv == addr {
						f.cells[addr] = f.cellOf(mc.Bindings[i])
					}
				}
			}
		}
		return f.cells[addr]
	}
	return nil
}

// closed returns the field that an address names, if all of its uses stand in
// the package; else nil.
func (f *Flow) closed(addr ssa.Value) *types.Var {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	st := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	v := st.Field(fa.Field).Origin()
	if v.Exported() || v.Pkg() != f.pkg.SSA.Pkg {
		return nil
	}
	return v
}

// accesses yields every instruction that uses a local variable, in its function
// and the literals that capture it, with the address that it uses.
func accesses(addr ssa.Value, yield func(addr ssa.Value, instr ssa.Instruction)) {
	for _, r := range *addr.Referrers() {
		mc, ok := r.(*ssa.MakeClosure)
		if !ok {
			yield(addr, r)
			continue
		}
		for i, bind := range mc.Bindings {
			if bind == addr {
				accesses(mc.Fn.(*ssa.Function).FreeVars[i], yield)
			}
		}
	}
}
