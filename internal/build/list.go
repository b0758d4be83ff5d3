package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// maxElements is how many elements an array or slice has at most that is
// followed element by element.
const maxElements = 4

// A sequence is a slice of which every element is known: a list of the
// variables that hold them. The empty sequence is nil. Sequences are interned,
// so that equal ones are one.
type sequence struct {
	init *sequence
	last address
	n    int
}

type sequenceKey struct {
	init *sequence
	last address
}

func (s *sequence) len() int {
	if s == nil {
		return 0
	}
	return s.n
}

// at returns the variable that holds element i.
func (s *sequence) at(i int) (address, bool) {
	if i < 0 || i >= s.len() {
		return address{}, false
	}
	for s.n-1 != i {
		s = s.init
	}
	return s.last, true
}

// push returns the sequence with one more element; ok is false if it grows too
// long to be followed.
func (b *builder) push(s *sequence, a address) (_ *sequence, ok bool) {
	if s.len() == maxElements {
		return nil, false
	}
	k := sequenceKey{s, a}
	got, ok := b.sequences[k]
	if !ok {
		got = &sequence{init: s, last: a, n: s.len() + 1}
		b.sequences[k] = got
	}
	return got, true
}

// subsequence returns s[low:high].
func (b *builder) subsequence(s *sequence, low, high int) value {
	if low < 0 || high > s.len() || low > high {
		return unknown{}
	}
	var out *sequence
	for i := low; i < high; i++ {
		a, _ := s.at(i)
		out, _ = b.push(out, a)
	}
	return list{out}
}

// elements returns the sequence of all elements of the array at a.
func (b *builder) elements(a address) value {
	arr, ok := elemOf(a).Underlying().(*types.Array)
	if !ok || !followsArray(arr) {
		return unknown{}
	}
	var out *sequence
	for i := range int(arr.Len()) {
		out, _ = b.push(out, b.field(a, i))
	}
	return list{out}
}

func followsArray(arr *types.Array) bool {
	return arr.Len() <= maxElements && givesAccess(arr.Elem(), 3)
}

// followsSlice reports whether slices of type t are worth following: whether
// their elements can give access to a primitive.
func followsSlice(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && givesAccess(s.Elem(), 3)
}

