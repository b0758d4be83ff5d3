package typestate

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/place"
)

// maxPath bounds the length of the field paths that are followed.
const maxPath = 6

// A stepper runs the forward analysis over instructions. It applies every
// effect to f at once, and keeps them if out is set.
type stepper struct {
	*flow
	f   *fact
	out *[]effect
}

func (s *stepper) emit(e effect) {
	s.f.apply(e)
	if s.out != nil {
		*s.out = append(*s.out, e)
	}
}

// step applies one instruction.
func (s *stepper) step(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Phi: // on the edges
		return
	case *ssa.Alloc:
		s.emit(effect{kind: allocate, dst: place.Register(instr)})
	case *ssa.MakeChan:
		s.emit(effect{kind: rebind, dst: place.Register(instr), val: value{obj: instr, state: Open}})
	case *ssa.Store:
		s.store(instr)
	case *ssa.UnOp:
		s.unop(instr)
	case *ssa.Send:
		s.operations(instr, true)
	case *ssa.Select:
		s.operations(instr, instr.Blocking)
		s.emit(effect{kind: define, dst: place.Register(instr)})
	case *ssa.Field:
		src := place.Place{Root: instr.X, Path: s.paths.Append(nil, place.FieldOfValue(instr))}
		s.load(instr, src)
	case *ssa.ChangeType:
		s.load(instr, place.Register(instr.X))
	case *ssa.Extract:
		s.extract(instr)
	case ssa.CallInstruction:
		s.call(instr)
	case *ssa.RunDefers:
		s.runDefers(instr)
	case *ssa.Panic:
		if instr.Pos().IsValid() { // the builder's own panics follow calls that do not return
			s.runDefers(instr)
		}
	case ssa.Value:
		if followed(instr.Type()) {
			s.emit(effect{kind: define, dst: place.Register(instr)})
		}
	}
}

// followed reports whether registers of type t can be or lead to a channel.
func followed(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Chan, *types.Struct:
		return true
	case *types.Pointer:
		switch t.Elem().Underlying().(type) {
		case *types.Chan, *types.Struct, *types.Pointer:
			return true
		}
	}
	return false
}

// address returns the memory that the pointer v points to.
func (s *stepper) address(v ssa.Value) place.Place {
	root, path := place.FieldsFrom(&s.paths, v)
	if cell := place.Cell(root); cell != nil {
		root = cell
	} else if obj := s.f.get(place.Register(root)).obj; obj != nil {
		root = obj
	}
	return place.Place{Root: root, Path: path, Mem: true}
}

// trackable reports whether the engine can follow what p holds.
func (s *stepper) trackable(p place.Place) bool {
	return p.Path.Depth() <= maxPath && s.world.Tracked(p)
}

func (s *stepper) unop(instr *ssa.UnOp) {
	switch instr.Op {
	case token.ARROW:
		s.operations(instr, true)
		s.emit(effect{kind: define, dst: place.Register(instr)})
	case token.MUL:
		s.load(instr, s.address(instr.X))
	}
}

// load defines the register v as the content of src.
func (s *stepper) load(v ssa.Value, src place.Place) {
	dst := place.Register(v)
	if !followed(v.Type()) {
		return
	}
	if _, ok := v.Type().Underlying().(*types.Struct); ok {
		s.emit(effect{kind: define, dst: dst})
		for path := range place.ChanPaths(&s.paths, v.Type()) {
			from := place.Place{Root: src.Root, Path: s.paths.Join(src.Path, path), Mem: src.Mem}
			if s.trackable(from) {
				s.emit(effect{kind: move, dst: place.Place{Root: v, Path: path}, src: from})
			}
		}
		return
	}
	if !s.trackable(src) {
		s.emit(effect{kind: define, dst: dst})
		return
	}
	s.emit(effect{kind: move, dst: dst, src: src})
}

func (s *stepper) store(st *ssa.Store) {
	dst := s.address(st.Addr)
	s.emit(effect{kind: kill, match: s.overwrites(dst, st.Val.Type())})
	if !followed(st.Val.Type()) {
		return
	}
	if _, ok := st.Val.Type().Underlying().(*types.Struct); ok {
		for path := range place.ChanPaths(&s.paths, st.Val.Type()) {
			to := place.Place{Root: dst.Root, Path: s.paths.Join(dst.Path, path), Mem: true}
			if s.trackable(to) {
				s.emit(effect{kind: move, dst: to, src: s.partOf(st.Val, path)})
			}
		}
		return
	}
	if s.trackable(dst) {
		s.emit(effect{kind: move, dst: dst, src: place.Register(st.Val)})
	}
}

// partOf names a channel inside the struct value v. The zero value's channels
// are nil.
func (s *stepper) partOf(v ssa.Value, path *place.Path) place.Place {
	if c, ok := v.(*ssa.Const); ok {
		return place.Register(s.nilOf(c, path.Field.Type()))
	}
	return place.Place{Root: v, Path: path}
}

// overwrites returns the predicate of the places that a store of a value of
// type t to dst changes, by aliasing or because they are parts of dst.
func (s *stepper) overwrites(dst place.Place, t types.Type) func(place.Place) bool {
	stored := map[*types.Var]bool{}
	for f := range place.FieldsOf(t) {
		stored[f] = true
	}
	if f := dst.Field(); f != nil {
		stored[f] = true
	}
	return func(p place.Place) bool {
		if p.Root == dst.Root {
			return p == dst || dst.Path == nil || prefix(dst.Path, p.Path) || prefix(p.Path, dst.Path) || throughPointer(p.Path)
		}
		if _, ok := p.Root.(*ssa.Alloc); ok && !throughPointer(p.Path) {
			if _, ok := dst.Root.(*ssa.Alloc); ok || !s.escapes(p.Root) {
				return false
			}
		}
		return p.Path.Has(func(f *types.Var) bool { return stored[f] })
	}
}

func prefix(p, q *place.Path) bool {
	for ; q.Depth() > p.Depth(); q = q.Parent {
	}
	return p == q
}

func throughPointer(p *place.Path) bool {
	for ; p != nil; p = p.Parent {
		if p.Field == nil {
			return true
		}
	}
	return false
}

// operations emits the channel operations of instr, which waits for other
// goroutines if blocking is set.
func (s *stepper) operations(instr ssa.Instruction, blocking bool) {
	for o := range op.Of(instr) {
		kind := opReceive
		switch {
		case o.Kind == op.Send && o.InSelect():
			kind = opSelectSend
		case o.Kind == op.Send:
			kind = opSend
		case o.InSelect():
			continue
		}
		s.emit(effect{kind: operate, op: kind, dst: place.Register(o.Chan), site: Site{Pos: o.Pos}, instr: instr, prompt: true})
	}
	if blocking {
		s.emit(effect{kind: wait, instr: instr})
		s.unknown()
	}
}

// unknown emits the effects of code that the engine does not see: other
// goroutines, or functions of other packages.
func (s *stepper) unknown() {
	s.emit(effect{kind: kill, match: func(p place.Place) bool { return s.world.Restorable(p, s.fn) }})
}
