package build

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// maxCount is the largest constant that is counted out. Larger ones become
// variables, the same for the same constant.
const maxCount = 8

// fewCount takes its place where that is too much: eight workers are any number of
// workers then.
const fewCount = 2

// A varKey names a quantity that the program does not fix: the same key is the
// same number.
type varKey struct {
	frame *frame
	val   ssa.Value
	path  string
}

// variable returns the linear form of the quantity; name is for dumps.
func (b *builder) variable(k varKey, name string) model.Expr {
	id, ok := b.vars[k]
	if !ok {
		id = len(b.varNames)
		b.vars[k] = id
		b.varNames = append(b.varNames, name)
	}
	return model.Expr{Terms: []model.Term{{Var: id, Coef: 1}}}
}

// sum returns x + coef*y.
func sum(x, y model.Expr, coef int) model.Expr {
	out := model.Expr{Const: x.Const + coef*y.Const, Terms: slices.Clone(x.Terms)}
	for _, t := range y.Terms {
		i, ok := slices.BinarySearchFunc(out.Terms, t.Var, func(t model.Term, v int) int { return t.Var - v })
		if ok {
			out.Terms[i].Coef += coef * t.Coef
		} else {
			out.Terms = slices.Insert(out.Terms, i, model.Term{Var: t.Var, Coef: coef * t.Coef})
		}
	}
	out.Terms = slices.DeleteFunc(out.Terms, func(t model.Term) bool { return t.Coef == 0 })
	return out
}

func scale(x model.Expr, coef int) model.Expr { return sum(model.Expr{}, x, coef) }

// capacity returns the capacity of a channel, or a negative one (never full)
// if it cannot be told.
func (b *builder) capacity(f *frame, size ssa.Value) model.Expr {
	if e, ok := b.expr(f, size, 0); ok {
		return e
	}
	return fixed(-1)
}

func (b *builder) number(n int64) model.Expr {
	if n > fewCount && n <= maxCount {
		b.counts = true
	}
	most := int64(maxCount)
	if b.few {
		most = fewCount
	}
	if n < -maxCount && n != math.MinInt64 {
		return scale(b.number(-n), -1) // Add(-n) takes back what Add(n) has added
	}
	if n > most || n < -maxCount {
		return b.variable(varKey{path: fmt.Sprintf("#%d", n)}, fmt.Sprint(n))
	}
	return fixed(int(n))
}

// expr returns the value of integer v as a linear form.
func (b *builder) expr(f *frame, v ssa.Value, depth int) (model.Expr, bool) {
	if depth > 12 {
		return model.Expr{}, false
	}
	f = f.home(v)
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Int {
			if n, ok := constant.Int64Val(v.Value); ok {
				return b.number(n), true
			}
		}
		return model.Expr{}, false
	case *ssa.BinOp:
		return b.exprBinOp(f, v, depth)
	case *ssa.Convert:
		if isInteger(v.X.Type()) {
			return b.expr(f, v.X, depth+1)
		}
	case *ssa.ChangeType:
		return b.expr(f, v.X, depth+1)
	case *ssa.Phi:
		if n, ok := b.val(f, v).(literal); ok {
			return fixed(int(n)), true // of an iteration that is built on its own
		}
		return model.Expr{}, false // a count that the program keeps
	case *ssa.Parameter:
		if arg, ok := f.argOf(v); ok {
			return b.expr(arg.frame, arg.val, depth+1)
		}
	case *ssa.Call:
		if builtin, ok := v.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "len" {
			return b.length(f, v.Call.Args[0], depth+1)
		}
		if isAtomicLoad(libraryName(&v.Call)) {
			if a, ok := b.val(f, v.Call.Args[0]).(address); ok && b.isZero(b.original(a)) {
				return fixed(0), true
			}
			return model.Expr{}, false
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return b.exprLoad(f, v, depth)
		}
	}
	return b.variable(varKey{frame: f, val: v}, v.Name()), true
}

func (b *builder) exprBinOp(f *frame, v *ssa.BinOp, depth int) (model.Expr, bool) {
	x, ok := b.expr(f, v.X, depth+1)
	if !ok {
		return x, false
	}
	y, ok := b.expr(f, v.Y, depth+1)
	if !ok {
		return y, false
	}
	switch v.Op {
	case token.ADD:
		return sum(x, y, 1), true
	case token.SUB:
		return sum(x, y, -1), true
	case token.MUL:
		if len(x.Terms) == 0 {
			return scale(y, x.Const), true
		}
		if len(y.Terms) == 0 {
			return scale(x, y.Const), true
		}
	}
	return b.variable(varKey{frame: f, val: v}, v.Name()), true
}

