package chandir

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/direction"
	"github.com/chanlint/chanlint/internal/report"
)

// A group is one or several parameters that share the type chan T in the source.
type group struct {
	field *ast.Field
	typ   *ast.ChanType
	uses  []direction.Use // of each name
	elem  string          // T as it is written
}

// newGroup returns the group of field, and whether any of its names can be
// narrowed.
func newGroup(pass *analysis.Pass, decl *ast.FuncDecl, field *ast.Field) (group, bool) {
	typ, ok := field.Type.(*ast.ChanType)
	if !ok || typ.Dir != ast.SEND|ast.RECV {
		return group{}, false
	}
	g := group{field: field, typ: typ}
	narrows := false
	for _, name := range field.Names {
		var use direction.Use
		if v, ok := pass.TypesInfo.Defs[name].(*types.Var); ok && name.Name != "_" {
			use = direction.Of(pass.TypesInfo, decl, v)
		}
		g.uses = append(g.uses, use)
		narrows = narrows || word(use) != ""
	}
	var elem bytes.Buffer
	if err := format.Node(&elem, pass.Fset, typ.Value); err != nil {
		return group{}, false
	}
	g.elem = elem.String()
	return g, narrows
}

// word says what a use is, if a directional channel is enough for it.
func word(use direction.Use) string {
	switch use {
	case direction.Receives:
		return "received from"
	case direction.Sends:
		return "sent to"
	}
	return ""
}

// spelled returns the type that a use needs.
func (g group) spelled(use direction.Use) string {
	switch use {
	case direction.Receives:
		return "<-chan " + g.elem
	case direction.Sends:
		return "chan<- " + g.elem
	}
	return "chan " + g.elem
}

// finding words the group.
func (g group) finding(pass *analysis.Pass) report.Finding {
	f := report.Finding{End: g.field.End()}
	var parts []string
	for i, name := range g.field.Names {
		if does := word(g.uses[i]); does != "" {
			if !f.Pos.IsValid() {
				f.Pos = name.Pos()
			}
			parts = append(parts, name.Name+" is only "+does+": its type can be "+g.spelled(g.uses[i]))
		}
	}
	f.Message = strings.Join(parts, ", and ")
	if edits := g.edits(pass); edits != nil {
		f.Fixes = []analysis.SuggestedFix{{Message: "Say so in the type", TextEdits: edits}}
	}
	return f
}

// edits returns the change of the group: of its type if all names agree, and
// otherwise of all of it. It is nil if that would lose a comment.
func (g group) edits(pass *analysis.Pass) []analysis.TextEdit {
	agree := true
	for _, use := range g.uses {
		agree = agree && use == g.uses[0]
	}
	if agree {
		at := g.typ.Begin
		if g.uses[0] == direction.Sends {
			at += token.Pos(len("chan"))
		}
		return []analysis.TextEdit{{Pos: at, End: at, NewText: []byte("<-")}}
	}
	if hasComment(pass, g.field) {
		return nil
	}
	var text strings.Builder
	for i, name := range g.field.Names {
		text.WriteString(name.Name)
		switch {
		case i+1 == len(g.uses):
			text.WriteString(" " + g.spelled(g.uses[i]))
		case g.spelled(g.uses[i]) == g.spelled(g.uses[i+1]):
			text.WriteString(", ")
		default:
			text.WriteString(" " + g.spelled(g.uses[i]) + ", ")
		}
	}
	return []analysis.TextEdit{{Pos: g.field.Pos(), End: g.field.End(), NewText: []byte(text.String())}}
}

// hasComment reports whether a comment stands inside n.
func hasComment(pass *analysis.Pass, n ast.Node) bool {
	for _, file := range pass.Files {
		for _, c := range file.Comments {
			if n.Pos() <= c.Pos() && c.End() <= n.End() {
				return true
			}
		}
	}
	return false
}
