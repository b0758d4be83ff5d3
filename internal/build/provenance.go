package build

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

func classOf(code int) model.Class {
	class, _ := model.Unknown(code)
	return class
}

// provenance says how freely the unknown value v may be chosen: whether a call
// fails is the environment's affair, a flag is data, and what other goroutines
// write or send is tied to what they do.
func (b *builder) provenance(f *frame, v ssa.Value, depth int) int {
	if depth > maxProvenance {
		return unknownFlag
	}
	f = f.home(v)
	if code, ok := f.codes[v]; ok {
		return code
	}
	f.codes[v] = unknownFlag // if it depends on itself
	code := b.provenanceOf(f, v, depth)
	f.codes[v] = code
	return code
}

// maxProvenance is how far back a value is traced.
const maxProvenance = 40

func (b *builder) provenanceOf(f *frame, v ssa.Value, depth int) int {
	worst := func(vs ...ssa.Value) int {
		code := unknownFree
		for _, v := range vs {
			if _, ok := v.(*ssa.Const); !ok {
				code = max(code, b.provenance(f, v, depth+1))
			}
		}
		return code
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return worst(v.X, v.Y)
	case *ssa.UnOp:
		switch v.Op {
		case token.ARROW:
			return b.messageProvenance(v.X)
		case token.MUL:
			return b.loadProvenance(f, v, depth)
		}
		return worst(v.X)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && !isError(v.Type()) && isMethod(&call.Call) {
			return unknownOpaque // the state of an object, whether or not the call fails
		}
		return b.provenance(f, v.Tuple, depth+1)
	case *ssa.Select:
		return unknownOpaque
	case *ssa.Call:
		return b.callProvenance(f, v, depth)
	case *ssa.Lookup:
		return unknownOpaque // a map that others fill
	case *ssa.Phi:
		if isInteger(v.Type()) {
			return unknownOpaque // a count that the program keeps
		}
		return max(unknownFlag, worst(v.Edges...))
	case *ssa.ChangeInterface:
		return worst(v.X)
	case *ssa.MakeInterface:
		return worst(v.X)
	case *ssa.TypeAssert:
		return max(unknownFlag, worst(v.X))
	case *ssa.Field:
		return worst(v.X)
	case *ssa.FieldAddr:
		return worst(v.X)
	case *ssa.Convert:
		return worst(v.X)
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok {
			return max(unknownFlag, b.provenance(arg.frame, arg.val, depth+1))
		}
	case *ssa.Const:
		return unknownFree
	}
	return unknownFlag
}

// tied is the provenance of what other goroutines may have decided, though nothing
// shows that those of the model have: the state of objects, other than counts.
func (b *builder) tied() int {
	if b.likely {
		return unknownFlag
	}
	return unknownOpaque
}

func (b *builder) loadProvenance(f *frame, v *ssa.UnOp, depth int) int {
	if st := justStored(v); st != nil {
		return b.provenance(f, st, depth+1)
	}
	if a, ok := b.val(f, v.X).(address); ok {
		a = b.original(a)
		if k := cellKey(a); b.poisoned[k] || b.poisoned[nilKey(a)] || b.shared[k] || b.shared[nilKey(a)] {
			return unknownOpaque
		}
		if field := fieldAt(a); field != nil && b.assignedElsewhere(field) {
			return unknownOpaque // state, not configuration
		}
		if a.obj.alloc == nil {
			return unknownOpaque
		}
		if isInteger(v.Type()) || a.obj.alloc.Heap {
			var found []ssa.Value
			if !b.cellStores(a.obj.alloc, a.path, &found) || len(found) > 1 {
				return unknownOpaque // a count or a shared variable
			}
		}
		return b.storedProvenance(a.obj.frame, a.obj.alloc, depth+1)
	}
	switch addr := v.X.(type) {
	case *ssa.FreeVar, *ssa.Alloc:
		return unknownOpaque // a captured variable
	case *ssa.FieldAddr:
		if b.assignedElsewhere(fieldOf(addr)) {
			if _, own := addr.X.(*ssa.Alloc); own || isInteger(v.Type()) {
				return unknownOpaque // also a count that the program keeps
			}
			return max(b.tied(), b.provenance(f, addr.X, depth+1)) // state, not configuration
		}
		return max(unknownFlag, b.provenance(f, addr.X, depth+1))
	case *ssa.IndexAddr:
		return max(unknownFlag, b.provenance(f, addr.X, depth+1))
	}
	return unknownFlag
}

func (b *builder) callProvenance(f *frame, call *ssa.Call, depth int) int {
	callee := call.Call.StaticCallee()
	if callee != nil && callee.Pkg != nil {
		switch callee.Pkg.Pkg.Path() {
		case "sync/atomic", "sync":
			return unknownOpaque
		case "math/rand", "math/rand/v2":
			return unknownFree
		case "bytes", "strings", "container/heap", "container/list", "container/ring":
			if isMethod(&call.Call) {
				return unknownOpaque // what comes out is what was put in
			}
		}
	}
	if builtin, ok := call.Call.Value.(*ssa.Builtin); ok && (builtin.Name() == "len" || builtin.Name() == "cap") {
		if isChan(call.Call.Args[0].Type()) {
			return unknownOpaque
		}
		switch x := call.Call.Args[0].(type) {
		case *ssa.Parameter, *ssa.Const:
			return unknownFlag
		case *ssa.UnOp:
			return b.provenance(f, x, depth+1)
		}
		return unknownOpaque // of a channel, or of what grows
	}
	results := call.Call.Signature().Results()
	fails := slices.ContainsFunc(slices.Collect(results.Variables()), func(v *types.Var) bool { return isError(v.Type()) })
	for _, arg := range call.Call.Args {
		if m := receivedFrom(arg, 0); m != nil && b.messageProvenance(m) == unknownOpaque {
			if fails {
				return b.tied()
			}
			return unknownOpaque
		}
	}
	if fails {
		return unknownFree
	}
	if isMethod(&call.Call) {
		if call.Block().Comment == "for.loop" || slices.ContainsFunc(slices.Collect(results.Variables()), func(v *types.Var) bool { return isInteger(v.Type()) }) {
			return unknownOpaque // how much there is
		}
		return b.tied() // the state of an object
	}
	return unknownFlag
}

func isMethod(call *ssa.CallCommon) bool {
	return call.IsInvoke() || call.Signature().Recv() != nil
}

// receivedFrom returns the channel that v was received from, if it was.
func receivedFrom(v ssa.Value, depth int) ssa.Value {
	if depth > 4 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return v.X
		}
	case *ssa.Extract:
		return receivedFrom(v.Tuple, depth+1)
	case *ssa.Field:
		return receivedFrom(v.X, depth+1)
	case *ssa.MakeInterface:
		return receivedFrom(v.X, depth+1)
	case *ssa.ChangeInterface:
		return receivedFrom(v.X, depth+1)
	case *ssa.TypeAssert:
		return receivedFrom(v.X, depth+1)
	}
	return nil
}

// storedProvenance is the provenance of what is stored in a variable, in any of
// its fields.
func (b *builder) storedProvenance(f *frame, addr ssa.Value, depth int) int {
	code := unknownFlag
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				code = max(code, b.provenance(f, r.Val, depth+1))
			}
		case *ssa.FieldAddr:
			code = max(code, b.storedProvenance(f, r, depth+1))
		}
	}
	return code
}
