package report

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
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

// A Directive is a comment that silences checks.
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
type Directive struct {
	Comment *ast.Comment

	group *ast.CommentGroup
	reach reach
	names []string // lower-case, as written; for //lint:ignore they are patterns
}

// Directives returns the comments of file that silence checks, in order. Those
// that name only other linters may be among them; Silences and Names tell.
func Directives(file *ast.File) []Directive {
	var all []Directive
	for _, group := range file.Comments {
		for _, c := range group.List {
			if d := parseDirective(c.Text); d.reach != reachNothing {
				d.Comment, d.group = c, group
				all = append(all, d)
			}
		}
	}
	return all
}

// parseDirective returns what the comment text silences, with reachNothing if
// it is no such comment.
func parseDirective(text string) Directive {
	if args, ok := strings.CutPrefix(text, "//lint:ignore "); ok {
		return lintDirective(args, reachHeader)
	}
	if args, ok := strings.CutPrefix(text, "//lint:file-ignore "); ok {
		return lintDirective(args, reachFile)
	}
	if strings.HasPrefix(text, "//") {
		return nolintDirective(strings.TrimLeft(text, "/ "))
	}
	return Directive{}
}

// lintDirective reads the arguments of a //lint: directive, a list of patterns
// and a reason.
func lintDirective(args string, r reach) Directive {
	fields := strings.Fields(args)
	if len(fields) < 2 {
		return Directive{} // no reason given
	}
	return Directive{reach: r, names: strings.Split(strings.ToLower(fields[0]), ",")}
}

// nolintDirective reads text, a comment without its slashes.
func nolintDirective(text string) Directive {
	rest, ok := strings.CutPrefix(text, "nolint")
	if !ok {
		return Directive{}
	}
	if rest == "" || rest[0] == ' ' {
		return Directive{reach: reachNode, names: []string{everyLinter}} // without a list it is meant for every linter
	}
	list, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return Directive{} // some other word
	}
	list, _, _ = strings.Cut(list, "//") // an explanation may follow
	d := Directive{reach: reachNode}
	for item := range strings.SplitSeq(strings.ToLower(list), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(item), " ")
		d.names = append(d.names, name)
	}
	return d
}

// everyLinter is what //nolint without a list is short for.
const everyLinter = "all"

// Silences reports whether d is meant for check.
func (d Directive) Silences(check string) bool {
	return slices.ContainsFunc(d.names, func(name string) bool { return d.matches(name, check) })
}

// matches reports whether one of d's names stands for check.
func (d Directive) matches(name, check string) bool {
	if d.reach == reachNode {
		return name == everyLinter || name == linter || name == linter+"/"+check || name == linter+"/*"
	}
	ok, err := path.Match(name, linter+"/"+check)
	return ok && err == nil
}

// ByLinter reports whether d is a //nolint that is meant for every check of
// chanlint: golangci-lint honours those by itself.
func (d Directive) ByLinter() bool {
	return d.reach == reachNode && (slices.Contains(d.names, everyLinter) || slices.Contains(d.names, linter))
}

// Names returns those of d's names that are addressed to chanlint and no other
// linter, as written but in lower case.
func (d Directive) Names() []string {
	var names []string
	for _, name := range d.names {
		if name == linter && d.reach == reachNode || strings.HasPrefix(name, linter+"/") {
			names = append(names, name)
		}
	}
	return names
}

// Idle returns those of d's names, as in Names, that stand for none of the
// checks used.
func (d Directive) Idle(used []string) []string {
	return slices.DeleteFunc(d.Names(), func(name string) bool {
		return slices.ContainsFunc(used, func(check string) bool { return d.matches(name, check) })
	})
}

// silencers returns the directives in file that silence check at pos.
func silencers(fset *token.FileSet, file *ast.File, check string, pos token.Pos) []Directive {
	lines := fset.File(file.FileStart)
	if lines == nil {
		return nil
	}
	line := lines.PositionFor(pos, false).Line
	var found []Directive
	for _, d := range Directives(file) {
		if !d.Silences(check) {
			continue
		}
		first, last := 1, lines.LineCount()
		if d.reach != reachFile {
			first, last = scope(lines, file, d.group, d.Comment, d.reach)
		}
		if first <= line && line <= last {
			found = append(found, d)
		}
	}
	return found
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
