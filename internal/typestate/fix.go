package typestate

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// Delete returns the fix that removes the statement of f, if that is certain
// to be right: the statement panics whenever it is reached, because another one
// in the same function has done its work already.
func (w *Words) Delete(f Finding, message string) []analysis.SuggestedFix {
	if !f.Certain || f.Loop || f.At.Callee != nil || f.At.How != Direct || f.By.Callee != nil || f.By.How != Direct || f.Instr == nil {
		return nil
	}
	call, ok := w.index.Node(f.At.Pos).(*ast.CallExpr)
	if !ok {
		return nil
	}
	stmt := w.lineOf(call)
	if stmt == nil {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   message,
		TextEdits: []analysis.TextEdit{{Pos: stmt.Pos(), End: stmt.End()}},
	}}
}

// lineOf returns the statement that consists of call alone, if it stands in a
// block, on a line of its own.
func (w *Words) lineOf(call *ast.CallExpr) ast.Stmt {
	var found ast.Stmt
	line := func(pos token.Pos) int { return w.pass.Fset.Position(pos).Line }
	for _, file := range w.pass.Files {
		if call.Pos() < file.FileStart || file.FileEnd <= call.Pos() {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			block, ok := n.(*ast.BlockStmt)
			if !ok {
				return n == nil || n.Pos() <= call.Pos() && call.Pos() < n.End()
			}
			for _, stmt := range block.List {
				if expr, ok := stmt.(*ast.ExprStmt); ok && ast.Unparen(expr.X) == call && line(block.Lbrace) < line(call.Pos()) && line(call.End()) < line(block.Rbrace) {
					found = stmt
				}
			}
			return true
		})
	}
	return found
}
