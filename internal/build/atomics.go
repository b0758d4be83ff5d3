package build

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// Atomic variables are cells, and what package sync/atomic does to one is one step.
// The models follow its documentation.

// An atomicOp is an operation of package sync/atomic.
type atomicOp uint8

const (
	noAtomic atomicOp = iota
	atomicLoad
	atomicStore
	atomicAdd
	atomicSwap
	atomicCAS
)

var atomicNames = []struct {
	name string
	op   atomicOp
}{
	{"Load", atomicLoad}, {"Store", atomicStore}, {"Add", atomicAdd},
	{"Swap", atomicSwap}, {"CompareAndSwap", atomicCAS},
}

var atomicTypes = []string{"Int32", "Int64", "Uint32", "Uint64", "Bool"}

// isAtomic reports whether t is a number or flag of package sync/atomic.
func isAtomic(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "sync/atomic" {
		return false
	}
	for _, name := range atomicTypes {
		if named.Obj().Name() == name {
			return true
		}
	}
	return false
}

// atomicOf returns which operation on a number or flag a call is: a function such
// as LoadInt32, or a method such as Bool.Swap.
func atomicOf(common *ssa.CallCommon) atomicOp {
	name, ok := strings.CutPrefix(libraryName(common), "sync/atomic.")
	if !ok {
		return noAtomic
	}
	for _, t := range atomicTypes {
		for _, op := range atomicNames {
			if name == op.name+t || name == t+"."+op.name {
				return op.op
			}
		}
	}
	return noAtomic
}

// atomicCell returns the key of the cell that an atomic operation is on.
func (b *builder) atomicCell(f *frame, common *ssa.CallCommon) (regKey, bool) {
	if atomicOf(common) == noAtomic {
		return regKey{}, false
	}
	a, ok := b.val(f, common.Args[0]).(address)
	if !ok {
		return regKey{}, false
	}
	a = b.original(a)
	return b.countKey(a, elemOf(a))
}

// atomicResult returns the register of the number that an atomic operation
// returns.
func (b *builder) atomicResult(f *frame, v *ssa.Call) (count, bool) {
	_, ok := b.atomicCell(f, &v.Call)
	return count{reg: regKey{frame: f, val: v, path: "#"}}, ok && isInteger(v.Type())
}

// emitAtomic builds an atomic operation. It reports whether the variable is
// followed.
func (b *builder) emitAtomic(c *cursor, f *frame, instr ssa.CallInstruction) bool {
	common := instr.Common()
	k, ok := b.atomicCell(f, common)
	if !ok {
		return false
	}
	result := regKey{frame: f, path: "atomic"} // of a deferred call
	if v, ok := instr.(*ssa.Call); ok {
		result.val, result.path = v, "#"
		if isBool(v.Type()) {
			result.path = ""
		}
	}
	out := c.p.intReg(result)
	args := common.Args[1:]
	switch op := atomicOf(common); op {
	case atomicLoad:
		b.readCell(c, k, model.Payload{Kind: model.PayInt, Reg: out})
	case atomicStore:
		n, ok := b.atomicArg(f, args[0])
		b.writeCount(c, k, n, ok)
	case atomicCAS:
		was, ok := b.atomicArg(f, args[0])
		is, ok2 := b.atomicArg(f, args[1])
		b.compareAndSwap(c, k, was, is, ok && ok2, out)
	default:
		n, ok := b.atomicArg(f, args[0])
		b.update(c, k, out, ok && n.reg.path == "", func(was int) (int, int) {
			if op == atomicSwap {
				return n.delta, was
			}
			return was + n.delta, was + n.delta
		})
	}
	return true
}

// atomicArg returns what is known about a number or flag.
func (b *builder) atomicArg(f *frame, v ssa.Value) (count, bool) {
	if isBool(v.Type()) {
		n, ok := b.val(f, v).(literal)
		return count{delta: int(n)}, ok
	}
	return b.countAt(f, v, 0)
}

// compareAndSwap builds CompareAndSwap with constants. Of what is not known it is
// not known either whether it succeeds.
func (b *builder) compareAndSwap(c *cursor, k regKey, was, is count, known bool, out int) {
	set := func(c *cursor, n int) {
		c.emit(model.Node{Op: model.Set, Int: out, Expr: fixed(n)}, 1)
	}
	from := codeOf(was.delta)
	if !known || was.reg.path != "" || is.reg.path != "" || from == unknownOpaque {
		b.writeCell(c, k, payConst(unknownOpaque))
		set(c, unknownOpaque)
		return
	}
	tmp := model.Payload{Kind: model.PayInt, Reg: out}
	cell := c.p.refReg(cellOf(k))
	id := c.emit(model.Node{Op: model.Exchange, Ref: cell, Expr: fixed(from), Payload: payConst(codeOf(is.delta))}, 2)
	done, other := c.branch(id, 0), c.branch(id, 1)
	c.holes = nil
	set(done, 1)
	// It may hold what is not known.
	b.readCell(other, k, tmp)
	id = other.emit(model.Node{Op: model.Equal, Int: out, Expr: fixed(unknownOpaque)}, 2)
	unknown, fails := other.branch(id, 0), other.branch(id, 1)
	other.holes = nil
	set(fails, 0)
	c.join(done, unknown, fails)
}

// update builds an operation that replaces a number n and returns another, both
// of which next says. It tries until nobody has come in between.
func (b *builder) update(c *cursor, k regKey, out int, known bool, next func(n int) (stored, result int)) {
	set := func(c *cursor, n int) {
		c.emit(model.Node{Op: model.Set, Int: out, Expr: fixed(n)}, 1)
	}
	if !known {
		b.writeCell(c, k, payConst(unknownOpaque))
		set(c, unknownOpaque)
		return
	}
	cell := c.p.refReg(cellOf(k))
	first := len(c.p.nodes)
	b.readCell(c, k, model.Payload{Kind: model.PayInt, Reg: out})
	var ends []*cursor
	for n := minCount; n <= maxKnown; n++ {
		id := c.emit(model.Node{Op: model.Equal, Int: out, Expr: fixed(codeOf(n))}, 2)
		is := c.branch(id, 0)
		c.holes = []hole{{id, 1}}
		stored, result := next(n)
		id = is.emit(model.Node{Op: model.Exchange, Ref: cell, Expr: fixed(codeOf(n)), Payload: payConst(codeOf(stored))}, 2)
		c.p.nodes[id].Succ[1] = first
		is.holes = []hole{{id, 0}}
		set(is, codeOf(result))
		ends = append(ends, is)
	}
	// What is not known stays so, unless it is replaced.
	stored, _ := next(0)
	if again, _ := next(1); again == stored {
		b.writeCell(c, k, payConst(codeOf(stored)))
	}
	set(c, unknownOpaque)
	c.join(ends...)
}
