package typestate

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/place"
)

// call applies a call, go or defer instruction.
func (s *stepper) call(instr ssa.CallInstruction) {
	switch instr := instr.(type) {
	case *ssa.Call:
		s.callNow(instr, instr.Common(), Direct)
		s.result(instr)
	case *ssa.Go:
		s.spawn(instr)
	case *ssa.Defer:
		if s.fn.Synthetic != "" {
			return // in the body of a range over a function: it runs when the outer function returns
		}
		s.emit(effect{kind: register, instr: instr})
		for _, o := range s.closes(instr.Common()) {
			s.emit(effect{kind: promise, dst: o.dst, site: siteOf(instr.Common(), o.summaryOp, Deferred)})
		}
	}
}

// callNow applies the effects of running a call: at once, or as a deferred
// call when the function returns.
func (s *stepper) callNow(instr ssa.Instruction, c *ssa.CallCommon, how How) {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			s.emit(effect{kind: operate, op: opClose, dst: place.Register(c.Args[0]), instr: instr,
				site: Site{Pos: c.Pos(), How: how}, prompt: how == Direct, byDefer: how == Deferred})
		}
		return
	}
	fn, args := s.resolve(c)
	if fn == nil {
		s.external(instr, c)
		return
	}
	sum := s.summaryOf(fn)
	if sum != nil {
		s.calleeOperations(instr, c, fn, args, sum, how)
	}
	m := s.mods(fn)
	if m.waits {
		s.emit(effect{kind: wait, instr: instr})
	}
	s.emit(effect{kind: kill, match: func(p place.Place) bool { return m.stores(s.flow, p) }})
	if sum != nil {
		s.exits(c, fn, args, sum, how)
	}
}

// calleeOperations applies what fn does to its caller's channels for certain. Its
// closes come last: what it does before them finds the channels as the caller
// left them, and what it does after them is its own finding.
func (s *stepper) calleeOperations(instr ssa.Instruction, c *ssa.CallCommon, fn *ssa.Function, args []ssa.Value, sum *summary, how How) {
	for _, closes := range []bool{false, true} {
		for _, o := range sum.ops {
			if closes != (o.op == opClose) {
				continue
			}
			if dst := s.substitute(o.place, fn, args); dst.Valid() {
				s.emit(effect{kind: operate, op: o.op, dst: dst, instr: instr, site: siteOf(c, o, how),
					prompt: o.prompt && how == Direct, byDefer: o.byDefer || how == Deferred})
			}
		}
	}
}

// exits applies the states in which fn leaves its caller's channels.
func (s *stepper) exits(c *ssa.CallCommon, fn *ssa.Function, args []ssa.Value, sum *summary, how How) {
	m := s.mods(fn)
	for _, x := range sum.exits {
		dst := s.substitute(x.place, fn, args)
		if !dst.Valid() || isConst(dst) {
			continue
		}
		val := value{state: x.state, by: Site{Pos: c.Pos(), Inner: x.by.innermost(), Callee: fn, How: how}}
		kind := becomes
		if m.stores(s.flow, dst) {
			kind = rebind
		}
		s.emit(effect{kind: kind, dst: dst, val: val})
	}
}

// innermost returns the position of the operation itself.
func (s Site) innermost() token.Pos {
	if s.Inner.IsValid() {
		return s.Inner
	}
	return s.Pos
}

func siteOf(c *ssa.CallCommon, o summaryOp, how How) Site {
	if o.callee == nil {
		return Site{Pos: c.Pos(), How: how}
	}
	return Site{Pos: c.Pos(), Inner: o.pos, Callee: o.callee, How: how}
}

// result defines the register of a call.
func (s *stepper) result(call *ssa.Call) {
	if followed(call.Type()) {
		s.defineResult(call, call, 0)
	}
}

func (s *stepper) extract(x *ssa.Extract) {
	if !followed(x.Type()) {
		return
	}
	if call, ok := x.Tuple.(*ssa.Call); ok {
		s.defineResult(x, call, x.Index)
		return
	}
	s.emit(effect{kind: define, dst: place.Register(x)})
}

// defineResult defines the register v as the i-th result of a call, in the
// state in which the callee returns it.
func (s *stepper) defineResult(v ssa.Value, call *ssa.Call, i int) {
	fn, _ := s.resolve(call.Common())
	if fn != nil {
		if sum := s.summaryOf(fn); sum != nil && i < len(sum.results) {
			if r := sum.results[i]; r.state == Closed || r.state == Nil {
				by := Site{Pos: call.Common().Pos(), Inner: r.by.innermost(), Callee: fn}
				s.emit(effect{kind: rebind, dst: place.Register(v), val: value{obj: v, state: r.state, by: by}})
				return
			}
		}
	}
	s.emit(effect{kind: define, dst: place.Register(v)})
}

// A bound op is a summary's operation in terms of the caller.
type boundOp struct {
	summaryOp
	dst place.Place
}

