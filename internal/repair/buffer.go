package repair

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/witness"
)

// Buffers that a fix asks for at most: counted out by trying, and as a number
// in the source.
const (
	maxTried  = 12
	maxBuffer = 64
)

// buffer returns the fix that gives the channel of mk room for everything that
// is ever sent on it.
func (f *Fixer) buffer(d *witness.Defect, mk *ssa.MakeChan) (analysis.SuggestedFix, bool) {
	none := analysis.SuggestedFix{}
	call, ok := f.res.Source.Node(mk.Pos()).(*ast.CallExpr)
	if !ok || f.asksCapacity(mk) || isSemaphore(mk, call) {
		return none, false
	}
	u := usageOf(f.modelOf(mk.Parent()), mk)
	local := u != nil
	if u == nil && keeps(mk) {
		// What is made leaves the function on every path. Its callers see it.
		u = usageOf(f.modelOf(d.Root), mk)
	}
	if u == nil || !u.unheeded() || !local && !u.sendsOnce(mk.Parent()) {
		return none, false
	}
	size, ok := f.size(u, call)
	if !ok || !local && size != "1" {
		return none, false
	}
	fix := analysis.SuggestedFix{
		Message:   fmt.Sprintf("Give %s a buffer of %s", f.res.Source.Chan(d.Op.Pos), size),
		TextEdits: []analysis.TextEdit{resize(call, size)},
	}
	return fix, f.mends(d, mk, fix, nil)
}

// resize returns the edit that makes size the capacity.
func resize(call *ast.CallExpr, size string) analysis.TextEdit {
	if len(call.Args) > 1 {
		return analysis.TextEdit{Pos: call.Args[1].Pos(), End: call.Args[1].End(), NewText: []byte(size)}
	}
	end := call.Args[0].End()
	return analysis.TextEdit{Pos: end, End: end, NewText: []byte(", " + size)}
}

// isSemaphore reports whether the capacity of the channel is what the program
// is about: tokens that say nothing but how many there are.
func isSemaphore(mk *ssa.MakeChan, call *ast.CallExpr) bool {
	st, ok := mk.Type().Underlying().(*types.Chan).Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0 && len(call.Args) > 1
}

// asksCapacity reports whether the package asks for the length or capacity of
// such a channel where it may be this one.
func (f *Fixer) asksCapacity(mk *ssa.MakeChan) bool {
	elem := mk.Type().Underlying().(*types.Chan).Elem()
	private := keptBy(mk, types.SendRecv, 0)
	for _, fn := range f.pkg.Funcs {
		if private && outermost(fn) != outermost(mk.Parent()) {
			continue
		}
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				b, ok := call.Call.Value.(*ssa.Builtin)
				if !ok || b.Name() != "len" && b.Name() != "cap" {
					continue
				}
				if ch, ok := call.Call.Args[0].Type().Underlying().(*types.Chan); ok && types.Identical(ch.Elem(), elem) {
					return true
				}
			}
		}
	}
	return false
}

// outermost returns the declared function that contains fn.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// size returns how many messages the channel may have to hold, as the source
// spells it: the least capacity with which no send waits, whoever is ready to
// receive. It is a number, or the bound of the only loop around the send.
func (f *Fixer) size(u *usage, call *ast.CallExpr) (string, bool) {
	vars := u.m.Program.Vars
	needs := map[int]bool{} // candidates: -1 for a constant, or a variable
	for i := range vars {
		needs[i] = true
	}
	constant, same := 0, true
	for _, values := range witness.Assignments(len(vars)) {
		n, ok := u.need(values)
		if !ok {
			return "", false
		}
		same = same && (constant == 0 || constant == n)
		constant = n
		for i := range vars {
			needs[i] = needs[i] && values[i] == n
		}
	}
	if same {
		return strconv.Itoa(constant), true
	}
	found := -1
	for i := range vars {
		if needs[i] {
			if found >= 0 {
				return "", false
			}
			found = i
		}
	}
	if found < 0 {
		return "", false
	}
	if n, err := strconv.Atoi(vars[found]); err == nil { // a number too large to count out
		return vars[found], n <= maxBuffer
	}
	return f.bound(u, call)
}

// need returns the least capacity with which no send waits.
func (u *usage) need(vars []int) (int, bool) {
	for n := 1; n <= maxTried; n++ {
		waits, ok := u.waits(n, vars)
		if !ok {
			return 0, false
		}
		if !waits {
			return n, true
		}
	}
	return 0, false
}

// sendsOnce reports whether a call of maker sends at most once, whatever it is
// called with: one send, in a literal that is started in one place, neither of
// them in a loop.
func (u *usage) sendsOnce(maker *ssa.Function) bool {
	if len(u.sends) != 1 {
		return false
	}
	for send := range u.sends {
		lit := send.Parent()
		if lit.Parent() != maker || inLoop(send) {
			return false
		}
		starts := 0
		for _, blk := range maker.Blocks {
			for _, instr := range blk.Instrs {
				mc, ok := instr.(*ssa.MakeClosure)
				if !ok || mc.Fn != lit {
					continue
				}
				for _, r := range *mc.Referrers() {
					if g, ok := r.(*ssa.Go); !ok || g.Call.Value != mc || inLoop(g) {
						return false
					}
					starts++
				}
			}
		}
		return starts == 1
	}
	return false
}

// inLoop reports whether instr may be executed twice in a call of its function.
func inLoop(instr ssa.Instruction) bool {
	again := false
	after(instr, func(next ssa.Instruction) { again = again || next == instr })
	return again
}

// keeps reports whether a function gives away no more than the receiving side
// of the channel that it makes, apart from what its literals use.
func keeps(mk *ssa.MakeChan) bool { return keptBy(mk, types.RecvOnly, 0) }

// keptBy reports whether v, the channel or a variable that holds it, does not
// leave its function but as a channel of the given direction; the direction of
// all channels means not at all.
func keptBy(v ssa.Value, out types.ChanDir, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.ChangeType:
			if out == types.SendRecv || r.Type().Underlying().(*types.Chan).Dir() != out {
				return false
			}
		case *ssa.Store:
			cell, ok := r.Addr.(*ssa.Alloc)
			if r.Val != v && r.Addr != v || !ok && r.Addr != v || ok && r.Val == v && !keptBy(cell, out, depth+1) {
				return false
			}
		case *ssa.UnOp:
			if r.Op == token.MUL && !keptBy(r, out, depth+1) {
				return false
			}
		case *ssa.MakeClosure:
			for i, bind := range r.Bindings {
				if bind == v && !keptBy(r.Fn.(*ssa.Function).FreeVars[i], out, depth+1) {
					return false
				}
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "close" {
				return false
			}
		case *ssa.Defer:
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "close" {
				return false
			}
		case *ssa.Send:
			if r.X == v {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
