package closedspin

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/op"
)

// A round is the way from a receive that found its channel closed back to the
// same receive, by every branch whose condition the closed channel leaves open.
type round struct {
	op    op.Op
	edges map[[2]*ssa.BasicBlock]bool // taken
	seen  map[*ssa.BasicBlock]bool    // entered
	asked bool                        // a branch asks whether the channel is closed
}

// comesBack reports whether every way leads back to the receive, and none of
// them blocks or does anything that could make another goroutine help.
func (r *round) comesBack() bool {
	home := r.op.Instr.Block()
	for i, instr := range home.Instrs {
		if instr == r.op.Instr {
			return r.pass(home, i+1)
		}
	}
	return false
}

// pass walks from instruction i of a block.
func (r *round) pass(b *ssa.BasicBlock, i int) bool {
	for _, instr := range b.Instrs[i:] {
		if instr == r.op.Instr {
			return true
		}
		if !harmless(instr) || r.dereferences(instr) {
			return false
		}
	}
	if len(b.Succs) == 0 {
		return false
	}
	succs := b.Succs
	if test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
		if yes, known := r.decide(test.Cond); known && yes {
			succs = succs[:1]
		} else if known {
			succs = succs[1:]
		}
	}
	for _, s := range succs {
		r.edges[[2]*ssa.BasicBlock{b, s}] = true
		if r.seen[s] {
			if s == r.op.Instr.Block() || !r.looping(s) {
				continue
			}
			return false // a loop inside, which may last
		}
		r.seen[s] = true
		if !r.pass(s, 0) {
			return false
		}
	}
	return true
}

// looping reports whether a way leads from b back to b that does not pass the
// receive.
func (r *round) looping(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{r.op.Instr.Block(): true}
	stack := append([]*ssa.BasicBlock(nil), b.Succs...)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if x == b {
			return true
		}
		if !seen[x] {
			seen[x] = true
			stack = append(stack, x.Succs...)
		}
	}
	return false
}

// decide returns the value of a condition if it follows from the closed
// channel.
func (r *round) decide(cond ssa.Value) (val, known bool) {
	switch r.resultOf(cond) {
	case okResult:
		r.asked = true
		return false, true
	case valueResult:
		return false, true // of a chan bool
	}
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			val, known = r.decide(cond.X)
			return !val, known
		}
	case *ssa.BinOp:
		return r.compare(cond)
	}
	return false, false
}

func (r *round) compare(cond *ssa.BinOp) (val, known bool) {
	k, isConst := cond.Y.(*ssa.Const)
	if !isConst || cond.Op != token.EQL && cond.Op != token.NEQ {
		return false, false
	}
	var equal bool
	switch r.resultOf(cond.X) {
	case indexResult:
		equal = k.Int64() == int64(r.op.Case)
	case valueResult:
		equal = isZero(k)
	default:
		return false, false
	}
	return equal == (cond.Op == token.EQL), true
}

// A resultKind is one of the results of a receive.
type resultKind uint8

const (
	noResult resultKind = iota
	indexResult
	valueResult
	okResult
)

// resultOf returns which result of the receive v is. The ok of a select is that
// of the case at hand.
func (r *round) resultOf(v ssa.Value) resultKind {
	receive := r.op.Instr.(ssa.Value)
	if v == receive {
		return valueResult
	}
	e, ok := v.(*ssa.Extract)
	if !ok || e.Tuple != receive {
		return noResult
	}
	sel, ok := receive.(*ssa.Select)
	switch {
	case !ok && e.Index == 0:
		return valueResult
	case e.Index == 1:
		return okResult
	case e.Index == 0:
		return indexResult
	}
	index := 2
	for _, st := range sel.States[:r.op.Case] {
		if st.Dir == types.RecvOnly {
			index++
		}
	}
	if e.Index == index {
		return valueResult
	}
	return noResult
}

// isZero reports whether k is the zero value of its type.
func isZero(k *ssa.Const) bool {
	if k.Value == nil {
		return true
	}
	switch k.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(k.Value)
	case constant.String:
		return constant.StringVal(k.Value) == ""
	}
	return constant.Sign(k.Value) == 0
}

// harmless reports whether an instruction neither blocks, nor leaves, nor
// changes anything that another goroutine or the next round could see.
func harmless(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op != token.ARROW
	case *ssa.Call:
		return harmlessCall(&instr.Call)
	case *ssa.Store:
		return inNewArray(instr.Addr)
	case *ssa.BinOp, *ssa.Phi, *ssa.Extract, *ssa.If, *ssa.Jump, *ssa.DebugRef, *ssa.Convert, *ssa.ChangeType,
		*ssa.ChangeInterface, *ssa.MakeInterface, *ssa.MultiConvert, *ssa.Field, *ssa.FieldAddr, *ssa.IndexAddr,
		*ssa.Index, *ssa.Lookup, *ssa.Slice, *ssa.Alloc:
		return true
	}
	return false
}

// dereferences reports whether an instruction panics because what is received
// from a closed channel is nil.
func (r *round) dereferences(instr ssa.Instruction) bool {
	var x ssa.Value
	switch instr := instr.(type) {
	case *ssa.UnOp:
		x = instr.X
		if instr.Op != token.MUL {
			return false
		}
	case *ssa.FieldAddr:
		x = instr.X
	case *ssa.IndexAddr:
		x = instr.X
	case *ssa.Index:
		x = instr.X
	}
	return x != nil && r.resultOf(x) == valueResult
}

// inNewArray reports whether addr lies in an array or variable that no closure
// and no other function knows: the arguments of a variadic call.
func inNewArray(addr ssa.Value) bool {
	ia, ok := addr.(*ssa.IndexAddr)
	if !ok {
		return false
	}
	alloc, ok := ia.X.(*ssa.Alloc)
	return ok && alloc.Comment == "varargs"
}

// harmlessCall reports whether a call is one of functions that return at once:
// those that print, log, or make a value.
func harmlessCall(call *ssa.CallCommon) bool {
	if isContextMethod(call, "Done") || isContextMethod(call, "Err") {
		return true
	}
	if b, ok := call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "print", "println", "len", "cap", "min", "max", "append":
			return true
		}
		return false
	}
	callee := call.StaticCallee()
	if callee == nil || callee.Pkg == nil {
		return false
	}
	switch callee.Pkg.Pkg.Path() {
	case "fmt":
		switch callee.Name() {
		case "Print", "Println", "Printf", "Sprint", "Sprintln", "Sprintf", "Errorf":
			return true
		}
	case "log":
		switch callee.Name() {
		case "Print", "Println", "Printf":
			return true
		}
	case "log/slog":
		switch callee.Name() {
		case "Debug", "Info", "Warn", "Error":
			return true
		}
	case "time":
		switch callee.Name() {
		case "After", "Now", "Since", "Until", "NewTimer":
			return true
		}
	case "errors", "strings", "strconv":
		return callee.Signature.Recv() == nil
	}
	return false
}
