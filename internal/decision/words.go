package decision

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
)

// Escapes is in every note about what leaves the code that is followed.
const Escapes = "escapes here"

// escapee names what an instruction hands over.
func escapee(e build.Escape) string {
	if e.Order {
		return "a wait group or mutex " + Escapes + ", and with it the verdict:"
	}
	return "a channel " + Escapes + ":"
}

// way says how an instruction hands a value over.
func way(instr ssa.Instruction) string {
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		return "it is given to " + callee(instr.Common()) + ", which is not followed"
	case *ssa.Return:
		return "it is returned"
	case *ssa.Store:
		if call := variadicCall(instr); call != nil {
			return way(call)
		}
		return "it is stored where it is not followed"
	case *ssa.MakeInterface:
		if call := argumentOf(instr); call != nil {
			return way(call)
		}
		return "it is put into an interface"
	case *ssa.MapUpdate:
		return "it is put into a map"
	case *ssa.Send, *ssa.Select:
		return "it is sent"
	case *ssa.Phi:
		return "it is one of several"
	}
	return "it is used in a way that is not followed"
}

// argumentOf returns the call that is given v and nothing else is, as one of
// its variable number of arguments perhaps, or nil.
func argumentOf(v ssa.Value) ssa.CallInstruction {
	refs := v.Referrers()
	if refs == nil || len(*refs) != 1 {
		return nil
	}
	switch r := (*refs)[0].(type) {
	case ssa.CallInstruction:
		return r
	case *ssa.Store:
		return variadicCall(r)
	}
	return nil
}

// variadicCall returns the call that is given the slice with the element stored
// to, as one of its variable number of arguments, or nil.
func variadicCall(store *ssa.Store) ssa.CallInstruction {
	element, ok := store.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	// go/ssa makes an array of its own for each such call, and names it so.
	array, ok := element.X.(*ssa.Alloc)
	if !ok || array.Comment != "varargs" {
		return nil
	}
	for _, use := range *array.Referrers() {
		if slice, ok := use.(*ssa.Slice); ok {
			return argumentOf(slice)
		}
	}
	return nil
}

// callee names what is called.
func callee(c *ssa.CallCommon) string {
	if c.IsInvoke() {
		return "a method " + c.Method.Name() + " of an interface"
	}
	if fn := c.StaticCallee(); fn != nil {
		if fn.Parent() != nil {
			return "a function literal"
		}
		return fn.RelString(nil)
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name()
	}
	return "a function value"
}

// position returns where an instruction stands, or the nearest one before it
// that stands anywhere.
func position(instr ssa.Instruction) token.Pos {
	if instr.Pos().IsValid() {
		return instr.Pos()
	}
	block := instr.Block()
	if block == nil {
		return token.NoPos
	}
	pos := token.NoPos
	for _, i := range block.Instrs {
		if i == instr {
			break
		}
		if i.Pos().IsValid() {
			pos = i.Pos()
		}
	}
	if !pos.IsValid() {
		pos = instr.Parent().Pos()
	}
	return pos
}

// origin says where a channel comes from that is not followed.
func origin(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter:
		return fmt.Sprintf("%s is a parameter, and no function that is explored hands it what it makes", v.Name())
	case *ssa.FreeVar:
		return fmt.Sprintf("%s is captured from a function that has no verdict on it", v.Name())
	case *ssa.Call:
		return "the channel is the result of " + callee(&v.Call)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return "the channel is a result of " + callee(&call.Call)
		}
		return "the channel comes out of a map, an interface or another channel"
	case *ssa.Lookup, *ssa.TypeAssert:
		return "the channel comes out of a map or an interface"
	case *ssa.Field:
		return "the channel is a field of a value that is not followed"
	case *ssa.ChangeType:
		return origin(v.X)
	case *ssa.MakeChan:
		return "the function that makes the channel has no verdict, or the channel escapes on every path"
	case *ssa.UnOp:
		return loaded(v)
	}
	return "where the channel comes from is not followed"
}

// loaded says where a channel comes from that is read out of a variable, or
// received.
func loaded(v *ssa.UnOp) string {
	if v.Op == token.ARROW {
		return "the channel is received from another channel"
	}
	switch x := v.X.(type) {
	case *ssa.Global:
		return fmt.Sprintf("%s is a variable of the package", x.Name())
	case *ssa.FieldAddr:
		return "the channel is a field of a value that no function which is explored makes, or that escapes"
	case *ssa.IndexAddr:
		return "the channel is an element of a slice or array"
	case *ssa.FreeVar:
		return fmt.Sprintf("%s is captured from a function that has no verdict on it", x.Name())
	case *ssa.Alloc:
		return fmt.Sprintf("the function that makes %s has no verdict, or it escapes on every path", x.Comment)
	}
	return "where the channel comes from is not followed"
}