// closes returns the closes that a call is certain to make, in terms of the
// caller's places.
func (s *stepper) closes(c *ssa.CallCommon) []boundOp {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() != "close" {
			return nil
		}
		return []boundOp{{summaryOp{op: opClose, prompt: true}, place.Register(c.Args[0])}}
	}
	fn, args := s.resolve(c)
	if fn == nil {
		return nil
	}
	var out []boundOp
	if sum := s.summaryOf(fn); sum != nil {
		for _, o := range sum.ops {
			if dst := s.substitute(o.place, fn, args); o.op == opClose && dst.Valid() {
				out = append(out, boundOp{o, dst})
			}
		}
	}
	return out
}

// spawn applies a go statement. The goroutine's closes are certain only if
// nothing can come before them, or if it has deferred them first thing.
func (s *stepper) spawn(instr *ssa.Go) {
	for _, o := range s.closes(instr.Common()) {
		site := siteOf(instr.Common(), o.summaryOp, Spawned)
		site.Prompt = o.prompt
		if !o.prompt && !o.byDefer {
			continue
		}
		s.emit(effect{kind: operate, op: opSpawnedClose, dst: o.dst, site: site, instr: instr, prompt: o.prompt, byDefer: o.byDefer})
		s.emit(effect{kind: promise, dst: o.dst, site: site})
	}
}

// runDefers replays the deferred calls, last in first out. Those that are
// registered on every path dominate this point and are therefore in a line;
// the others only spoil what is known.
func (s *stepper) runDefers(instr ssa.Instruction) {
	var sure []*ssa.Defer
	for _, d := range s.defers {
		if s.f.defers[d] && !s.loops.within(d.Block()) {
			sure = append(sure, d)
			continue
		}
		if fn, _ := s.resolve(d.Common()); fn != nil {
			m := s.mods(fn)
			s.emit(effect{kind: kill, match: func(p place.Place) bool { return m.stores(s.flow, p) }})
		}
	}
	slices.SortStableFunc(sure, func(d, e *ssa.Defer) int {
		switch {
		case d.Block() == e.Block():
			return slices.Index(d.Block().Instrs, ssa.Instruction(e)) - slices.Index(d.Block().Instrs, ssa.Instruction(d))
		case d.Block().Dominates(e.Block()):
			return 1
		}
		return -1
	})
	for _, d := range sure {
		s.callNow(instr, d.Common(), Deferred)
	}
	s.emit(effect{kind: leave, instr: instr})
}

// external applies a call of code that is not in the package, or not known.
func (s *stepper) external(instr ssa.Instruction, c *ssa.CallCommon) {
	if c.Signature().Results().Len() == 0 && !returns(c) {
		s.emit(effect{kind: doubt, instr: instr})
	}
	if waits(c) {
		s.emit(effect{kind: wait, instr: instr})
	}
	if !quiet(c) {
		s.unknown()
	}
}

// resolve returns the function of the package that a call reaches, and its
// arguments with the receiver first. A function value counts if it is a
// literal, a method value, or a variable that is assigned once.
func (e *engine) resolve(c *ssa.CallCommon) (*ssa.Function, []ssa.Value) {
	if c.IsInvoke() {
		return nil, nil
	}
	v, args := c.Value, c.Args
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if cell := place.Cell(load.X); cell != nil {
			if st := e.world.OnlyStore(cell); st != nil {
				v = st.Val
			}
		}
	}
	fn, ok := v.(*ssa.Function)
	if mc, closure := v.(*ssa.MakeClosure); closure {
		fn, ok = mc.Fn.(*ssa.Function)
		if ok && fn.Parent() == nil { // a bound method
			obj, isFunc := fn.Object().(*types.Func)
			if !isFunc || len(mc.Bindings) != 1 {
				return nil, nil
			}
			fn = e.prog.FuncValue(obj)
			args = append([]ssa.Value{mc.Bindings[0]}, args...)
		}
	}
	if !ok || fn == nil {
		return nil, nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if !e.own[fn] || len(fn.Params) != len(args) {
		return nil, nil
	}
	return fn, args
}

// substitute expresses a place of the callee as a place of the caller at this
// point. The result is invalid if the caller has no name for it.
func (s *stepper) substitute(p place.Place, fn *ssa.Function, args []ssa.Value) place.Place {
	param, ok := p.Root.(*ssa.Parameter)
	if !ok {
		return p // a variable: it has the same name everywhere
	}
	i := slices.Index(fn.Params, param)
	if i < 0 {
		return place.Place{}
	}
	if !p.Mem {
		if _, ok := args[i].(*ssa.Const); ok && p.Path != nil {
			return place.Place{}
		}
		return place.Place{Root: args[i], Path: p.Path}
	}
	base := s.address(args[i])
	q := s.f.follow(base, p.Path)
	if !s.trackable(q) {
		return place.Place{}
	}
	return q
}
