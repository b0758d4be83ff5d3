package repair

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/witness"
)

// leave returns the fix that lets the sender give up when a context ends that
// the receiver watches.
func (f *Fixer) leave(d *witness.Defect, mk *ssa.MakeChan) (analysis.SuggestedFix, bool) {
	none := analysis.SuggestedFix{}
	send, ok := f.res.Source.Node(d.Op.Pos).(*ast.SendStmt)
	if !ok || mk.Parent().Syntax() == nil {
		return none, false
	}
	loop, ok := f.place(send, d.Op.Instr, mk)
	if !ok {
		return none, false
	}
	for _, ctx := range f.watched(mk.Parent().Syntax()) {
		file := f.fileOf(send.Pos())
		if file != f.fileOf(ctx.Pos()) || !f.visible(ctx, send.Pos()) || f.assignments(ctx, file) > 0 || f.isOver(ctx, send, file) {
			continue
		}
		fix := analysis.SuggestedFix{
			Message:   fmt.Sprintf("Stop sending when %s is done", ctx.Name()),
			TextEdits: f.giveUp(send, ctx.Name(), loop),
		}
		if fix.TextEdits != nil && f.mends(d, mk, fix, func(v *version) bool { return v.released(d, mk) }) {
			return fix, true
		}
	}
	return none, false
}

// isOver reports whether the send stands where the context is known to have
// ended: in the very case that waits for it.
func (f *Fixer) isOver(ctx *types.Var, send *ast.SendStmt, file *ast.File) bool {
	path, _ := astutil.PathEnclosingInterval(file, send.Pos(), send.End())
	return slices.ContainsFunc(path, func(n ast.Node) bool {
		clause, ok := n.(*ast.CommClause)
		if !ok {
			return false
		}
		recv, ok := clause.Comm.(*ast.ExprStmt)
		return ok && doneOf(f.pass.TypesInfo, ast.Unparen(recv.X)) == ctx
	})
}

// place reports whether the send may be given up: it is a statement of a
// literal that is the whole of a goroutine, and nothing that follows it matters.
// loop is true if it is in a loop, which then has to be left.
func (f *Fixer) place(send *ast.SendStmt, instr ssa.Instruction, mk *ssa.MakeChan) (loop, ok bool) {
	u := &usage{m: f.modelOf(mk.Parent()), own: map[ssa.Instruction]bool{instr: true}}
	fn := instr.Parent()
	if u.m == nil || fn.Signature.Results().Len() > 0 {
		return false, false
	}
	goroutine := false
	for _, p := range u.m.Fns[1:] {
		goroutine = goroutine || p == fn
	}
	u.ownCloses(mk)
	loop = inLoop(instr)
	ok = goroutine
	after(instr, func(next ssa.Instruction) {
		// What is in the same loop comes before the next send as well.
		ok = ok && (loop && leadsTo(next, instr) || u.idle(next))
	})
	path, _ := astutil.PathEnclosingInterval(f.fileOf(send.Pos()), send.Pos(), send.End())
	if len(path) < 2 || path[0] != send {
		return false, false
	}
	switch parent := path[1].(type) {
	case *ast.BlockStmt, *ast.CaseClause:
	case *ast.CommClause:
		ok = ok && parent.Comm != send
	default:
		ok = false
	}
	return loop, ok
}

// ownCloses adds the closes of the channel.
func (u *usage) ownCloses(mk *ssa.MakeChan) {
	if whole := usageOf(u.m, mk); whole != nil {
		u.own = whole.own
	}
}

// leadsTo reports whether to may follow from in their function.
func leadsTo(from, to ssa.Instruction) bool {
	found := false
	after(from, func(next ssa.Instruction) { found = found || next == to })
	return found
}

// watched returns the contexts whose end the function, given by its syntax,
// waits for, in the order of the source.
func (f *Fixer) watched(fn ast.Node) []*types.Var {
	var out []*types.Var
	seen := map[*types.Var]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		if v := doneOf(f.pass.TypesInfo, n); v != nil && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
		return true
	})
	return out
}

// doneOf returns v if n is <-v.Done() for a variable v of type context.Context,
// or nil.
func doneOf(info *types.Info, n ast.Node) *types.Var {
	recv, ok := n.(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return nil
	}
	call, ok := ast.Unparen(recv.X).(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Done" {
		return nil
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := info.Uses[id].(*types.Var)
	if !ok || v.Type().String() != "context.Context" {
		return nil
	}
	return v
}

// giveUp returns the edits that put the send into a select with the end of the
// context; nil if the send does not have a line to itself.
func (f *Fixer) giveUp(send *ast.SendStmt, ctx string, loop bool) []analysis.TextEdit {
	tf := f.pass.Fset.File(send.Pos())
	if f.pass.ReadFile == nil || tf.Line(send.Pos()) != tf.Line(send.End()) {
		return nil
	}
	text, err := f.pass.ReadFile(tf.Name())
	if err != nil || len(text) != tf.Size() {
		return nil
	}
	start, end := tf.Offset(send.Pos()), tf.Offset(send.End())
	first := bytes.LastIndexByte(text[:start], '\n') + 1
	last := len(text)
	if i := bytes.IndexByte(text[end:], '\n'); i >= 0 {
		last = end + i
	}
	indent := string(text[first:start])
	rest := bytes.TrimSpace(text[end:last])
	if len(bytes.TrimSpace(text[first:start])) > 0 || len(rest) > 0 && !bytes.HasPrefix(rest, []byte("//")) {
		return nil
	}
	tail := "\n" + indent + "case <-" + ctx + ".Done():\n"
	if loop {
		tail += indent + "\treturn\n"
	}
	insert := func(at int, s string) analysis.TextEdit {
		pos := tf.Pos(at)
		return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(s)}
	}
	tail += indent + "}"
	if last == end {
		return []analysis.TextEdit{insert(start, "select {\n"+indent+"case "), insert(end, ":"+tail)}
	}
	return []analysis.TextEdit{insert(start, "select {\n"+indent+"case "), insert(end, ":"), insert(last, tail)}
}
