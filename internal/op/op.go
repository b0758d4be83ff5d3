// Package op enumerates channel operations: what each is, on which SSA value,
// at which instruction.
package op

import (
	"go/token"
	"go/types"
	"iter"

	"golang.org/x/tools/go/ssa"
)

// A Kind is what an operation does to its channel.
type Kind uint8

const (
	Make Kind = iota
	Send
	Receive
	Close
)

var kindNames = [...]string{"make", "send", "receive", "close"}

func (k Kind) String() string { return kindNames[k] }

// An Op is one channel operation at one instruction. A select statement is one
// instruction with an Op per communication.
type Op struct {
	Kind  Kind
	Chan  ssa.Value       // the channel operand; for Make, the result
	Instr ssa.Instruction // *ssa.MakeChan, *ssa.Send, *ssa.UnOp, *ssa.Select, or an ssa.CallInstruction for close
	Case  int             // index of the communication in a select, else -1
	Pos   token.Pos       // see [source.Index] for the syntax at this position
}

// InSelect reports whether the operation is a communication of a select.
func (o Op) InSelect() bool { return o.Case >= 0 }

// Of yields the channel operations of one instruction, in source order.
func Of(instr ssa.Instruction) iter.Seq[Op] {
	return func(yield func(Op) bool) {
		switch instr := instr.(type) {
		case *ssa.MakeChan:
			yield(Op{Make, instr, instr, -1, instr.Pos()})
		case *ssa.Send:
			yield(Op{Send, instr.Chan, instr, -1, instr.Pos()})
		case *ssa.UnOp:
			if instr.Op == token.ARROW {
				yield(Op{Receive, instr.X, instr, -1, instr.Pos()})
			}
		case *ssa.Select:
			for i, st := range instr.States {
				kind := Receive
				if st.Dir == types.SendOnly {
					kind = Send
				}
				if !yield(Op{kind, st.Chan, instr, i, st.Pos}) {
					return
				}
			}
		case ssa.CallInstruction:
			if b, ok := instr.Common().Value.(*ssa.Builtin); ok && b.Name() == "close" {
				yield(Op{Close, instr.Common().Args[0], instr, -1, instr.Common().Pos()})
			}
		}
	}
}

// In yields the channel operations of fn in block order.
func In(fn *ssa.Function) iter.Seq[Op] {
	return func(yield func(Op) bool) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				for o := range Of(instr) {
					if !yield(o) {
						return
					}
				}
			}
		}
	}
}
