package fields

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/place"
)

// A rights is what code that is not seen can do to the channels of a class.
type rights uint8

const (
	mayReceive rights = 1 << iota
	maySend           // and close: a send-only channel can be closed
	mayStore          // put other channels into the field

	everything = mayReceive | maySend | mayStore
)

// A life is all that happens to the channels of one field.
type life struct {
	rights rights
	ops    []op.Op // tests included
	makes  []*ssa.MakeChan
}

// has reports whether some operation is of the kind.
func (l *life) has(kind op.Kind) bool {
	return slices.ContainsFunc(l.ops, func(o op.Op) bool { return o.Kind == kind })
}

// lives returns the life of every channel field of the package, but for those
// that are exported: their world is not closed.
func (w *world) lives() map[*types.Var]*life {
	all := map[*types.Var]*life{}
	of := func(f *types.Var) *life {
		_, isChan := f.Type().Underlying().(*types.Chan)
		if f.Pkg() != w.pass.Pkg || f.Exported() || !isChan {
			return nil
		}
		if all[f] == nil {
			all[f] = new(life)
		}
		return all[f]
	}
	w.each(func(_ *ssa.Function, instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			if l := of(place.FieldOf(instr)); l != nil {
				w.readAddress(l, instr)
			}
		case *ssa.Field:
			if l := of(place.FieldOfValue(instr)); l != nil {
				l.uses(instr, maxSteps)
			}
		case *ssa.ChangeType: // between struct types: the fields of the two are one
			for f := range place.FieldsOf(instr.Type()) {
				if l := of(f); l != nil {
					l.rights = everything
				}
			}
		}
	})
	return all
}

// readAddress adds what is done with the field at an address.
func (w *world) readAddress(l *life, fa *ssa.FieldAddr) {
	for _, ref := range *fa.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			l.uses(ref, maxSteps)
		case *ssa.Store:
			if ref.Addr != fa {
				l.rights = everything
				continue
			}
			w.readStored(l, ref.Val)
		default:
			l.rights = everything
		}
	}
}

// readStored adds what is known of a channel that is stored to the field.
func (w *world) readStored(l *life, v ssa.Value) {
	if ct, ok := v.(*ssa.ChangeType); ok {
		v = ct.X
	}
	switch v := v.(type) {
	case *ssa.MakeChan:
		l.makes = append(l.makes, v)
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Val == v {
				if _, ok := st.Addr.(*ssa.FieldAddr); ok {
					continue // this field, or one whose life is another
				}
			}
			l.use(ref, v, maxSteps)
		}
		w.readAliases(l, v)
	case *ssa.Const:
	default:
		l.rights = everything
	}
}

// readAliases gives up a channel that two fields hold.
func (w *world) readAliases(l *life, v *ssa.MakeChan) {
	fields := map[*types.Var]bool{}
	for _, ref := range *v.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == v {
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
				fields[place.FieldOf(fa)] = true
			}
		}
	}
	if len(fields) > 1 {
		l.rights = everything
	}
}

// uses adds the operations on the channel v, and the rights that its other uses
// give away.
func (l *life) uses(v ssa.Value, steps int) {
	if steps == 0 || v.Referrers() == nil {
		l.rights = everything
		return
	}
	for _, ref := range *v.Referrers() {
		l.use(ref, v, steps-1)
	}
}

// use adds one use of the channel v.
func (l *life) use(ref ssa.Instruction, v ssa.Value, steps int) {
	known := false
	for o := range op.Of(ref) {
		if o.Chan == v && o.Kind != op.Make {
			l.ops = append(l.ops, o)
			known = true
		}
	}
	switch ref := ref.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
		return
	case *ssa.Send:
		known = known && ref.X != v
	case *ssa.Select:
		for _, st := range ref.States {
			known = known && st.Send != v
		}
	case *ssa.ChangeType:
		l.uses(ref, steps)
		return
	case ssa.CallInstruction:
		if b, ok := ref.Common().Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			return
		}
	}
	if !known {
		l.rights |= byType(v.Type())
	}
}

// byType returns what whoever is given a channel of type t can do.
func byType(t types.Type) rights {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return everything
	}
	switch ch.Dir() {
	case types.RecvOnly:
		return mayReceive
	case types.SendOnly:
		return maySend
	}
	return everything
}
