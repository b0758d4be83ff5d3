package build

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// val returns what is known about v in frame f.
func (b *builder) val(f *frame, v ssa.Value) value {
	f = f.home(v)
	if got, ok := f.vals[v]; ok {
		return got
	}
	f.vals[v] = unknown{} // cut cycles
	got := b.resolve(f, v)
	if _, ok := got.(unknown); ok && tracksInt(v.Type()) {
		// Not known, but the same wherever it is tested: see emitUnknownInt.
		if _, ok := v.(ssa.Instruction); ok {
			got = integer{regKey{frame: f, val: v}}
		}
	}
	f.vals[v] = got
	return got
}

func (b *builder) resolve(f *frame, v ssa.Value) value {
	switch v := v.(type) {
	case *ssa.Const:
		return constValue(v)
	case *ssa.Parameter, *ssa.FreeVar:
		if got, ok := f.binds[v]; ok {
			return got
		}
	case *ssa.MakeChan:
		if k := (regKey{frame: f, val: v}); !b.poisoned[k] {
			return ref{k}
		}
	case *ssa.Alloc:
		return address{obj: b.object(f, v, nil)}
	case *ssa.MakeSlice:
		return b.resolveMakeSlice(f, v)
	case *ssa.IndexAddr:
		return b.resolveIndex(f, v)
	case *ssa.Slice:
		return b.resolveSlice(f, v)
	case *ssa.BinOp:
		return b.fold(f, v)
	case *ssa.FieldAddr:
		if base, ok := b.val(f, v.X).(address); ok {
			return b.field(base, v.Field)
		}
	case *ssa.Field:
		switch base := b.val(f, v.X).(type) {
		case content:
			return b.load(f, v, b.field(base.at, v.Field))
		case message:
			if base.field == v.Field {
				return integer{base.reg}
			}
		}
	case *ssa.UnOp:
		return b.resolveUnOp(f, v)
	case *ssa.Phi:
		return b.resolvePhi(f, v)
	case *ssa.MakeClosure:
		c := closure{fn: v.Fn.(*ssa.Function)}
		for _, bind := range v.Bindings {
			c.binds = append(c.binds, b.val(f, bind))
		}
		return c
	case *ssa.Function:
		return closure{fn: v}
	case *ssa.ChangeType:
		return b.val(f, v.X)
	case *ssa.ChangeInterface:
		return b.val(f, v.X)
	case *ssa.MakeInterface:
		return b.resolveInterface(f, v)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return b.resolveAssert(f, v, 0)
		}
	case *ssa.Extract:
		return b.resolveExtract(f, v)
	case *ssa.Call:
		return b.callResult(f, v, 0)
	}
	return unknown{}
}

func constValue(c *ssa.Const) value {
	switch {
	case c.IsNil():
		return nilValue{}
	case c.Value == nil:
		return unknown{}
	case c.Value.Kind() == constant.Bool:
		if constant.BoolVal(c.Value) {
			return literal(1)
		}
		return literal(0)
	case c.Value.Kind() == constant.Int:
		if n, ok := constant.Int64Val(c.Value); ok && n >= -1<<20 && n <= 1<<20 {
			return literal(n)
		}
	}
	return unknown{}
}

func (b *builder) resolveInterface(f *frame, v *ssa.MakeInterface) value {
	switch x := b.val(f, v.X).(type) {
	case unknown, nilValue:
		return nonNil{} // also a typed nil: the interface itself is not nil
	case ref:
		return boxed{x, v.X.Type()}
	case list:
		return unknown{}
	case address, content:
		if !types.Identical(dynamicType(x), v.X.Type()) {
			return unknown{} // converted to another type of the same structure
		}
		return x
	default:
		return x
	}
}

func (b *builder) resolveUnOp(f *frame, v *ssa.UnOp) value {
	switch v.Op {
	case token.MUL:
		if g, ok := v.X.(*ssa.Global); ok && isError(v.Type()) && (g.Pkg != b.pkg.SSA || !b.unsettled()[g]) {
			return nonNil{} // an error that others compare theirs with
		}
		if k, ok := b.settledFlag(v); ok {
			return integer{k}
		}
		if lock, ok := b.condLock(f, v.X); ok {
			return lock
		}
		switch x := b.val(f, v.X).(type) {
		case address:
			if got := b.load(f, v, x); known(got) {
				return got
			}
		}
		if st := justStored(v); st != nil && tracksInt(v.Type()) {
			return b.val(f, st)
		}
	case token.ARROW:
		if v.CommaOk {
			return unknown{} // see Extract
		}
		return b.received(f, v, v.X)
	case token.NOT:
		if x, ok := b.val(f, v.X).(literal); ok {
			return 1 - x
		}
	}
	return unknown{}
}

