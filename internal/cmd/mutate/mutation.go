package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A mutation replaces one part of a file.
type mutation struct {
	kind       string
	file       string // absolute
	line       int
	start, end int    // the part, as offsets in the file
	text       string // what takes its place
	function   string // the declared function that it stands in
}

// leaveEarly is declared in every mutant. As a variable it keeps the code
// behind a return reachable to the compiler and to the checks.
const leaveEarly = "mutantLeavesEarly"

// A mutator collects the mutations of one package.
type mutator struct {
	pkg      *packages.Package
	source   map[string][]byte // by file
	function string
	all      []mutation
}

// mutations returns every mutation of a package, in the order of the source.
func mutations(pkg *packages.Package, source map[string][]byte) []mutation {
	m := &mutator{pkg: pkg, source: source}
	for _, file := range pkg.Syntax {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			m.function = fn.Name.Name
			m.body(fn.Type, fn.Body)
		}
	}
	return m.all
}

// body collects the mutations in the body of one function; function literals
// inside of it are bodies of their own, because they decide what a return
// leaves.
func (m *mutator) body(typ *ast.FuncType, body *ast.BlockStmt) {
	canReturn := typ.Results.NumFields() == 0
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			m.body(n.Type, n.Body)
			return false
		case *ast.BlockStmt:
			m.statements(n.List, canReturn)
		case *ast.CommClause:
			m.statements(n.Body, canReturn)
		case *ast.CaseClause:
			m.statements(n.Body, canReturn)
		case *ast.SelectStmt:
			m.cases(n)
		case *ast.CallExpr:
			m.makeCall(n)
		case *ast.AssignStmt:
			m.definition(n)
		}
		return true
	})
}

// add records that the node is replaced by the text.
func (m *mutator) add(kind string, from, to token.Pos, text string) {
	start, end := m.pkg.Fset.Position(from), m.pkg.Fset.Position(to)
	m.all = append(m.all, mutation{
		kind: kind, file: start.Filename, line: start.Line,
		start: start.Offset, end: end.Offset, text: text, function: m.function,
	})
}

// text returns the source of a node.
func (m *mutator) text(n ast.Node) string {
	start, end := m.pkg.Fset.Position(n.Pos()), m.pkg.Fset.Position(n.End())
	return string(m.source[start.Filename][start.Offset:end.Offset])
}

// statements collects what can be done to the statements of one block.
func (m *mutator) statements(list []ast.Stmt, canReturn bool) {
	for i, stmt := range list {
		kind, operand := m.classify(stmt)
		switch kind {
		case "":
			continue
		case "close":
			m.add("drop close", stmt.Pos(), stmt.End(), "_ = "+operand)
			m.add("double close", stmt.Pos(), stmt.End(), m.text(stmt)+"; "+m.text(stmt))
		case "range":
			loop := stmt.(*ast.RangeStmt)
			m.add("break out of range", loop.Body.Lbrace+1, loop.Body.Lbrace+1, " if "+leaveEarly+" { break }; ")
		default:
			m.add("drop "+kind, stmt.Pos(), stmt.End(), "_ = "+operand)
		}
		_, deferred := stmt.(*ast.DeferStmt)
		if canReturn && !deferred && (kind == "send" || kind == "receive" || kind == "range" || kind == "Wait") {
			m.add("return early", stmt.Pos(), stmt.Pos(), "if "+leaveEarly+" { return }; ")
		}
		if i+1 < len(list) && movable(stmt) && movable(list[i+1]) {
			next := list[i+1]
			m.add("swap with next", stmt.Pos(), next.End(), m.text(next)+"\n"+m.text(stmt))
		}
	}
}

// movable reports whether a statement can change places with its neighbour
// without taking a declaration or a jump along.
func movable(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.ExprStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt, *ast.RangeStmt, *ast.ForStmt:
		return true
	}
	return false
}

// classify says what a statement does to a channel or a WaitGroup, and returns
// an expression that still uses that one when the statement is gone.
func (m *mutator) classify(stmt ast.Stmt) (kind, operand string) {
	switch stmt := stmt.(type) {
	case *ast.SendStmt:
		return "send", m.text(stmt.Chan)
	case *ast.RangeStmt:
		if m.isChan(stmt.X) {
			return "range", m.text(stmt.X)
		}
	case *ast.DeferStmt:
		return m.classifyCall(stmt.Call)
	case *ast.ExprStmt:
		switch x := stmt.X.(type) {
		case *ast.UnaryExpr:
			if x.Op == token.ARROW {
				return "receive", m.text(x.X)
			}
		case *ast.CallExpr:
			return m.classifyCall(x)
		}
	}
	return "", ""
}

func (m *mutator) classifyCall(call *ast.CallExpr) (kind, operand string) {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if m.isBuiltin(fun, "close") {
			return "close", m.text(call.Args[0])
		}
	case *ast.SelectorExpr:
		fn, ok := m.pkg.TypesInfo.Uses[fun.Sel].(*types.Func)
		if ok && strings.HasPrefix(fn.FullName(), "(*sync.WaitGroup).") && (fn.Name() == "Done" || fn.Name() == "Wait") {
			return fn.Name(), "&" + m.text(fun.X)
		}
	}
	return "", ""
}

func (m *mutator) isBuiltin(id *ast.Ident, name string) bool {
	b, ok := m.pkg.TypesInfo.Uses[id].(*types.Builtin)
	return ok && b.Name() == name
}

func (m *mutator) isChan(x ast.Expr) bool {
	t := m.pkg.TypesInfo.TypeOf(x)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// cases drops each communication of a select that has another one.
func (m *mutator) cases(sel *ast.SelectStmt) {
	if len(sel.Body.List) < 2 {
		return
	}
	for _, clause := range sel.Body.List {
		kind := "drop case"
		if clause.(*ast.CommClause).Comm == nil {
			kind = "drop default"
		}
		m.add(kind, clause.Pos(), clause.End(), "")
	}
}

// makeCall drops or shrinks the buffer of a channel.
func (m *mutator) makeCall(call *ast.CallExpr) {
	id, ok := call.Fun.(*ast.Ident)
	if !ok || !m.isBuiltin(id, "make") || len(call.Args) != 2 || !m.isChan(call) {
		return
	}
	size := call.Args[1]
	m.add("drop buffer", call.Args[0].End(), size.End(), "")
	m.add("shrink buffer", size.Pos(), size.End(), fmt.Sprintf("max(%s-1, 0)", m.text(size)))
}

// definition leaves a channel variable nil that was made where it is defined.
func (m *mutator) definition(def *ast.AssignStmt) {
	if def.Tok != token.DEFINE || len(def.Lhs) != 1 || len(def.Rhs) != 1 {
		return
	}
	call, ok := def.Rhs[0].(*ast.CallExpr)
	if !ok {
		return
	}
	if id, ok := call.Fun.(*ast.Ident); ok && m.isBuiltin(id, "make") && m.isChan(call) {
		m.add("leave nil", def.Pos(), def.End(), "var "+m.text(def.Lhs[0])+" "+m.text(call.Args[0]))
	}
}
