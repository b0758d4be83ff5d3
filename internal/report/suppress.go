package report

import (
	"go/ast"
	"go/token"
	"path"
	"strings"
)

// linter is the name by which suppression comments address all checks at once.
const linter = "chanlint"

// A reach is how much source a suppression comment speaks for.
type reach int

const (
	reachNothing reach = iota
	reachHeader        // a statement up to the block it opens: //lint:ignore, as in staticcheck
	reachNode          // a statement or declaration to its end: //nolint, as in golangci-lint
	reachFile          // the whole file: //lint:file-ignore, as in staticcheck
)

// isSuppressed reports whether a comment in file silences check at pos.
//
// The comments are those that people already write for other linters:
//
//	//lint:ignore chanlint/CHECK reason        also a comma list, also chanlint/*
//	//lint:file-ignore chanlint/CHECK reason
//	//nolint:chanlint                          also chanlint/CHECK, a comma list, all, or no list
//
// A comment after code speaks for that line; one on lines of its own speaks
// for the statement or declaration on the next line, and before the package
// clause for the file. As in staticcheck, //lint:ignore without a reason does
// nothing.
func isSuppressed(fset *token.FileSet, file *ast.File, check string, pos token.Pos) bool {
	lines := fset.File(file.FileStart)
	if lines == nil {
		return false
	}
	line := lines.PositionFor(pos, false).Line
	for _, group := range file.Comments {
		for _, c := range group.List {
			r := reachOf(c.Text, check)
			if r == reachNothing {
				continue
			}
			if r == reachFile {
				return true
			}
			if first, last := scope(lines, file, group, c, r); first <= line && line <= last {
				return true
			}
		}
	}
	return false
}

// reachOf returns what the comment text speaks for if it silences check, and
// reachNothing otherwise.
func reachOf(text, check string) reach {
	if args, ok := strings.CutPrefix(text, "//lint:ignore "); ok && lintMatches(args, check) {
		return reachHeader
	}
	if args, ok := strings.CutPrefix(text, "//lint:file-ignore "); ok && lintMatches(args, check) {
		return reachFile
	}
	if strings.HasPrefix(text, "//") && nolintMatches(strings.TrimLeft(text, "/ "), check) {
		return reachNode
	}
	return reachNothing
}

// lintMatches reports whether the arguments of a //lint: directive, a list of
// patterns and a reason, name check.
func lintMatches(args, check string) bool {
	fields := strings.Fields(args)
	if len(fields) < 2 {
		return false // no reason given
	}
	for pattern := range strings.SplitSeq(strings.ToLower(fields[0]), ",") {
		if ok, err := path.Match(pattern, linter+"/"+check); ok && err == nil {
			return true
		}
	}
	return false
}

// nolintMatches reports whether text, a comment without its slashes, is a
// nolint directive that covers check.
func nolintMatches(text, check string) bool {
	rest, ok := strings.CutPrefix(text, "nolint")
	if !ok {
		return false
	}
	if rest == "" || rest[0] == ' ' {
		return true // without a list it is meant for every linter
	}
	list, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return false // some other word
	}
	list, _, _ = strings.Cut(list, "//") // an explanation may follow
	for item := range strings.SplitSeq(strings.ToLower(list), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(item), " ")
		switch name {
		case "all", linter, linter + "/" + check, linter + "/*":
			return true
		}
	}
	return false
}

// scope returns the first and last line that comment c of group speaks for.
func scope(lines *token.File, file *ast.File, group *ast.CommentGroup, c *ast.Comment, r reach) (first, last int) {
	at := lines.PositionFor(c.Pos(), false).Line
	next := lines.PositionFor(group.End(), false).Line + 1
	if lines.PositionFor(file.Package, false).Line == next {
		return 1, lines.LineCount()
	}
	first, last = next, next // unless code turns up on the comment's own line
	trailing := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.File:
			return true
		}
		start, end := lines.PositionFor(n.Pos(), false).Line, lines.PositionFor(n.End(), false).Line
		switch {
		case start == at && n.Pos() < c.Pos() || end == at && n.End() <= c.Pos():
			if !trailing {
				trailing, first, last = true, at, at
			}
			if header := lines.PositionFor(headerEnd(n), false).Line; end == at && header == at && isStmt(n) {
				first = min(first, start) // the last line of a statement without a block
			}
		case start == next && !trailing:
			if r == reachHeader {
				end = lines.PositionFor(headerEnd(n), false).Line
			}
			last = max(last, end)
		}
		return true
	})
	return first, last
}

// isStmt reports whether n stands by itself in a list of statements,
// declarations or specifications.
func isStmt(n ast.Node) bool {
	switch n.(type) {
	case ast.Stmt, ast.Decl, ast.Spec:
		return true
	}
	return false
}

// headerEnd returns where the first block inside n opens, or n's end.
func headerEnd(n ast.Node) token.Pos {
	end := n.End()
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			end = min(end, n.Lbrace)
		case *ast.CaseClause:
			end = min(end, n.Colon)
		case *ast.CommClause:
			end = min(end, n.Colon)
		}
		return true
	})
	return end
}