// exprLoad follows a variable that is assigned once, and names others by their
// access path, so that reading a field twice gives the same number.
func (b *builder) exprLoad(f *frame, v *ssa.UnOp, depth int) (model.Expr, bool) {
	if a, ok := b.val(f, v.X).(address); ok {
		a = b.original(a)
		found, ok := b.ownStores(a)
		if !ok {
			return fixed(0), isInteger(v.Type()) && b.isZero(a)
		}
		if len(found) > 1 {
			return model.Expr{}, false
		}
		if len(found) == 0 && isInteger(v.Type()) && a.path != "" && b.isZero(a) {
			return fixed(0), true
		}
		if len(found) == 1 {
			return b.expr(a.obj.frame, found[0], depth+1)
		}
		return b.variable(varKey{frame: a.obj.frame, val: a.obj.val, path: a.path}, v.Name()), true
	}
	if fa, ok := v.X.(*ssa.FieldAddr); ok && b.assignedElsewhere(fieldOf(fa)) {
		return model.Expr{}, false
	}
	k, ok := b.accessPath(f, v.X, 0)
	if !ok {
		return model.Expr{}, false
	}
	return b.variable(k, v.Name()), true
}

// accessPath names the address addr by a root value and a path of fields.
func (b *builder) accessPath(f *frame, addr ssa.Value, depth int) (varKey, bool) {
	if depth > 8 {
		return varKey{}, false
	}
	f = f.home(addr)
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		k, ok := b.accessPath(f, addr.X, depth+1)
		k.path += fmt.Sprintf(".%d", addr.Field)
		return k, ok
	case *ssa.UnOp:
		if addr.Op == token.MUL {
			k, ok := b.accessPath(f, addr.X, depth+1)
			k.path += "*"
			return k, ok
		}
	case *ssa.Parameter:
		if arg, ok := f.argOf(addr); ok {
			return b.accessPath(arg.frame, arg.val, depth+1)
		}
	case *ssa.Global:
		return varKey{val: addr}, true
	case *ssa.FreeVar:
		if arg, ok := f.argOf(addr); ok {
			return b.accessPath(arg.frame, arg.val, depth+1)
		}
	}
	return varKey{frame: f, val: addr}, true
}

// length returns the length of slice, map, string or array x. Slices that are
// built up by append have a length of their own.
func (b *builder) length(f *frame, x ssa.Value, depth int) (model.Expr, bool) {
	if depth > 12 || isChan(x.Type()) {
		return model.Expr{}, false
	}
	if p, ok := x.Type().Underlying().(*types.Pointer); ok {
		if arr, ok := p.Elem().Underlying().(*types.Array); ok {
			return b.number(arr.Len()), true
		}
	}
	if l, ok := b.val(f, x).(list); ok {
		return fixed(l.seq.len()), true
	}
	f = f.home(x)
	switch x := x.(type) {
	case *ssa.Const:
		if x.Value != nil && x.Value.Kind() == constant.String {
			return b.number(int64(len(constant.StringVal(x.Value)))), true
		}
		return fixed(0), true // a nil slice or map
	case *ssa.Slice:
		if _, ok := x.X.Type().Underlying().(*types.Slice); ok && x.High == nil {
			whole, ok := b.length(f, x.X, depth+1)
			low, lowOK := model.Expr{}, true
			if x.Low != nil {
				low, lowOK = b.expr(f, x.Low, depth+1)
			}
			if ok && lowOK {
				return sum(whole, low, -1), true
			}
		}
		if p, ok := x.X.Type().Underlying().(*types.Pointer); ok && x.Low == nil && x.High == nil {
			if arr, ok := p.Elem().Underlying().(*types.Array); ok {
				return b.number(arr.Len()), true
			}
		}
	case *ssa.Phi:
		return model.Expr{}, false // grows as the program goes
	case *ssa.Call:
		if builtin, ok := x.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "append" {
			return model.Expr{}, false
		}
	case *ssa.MakeSlice:
		return b.expr(f, x.Len, depth+1)
	case *ssa.Parameter:
		if arg, ok := f.argOf(x); ok {
			return b.length(arg.frame, arg.val, depth+1)
		}
	case *ssa.ChangeType:
		return b.length(f, x.X, depth+1)
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if a, ok := b.val(f, x.X).(address); ok {
				a = b.original(a)
				if k, ok := b.countKey(a, x.Type()); ok {
					b.poison(k) // it is a term
				}
				found, ok := b.ownStores(a)
				if ok && len(found) == 1 {
					return b.length(a.obj.frame, found[0], depth+1)
				}
				return b.variable(varKey{frame: a.obj.frame, val: a.obj.val, path: a.path + "#len"}, "len"), true
			}
			if k, ok := b.accessPath(f, x.X, 0); ok {
				k.path += "#len"
				return b.variable(k, "len"), true
			}
		}
	}
	return b.variable(varKey{frame: f, val: x, path: "#len"}, "len"), true
}