// givesAccess reports whether a value of type t can give access to a primitive.
// What holds a value of any type seldom does.
func givesAccess(t types.Type, depth int) bool {
	if isChan(t) || primOf(t) != noPrim {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !isError(t)
	case *types.Pointer:
		return depth > 0 && givesAccess(u.Elem(), depth-1)
	case *types.Struct:
		for f := range u.Fields() {
			if depth > 0 && givesAccess(f.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// resolveIndex returns the address of an element.
func (b *builder) resolveIndex(f *frame, v *ssa.IndexAddr) value {
	i, ok := b.val(f, v.Index).(literal)
	if !ok {
		return unknown{}
	}
	switch x := b.val(f, v.X).(type) {
	case address:
		if arr, ok := elemOf(b.original(x)).Underlying().(*types.Array); ok && followsArray(arr) && int64(i) < arr.Len() {
			return b.field(x, int(i))
		}
	case list:
		if a, ok := x.seq.at(int(i)); ok {
			return a
		}
	}
	return unknown{}
}

// resolveSlice returns the elements of a slice expression.
func (b *builder) resolveSlice(f *frame, v *ssa.Slice) value {
	var whole value
	switch x := b.val(f, v.X).(type) {
	case address:
		whole = b.elements(b.original(x))
	case list, nilValue:
		whole = x
	}
	seq, ok := sequenceOf(whole)
	if !ok || v.Max != nil {
		return unknown{}
	}
	low, high := literal(0), literal(seq.len())
	if v.Low != nil {
		if low, ok = b.val(f, v.Low).(literal); !ok {
			return unknown{}
		}
	}
	if v.High != nil {
		if high, ok = b.val(f, v.High).(literal); !ok {
			return unknown{}
		}
	}
	return b.subsequence(seq, int(low), int(high))
}

func sequenceOf(v value) (*sequence, bool) {
	switch v := v.(type) {
	case list:
		return v.seq, true
	case nilValue:
		return nil, true
	}
	return nil, false
}

// resolveAppend returns the result of append. What is appended must be listed in
// the call: the elements of another slice are copied, and may be assigned later
// in the one and not in the other.
func (b *builder) resolveAppend(f *frame, call *ssa.Call) value {
	args := call.Call.Args
	if len(args) != 2 || !followsSlice(call.Type()) {
		return unknown{}
	}
	seq, ok := sequenceOf(b.val(f, args[0]))
	more, isSlice := args[1].(*ssa.Slice)
	if !ok || !isSlice {
		return unknown{}
	}
	if arr, ok := more.X.(*ssa.Alloc); !ok || arr.Comment != "varargs" {
		return unknown{}
	}
	added, ok := b.val(f, more).(list)
	for i := 0; ok && i < added.seq.len(); i++ {
		a, _ := added.seq.at(i)
		seq, ok = b.push(seq, a)
	}
	if !ok {
		return unknown{}
	}
	return list{seq}
}

// resolveMakeSlice returns the elements of a new slice of known length.
func (b *builder) resolveMakeSlice(f *frame, v *ssa.MakeSlice) value {
	n, ok := b.constant(f, v.Len)
	if !ok || n < 0 || n > maxElements || !followsSlice(v.Type()) {
		return unknown{}
	}
	elem := v.Type().Underlying().(*types.Slice).Elem()
	return b.elements(address{obj: b.object(f, v, types.NewArray(elem, int64(n)))})
}

// constant returns the value of an integer if it is known.
func (b *builder) constant(f *frame, v ssa.Value) (int, bool) {
	if n, ok := b.val(f, v).(literal); ok {
		return int(n), true
	}
	if e, ok := b.expr(f, v, 0); ok && len(e.Terms) == 0 {
		return e.Const, true
	}
	return 0, false
}

// An env says which sequences the slice variables hold at a place in the
// program. Environments are interned, so that keys can be compared.
type env struct {
	rest *env
	cell regKey
	held list
}

// lookup returns what the cell holds; ok is false if that is not known.
func (e *env) lookup(cell regKey) (_ list, ok bool) {
	for ; e != nil; e = e.rest {
		if e.cell == cell {
			return e.held, true
		}
	}
	return list{}, false
}

// bind returns the environment in which cell holds v, or holds something
// unknown if v is not a sequence.
func (b *builder) bind(e *env, cell regKey, v value) *env {
	e = b.unbind(e, cell)
	seq, ok := sequenceOf(v)
	if !ok {
		return e
	}
	return b.extend(env{e, cell, list{seq}})
}

func (b *builder) unbind(e *env, cell regKey) *env {
	if e == nil {
		return nil
	}
	if e.cell == cell {
		return e.rest
	}
	rest := b.unbind(e.rest, cell)
	if rest == e.rest {
		return e
	}
	return b.extend(env{rest, e.cell, e.held})
}

func (b *builder) extend(e env) *env {
	got, ok := b.envs[e]
	if !ok {
		got = &e
		b.envs[e] = got
	}
	return got
}

// common returns what two environments agree on.
func (b *builder) common(x, y *env) *env {
	for e := x; e != nil; e = e.rest {
		if got, ok := y.lookup(e.cell); !ok || got != e.held {
			x = b.unbind(x, e.cell)
		}
	}
	return x
}

// after returns the environment behind an instruction.
func (b *builder) after(e *env, f *frame, instr ssa.Instruction) *env {
	switch instr := instr.(type) {
	case *ssa.Alloc:
		b.sliceCells(address{obj: b.object(f, instr, nil)}, pointee(instr.Type()), 3, func(a address) {
			e = b.bind(e, cellKey(a), nilValue{})
		})
	case *ssa.Store:
		if a, ok := b.val(f, instr.Addr).(address); ok && followsSlice(instr.Val.Type()) {
			e = b.bind(e, cellKey(b.original(a)), b.val(f, instr.Val))
		}
	}
	return e
}

// sliceCells yields the variables of a followed slice type within t.
func (b *builder) sliceCells(a address, t types.Type, depth int, yield func(address)) {
	if followsSlice(t) {
		if !b.poisoned[nilKey(a)] {
			yield(a)
		}
		return
	}
	if st, ok := t.Underlying().(*types.Struct); ok && depth > 0 && primOf(t) == noPrim {
		for i := range st.NumFields() {
			b.sliceCells(address{a.obj, fieldPath(a.path, i)}, st.Field(i).Type(), depth-1, yield)
		}
	}
}

// storeSlice builds the store of a slice. The register of the variable is only
// there so that races for it are seen.
func (b *builder) storeSlice(c *cursor, f *frame, a address, st *ssa.Store) {
	k := nilKey(a)
	_, ok := sequenceOf(b.val(f, st.Val))
	if b.poisoned[k] || !ok {
		b.emitEscape(c, f, st.Val)
	}
	if !b.poisoned[k] {
		c.emit(model.Node{Op: model.Set, Int: c.p.intReg(k)}, 1)
	}
}

// loadSlice says what a load of a slice yields at this place. It may not yield
// two things: then nothing is known.
func (b *builder) loadSlice(c *cursor, f *frame, a address, v *ssa.UnOp, e *env) {
	k := nilKey(a)
	if b.poisoned[k] {
		return
	}
	c.p.intReg(k) // see poisonRaces
	held, ok := e.lookup(cellKey(a))
	if !ok {
		b.poison(k)
		return
	}
	if got, ok := f.loaded[v]; ok && got != held {
		b.poison(k)
		return
	}
	f.loaded[v] = held
	f.vals[v] = held
}

// pointee returns what a pointer of type t points to.
func pointee(t types.Type) types.Type { return t.Underlying().(*types.Pointer).Elem() }
