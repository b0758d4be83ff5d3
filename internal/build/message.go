package build

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
)

// messageAssert says whether a type assertion on a received message holds: if
// all messages of the package that fit the channel are of the asserted type, it
// does so unless the channel was closed.
func (b *builder) messageAssert(f *frame, v *ssa.TypeAssert) value {
	var recv, ch ssa.Value
	switch x := v.X.(type) {
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			recv, ch = x, x.X
		}
	case *ssa.Extract:
		switch t := x.Tuple.(type) {
		case *ssa.UnOp:
			if t.Op == token.ARROW && x.Index == 0 {
				recv, ch = t, t.X
			}
		case *ssa.Select:
			if st := receiveState(t, x.Index-2); x.Index >= 2 && st != nil {
				recv, ch = t, st.Chan
			}
		}
	}
	if recv == nil {
		return unknown{}
	}
	if _, ok := b.val(f, ch).(ref); !ok {
		return unknown{}
	}
	sent := b.messageType(ch.Type().Underlying().(*types.Chan).Elem())
	if sent == nil || types.IsInterface(v.AssertedType) {
		return unknown{}
	}
	if types.Identical(sent, v.AssertedType) {
		return integer{regKey{frame: f, val: recv, path: "ok"}}
	}
	return literal(0)
}

// messageType returns the dynamic type of the messages that the package sends on
// channels with elements of interface type elem, or nil if there are several or
// it is not known.
func (b *Builder) messageType(elem types.Type) types.Type {
	if got, ok := b.sentTypes[elem]; ok {
		return got
	}
	var found types.Type
	ok := true
	for _, fn := range b.pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				for o := range op.Of(instr) {
					if o.Kind != op.Send || !types.Identical(o.Chan.Type().Underlying().(*types.Chan).Elem(), elem) {
						continue
					}
					mi, isMake := sentValue(instr, o.Chan).(*ssa.MakeInterface)
					ok = ok && isMake && (found == nil || types.Identical(found, mi.X.Type()))
					if isMake {
						found = mi.X.Type()
					}
				}
			}
		}
	}
	if !ok {
		found = nil
	}
	if b.sentTypes == nil {
		b.sentTypes = map[types.Type]types.Type{}
	}
	b.sentTypes[elem] = found
	return found
}

// sentValue returns what a send or a select sends on ch.
func sentValue(instr ssa.Instruction, ch ssa.Value) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.Send:
		return instr.X
	case *ssa.Select:
		for _, st := range instr.States {
			if st.Dir == types.SendOnly && st.Chan == ch {
				return st.Send
			}
		}
	}
	return nil
}
