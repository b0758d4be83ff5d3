package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
)

// reachedFunc is declared in every mutant and says on the standard error that
// a run came to a reported place. A report about code that no run comes to can
// be neither confirmed nor refuted by running.
const (
	reachedFunc = "mutantIsReached"
	reachedText = "a reported place is reached"
)

// addProbes puts a call of reachedFunc in front of the statement of each
// report. It comes after the analysis, and no line moves.
func addProbes(root string, m *mutant) error {
	byFile := make(map[string][]int)
	for _, f := range m.reports {
		byFile[f.File] = append(byFile[f.File], f.Line)
	}
	for file, lines := range byFile {
		name := filepath.Join(root, filepath.FromSlash(file))
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if data, err = probe(data, lines); err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// probe inserts the calls into the source of one file.
func probe(source []byte, lines []int) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var offsets []int
	for _, line := range lines {
		if stmt := innermost(fset, file, line); stmt != nil {
			offsets = append(offsets, fset.Position(stmt.Pos()).Offset)
		}
	}
	slices.Sort(offsets)
	for _, offset := range slices.Backward(slices.Compact(offsets)) {
		source = slices.Concat(source[:offset], []byte(reachedFunc+"(); "), source[offset:])
	}
	return source, nil
}

// innermost returns the last statement to begin, of those in a list of
// statements, that spans the line.
func innermost(fset *token.FileSet, file *ast.File, line int) (found ast.Stmt) {
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		}
		for _, stmt := range list {
			if _, ok := stmt.(*ast.CommClause); ok {
				continue // the body of a select is a block of clauses
			}
			if _, ok := stmt.(*ast.CaseClause); ok {
				continue
			}
			if fset.Position(stmt.Pos()).Line <= line && line <= fset.Position(stmt.End()).Line {
				found = stmt
			}
		}
		return true
	})
	return found
}
