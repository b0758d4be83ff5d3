// Package direction tells what a channel variable is used for, by syntax and
// types alone, so that its type can be narrowed and the program still compiles.
//
// The answer leans on one rule of the specification: a bidirectional channel can
// be assigned wherever a directional one of the same element type can. So what a
// narrowed variable is assigned from never matters, and what it is assigned to
// matters only if that is not directional already. No answer depends on another
// variable being narrowed, so any subset of the changes compiles.
package direction

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Use is what is done with a channel.
type Use int

const (
	Receives Use = 1 << iota // received from, ranged over, handed on as <-chan
	Sends                    // sent to, closed, handed on as chan<-
	Other                    // anything that may need the type as it is
)

// Of returns what the function fn does with v, its parameter, in its body,
// function literals included. The result is 0 if nothing is done but what every
// channel can: len, cap, comparison with nil, assignment to v.
func Of(info *types.Info, fn *ast.FuncDecl, v *types.Var) Use {
	o := &observer{info: info, v: v}
	ast.PreorderStack(fn.Body, []ast.Node{fn}, func(n ast.Node, stack []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v {
			o.use |= o.classify(id, stack)
		}
		return true
	})
	return o.use
}

// An observer collects the uses of a variable.
type observer struct {
	info *types.Info
	v    *types.Var
	use  Use
}

// classify returns the use of the variable that e stands for. stack holds the
// nodes around e, the innermost last.
func (o *observer) classify(e ast.Expr, stack []ast.Node) Use {
	parent := stack[len(stack)-1]
	switch n := parent.(type) {
	case *ast.ParenExpr:
		return o.classify(n, stack[:len(stack)-1])
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return Receives
		}
	case *ast.RangeStmt:
		if n.X == e {
			return Receives
		}
		return 0 // for v = range: assigned to
	case *ast.SendStmt:
		if n.Chan == e {
			return Sends
		}
		return asTarget(elem(o.info.TypeOf(n.Chan)))
	case *ast.BinaryExpr:
		if isNil(o.info, n.X) || isNil(o.info, n.Y) {
			return 0
		}
	case *ast.CallExpr:
		return o.inCall(e, n)
	case *ast.AssignStmt:
		return o.inAssign(e, n)
	case *ast.ValueSpec:
		if n.Type != nil {
			return asTarget(o.info.TypeOf(n.Type))
		}
	case *ast.ReturnStmt:
		return o.inReturn(e, n, stack)
	}
	return Other
}

// inCall returns the use of an argument of a call.
func (o *observer) inCall(e ast.Expr, call *ast.CallExpr) Use {
	if tv := o.info.Types[call.Fun]; tv.IsType() {
		return asTarget(tv.Type) // a conversion
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := o.info.Uses[id].(*types.Builtin); ok {
			switch b.Name() {
			case "len", "cap":
				return 0
			case "close":
				return Sends
			}
			return Other
		}
	}
	sig, ok := types.Unalias(o.info.TypeOf(call.Fun)).Underlying().(*types.Signature)
	if !ok {
		return Other
	}
	for i, arg := range call.Args {
		if arg != e {
			continue
		}
		params := sig.Params()
		if sig.Variadic() && i >= params.Len()-1 {
			if call.Ellipsis.IsValid() {
				return Other
			}
			list, ok := params.At(params.Len() - 1).Type().Underlying().(*types.Slice)
			if !ok {
				return Other
			}
			return asTarget(list.Elem())
		}
		if i >= params.Len() {
			return Other
		}
		if params.At(i).Origin() == o.v {
			return 0 // recursion hands it to itself
		}
		return asTarget(params.At(i).Type())
	}
	return Other
}

// inAssign returns the use of an operand of an assignment.
func (o *observer) inAssign(e ast.Expr, n *ast.AssignStmt) Use {
	for _, lhs := range n.Lhs {
		if lhs == e {
			return 0
		}
	}
	if n.Tok != token.ASSIGN || len(n.Lhs) != len(n.Rhs) {
		return Other
	}
	for i, rhs := range n.Rhs {
		if rhs != e {
			continue
		}
		if id, ok := ast.Unparen(n.Lhs[i]).(*ast.Ident); ok {
			if id.Name == "_" || o.info.Uses[id] == o.v {
				return 0
			}
		}
		return asTarget(o.info.TypeOf(n.Lhs[i]))
	}
	return Other
}

// inReturn returns the use of a result of the innermost function on stack.
func (o *observer) inReturn(e ast.Expr, n *ast.ReturnStmt, stack []ast.Node) Use {
	var sig *types.Signature
	for i := len(stack) - 1; i >= 0 && sig == nil; i-- {
		switch fn := stack[i].(type) {
		case *ast.FuncLit:
			sig, _ = o.info.TypeOf(fn).(*types.Signature)
		case *ast.FuncDecl:
			if obj := o.info.Defs[fn.Name]; obj != nil {
				sig, _ = obj.Type().(*types.Signature)
			}
		}
	}
	if sig == nil || sig.Results().Len() != len(n.Results) {
		return Other
	}
	for i, result := range n.Results {
		if result == e {
			return asTarget(sig.Results().At(i).Type())
		}
	}
	return Other
}

// asTarget returns what it means for a channel to be assigned to something of
// type t.
func asTarget(t types.Type) Use {
	if t == nil {
		return Other
	}
	// The core type of a type parameter would do, but its other types might not.
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return Other
	}
	if c, ok := t.Underlying().(*types.Chan); ok {
		switch c.Dir() {
		case types.RecvOnly:
			return Receives
		case types.SendOnly:
			return Sends
		}
	}
	return Other
}

// elem returns the type of what a channel of type t carries, or nil.
func elem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return nil
}

func isNil(info *types.Info, e ast.Expr) bool { return info.Types[e].IsNil() }