// received returns the value of a receive from ch: messages are followed when
// the channel is, and carries booleans, errors or channels.
func (b *builder) received(f *frame, v ssa.Value, ch ssa.Value) value {
	if _, ok := b.val(f, ch).(ref); !ok {
		return unknown{}
	}
	elem := messageType(ch)
	switch {
	case tracksInt(elem):
		return integer{regKey{frame: f, val: v, path: "msg"}}
	case isChan(elem):
		if k := (regKey{frame: f, val: v, path: "msg"}); !b.poisoned[k] {
			return ref{k}
		}
	}
	if i := flagField(elem); i >= 0 {
		return message{regKey{frame: f, val: v, path: "msg"}, i}
	}
	return unknown{}
}

// flagField returns the field of a struct message that decides most often what
// the receiver does: its first error, else its first boolean; -1 if there is
// none.
func flagField(t types.Type) int {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return -1
	}
	flag := -1
	for i := range st.NumFields() {
		switch ft := st.Field(i).Type(); {
		case isError(ft):
			return i
		case isBool(ft) && flag < 0:
			flag = i
		}
	}
	return flag
}

func (b *builder) resolvePhi(f *frame, v *ssa.Phi) value {
	var same value
	sameForAll := true
	for _, e := range v.Edges {
		got := b.val(f, e)
		if _, ok := got.(unknown); ok {
			sameForAll = false
			break
		}
		if same == nil {
			same = got
		} else if !sameValue(same, got) {
			sameForAll = false
			break
		}
	}
	if sameForAll && same != nil {
		return same
	}
	switch k := (regKey{frame: f, val: v}); {
	case isChan(v.Type()) && !b.poisoned[k]:
		return ref{k}
	case tracksInt(v.Type()):
		return integer{k}
	}
	return unknown{}
}

func sameValue(a, b value) bool {
	switch a := a.(type) {
	case closure:
		return false
	case onceFunc:
		return false
	default:
		if _, ok := b.(closure); ok {
			return false
		}
		if _, ok := b.(onceFunc); ok {
			return false
		}
		return a == b
	}
}

func (b *builder) resolveExtract(f *frame, v *ssa.Extract) value {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return b.callResult(f, t, v.Index)
	case *ssa.TypeAssert:
		return b.resolveAssert(f, t, v.Index)
	case *ssa.UnOp:
		if t.Op == token.ARROW {
			if v.Index == 1 {
				if _, ok := b.val(f, t.X).(ref); ok {
					return integer{regKey{frame: f, val: t, path: "ok"}}
				}
				return unknown{}
			}
			return b.received(f, t, t.X)
		}
	case *ssa.Select:
		switch {
		case v.Index == 0:
			return integer{regKey{frame: f, val: t, path: "index"}}
		case v.Index == 1:
			return integer{regKey{frame: f, val: t, path: "ok"}}
		default:
			if st := receiveState(t, v.Index-2); st != nil {
				return b.receivedInSelect(f, t, v.Index-2, st)
			}
		}
	}
	return unknown{}
}

func (b *builder) receivedInSelect(f *frame, t *ssa.Select, nth int, st *ssa.SelectState) value {
	got := b.received(f, t, st.Chan)
	suffix := string(rune('0' + nth))
	switch got := got.(type) {
	case integer:
		got.reg.path += suffix
		return got
	case ref:
		got.reg.path += suffix
		return got
	case message:
		got.reg.path += suffix
		return got
	}
	return got
}

// receiveState returns the nth receive of a select, counting receives only.
func receiveState(s *ssa.Select, nth int) *ssa.SelectState {
	for _, st := range s.States {
		if st.Dir == types.RecvOnly {
			if nth == 0 {
				return st
			}
			nth--
		}
	}
	return nil
}
