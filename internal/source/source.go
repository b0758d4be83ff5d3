// Package source finds the syntax behind a channel operation, so that messages
// spell a channel as its author did.
package source

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An Index maps the positions that SSA instructions carry to syntax.
type Index struct {
	nodes map[token.Pos]entry
}

type entry struct {
	node ast.Node
	ch   ast.Expr
}

// NewIndex indexes the channel operations of files.
func NewIndex(files []*ast.File) *Index {
	x := &Index{nodes: map[token.Pos]entry{}}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SendStmt:
				x.nodes[n.Arrow] = entry{n, n.Chan}
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					x.nodes[n.OpPos] = entry{n, n.X}
				}
			case *ast.RangeStmt:
				x.nodes[n.For] = entry{n, n.X}
			case *ast.CallExpr:
				if len(n.Args) > 0 {
					x.nodes[n.Lparen] = entry{n, n.Args[0]}
				} else {
					x.nodes[n.Lparen] = entry{n, nil}
				}
			case *ast.SelectStmt:
				x.nodes[n.Select] = entry{n, nil}
			case *ast.GoStmt:
				x.nodes[n.Go] = entry{n, nil}
			case *ast.DeferStmt:
				x.nodes[n.Defer] = entry{n, nil}
			}
			return true
		})
	}
	return x
}

// Node returns the statement or expression of the operation at pos: a send
// statement, a receive expression, a range or select statement, a call, or nil.
func (x *Index) Node(pos token.Pos) ast.Node { return x.nodes[pos].node }

// Chan returns the channel operand of the operation at pos as the source
// spells it, on one line, or "channel" if there is no such operation.
func (x *Index) Chan(pos token.Pos) string {
	e := x.nodes[pos].ch
	if e == nil {
		return "channel"
	}
	if s := x.Spell(e); s != "" {
		return s
	}
	return "channel"
}

// Operand returns the channel operand of the operation at pos, or nil if there
// is no such operation.
func (x *Index) Operand(pos token.Pos) ast.Expr { return x.nodes[pos].ch }

// Spell returns an expression as the source spells it, or "" if that is too
// long for a message.
func (x *Index) Spell(e ast.Expr) string {
	if s := types.ExprString(e); len(s) <= maxSpelling {
		return s
	}
	return ""
}

// maxSpelling is how long an expression may be that a message repeats.
const maxSpelling = 60
