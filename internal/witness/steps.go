package witness

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/report"
)

// Steps returns the interleaving as related positions, one for each step; see
// [report.Step] for their form.
func (w *Words) Steps(d *Defect) []analysis.RelatedInformation {
	t := &teller{Words: w, d: d, names: map[int]string{0: funcName(d.Root)}, numbers: map[int]int{}, prims: map[int]string{}}
	story := d.Story()
	for i := range story {
		t.meet(&story[i])
	}
	var out []analysis.RelatedInformation
	for i := range story {
		e := &story[i]
		// A method such as WaitGroup.Go is two operations and one step.
		if i+1 < len(story) && e.Site.Kind == build.SiteAdd && e.Site.Instr == story[i+1].Site.Instr {
			continue
		}
		step := report.Step{Goroutine: t.number(e.Goroutine), Name: t.names[e.Goroutine], Text: t.text(e)}
		out = append(out, analysis.RelatedInformation{Pos: t.start(e), Message: step.String()})
	}
	return out
}

// A teller puts one story into words.
type teller struct {
	*Words
	d       *Defect
	names   map[int]string // of goroutines
	numbers map[int]int    // of goroutines, in the order in which the story mentions them
	prims   map[int]string // by make: the primitive as the first operation on it spells it
}

// meet learns names from an event.
func (t *teller) meet(e *Event) {
	t.number(e.Goroutine)
	if e.Site.Kind == build.SiteSpawn {
		t.number(e.Other)
		t.names[e.Other] = "started at " + t.Line(t.d, e.Pos)
	}
	if e.prim != 0 && t.prims[e.prim] == "" && e.Site.Kind != build.SiteMake {
		t.prims[e.prim] = t.subject(e.Site)
	}
}

func (t *teller) number(goroutine int) int {
	if n, ok := t.numbers[goroutine]; ok {
		return n
	}
	t.numbers[goroutine] = len(t.numbers) + 1
	return len(t.numbers)
}

// subject spells the primitive that an operation acts on, or returns nothing.
func (t *teller) subject(site build.Site) string {
	switch site.Kind {
	case build.SiteSend, build.SiteReceive, build.SiteRange, build.SiteClose:
		return t.Operand(site)
	case build.SiteWait, build.SiteAdd, build.SiteLock, build.SiteUnlock:
		if call, ok := t.node(site).(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				return types.ExprString(sel.X)
			}
		}
	}
	return ""
}

// node returns the syntax of an operation, or nil.
func (t *teller) node(site build.Site) ast.Node {
	if n := t.res.Source.Node(site.Pos); n != nil {
		return n
	}
	if call, ok := site.Instr.(ssa.CallInstruction); ok {
		return t.res.Source.Node(call.Common().Pos())
	}
	return nil
}

// start is where a step stands.
func (t *teller) start(e *Event) token.Pos {
	switch {
	case e.How == Returns, e.Site.Kind == build.SiteMake:
		return e.Pos
	case e.Site.Kind == build.SiteRange && e.How != Blocks:
		return e.Pos
	}
	return t.Start(e.Site)
}

// text says what the goroutine does.
func (t *teller) text(e *Event) string {
	switch e.How {
	case Returns:
		return "returns"
	case Blocks:
		return t.Operation(e.Site) + " blocks forever"
	case Dies:
		return "panics: " + t.d.Panic.String()
	case TakesDefault:
		return "takes the default case"
	case TakesCase:
		if s := t.spell(e.Site); s != "" {
			return "takes the case " + s
		}
		return "takes this case"
	case FindsClosed:
		return "finds " + t.Operand(e.Site) + " closed"
	}
	return t.done(e)
}

// done says what a completed operation has done.
func (t *teller) done(e *Event) string {
	with := func(word string) string {
		if e.Other < 0 {
			return ""
		}
		return fmt.Sprintf("%s goroutine %d", word, t.number(e.Other))
	}
	switch e.Site.Kind {
	case build.SiteSend:
		return "sends on " + t.Operand(e.Site) + with(" to")
	case build.SiteReceive, build.SiteRange:
		return "receives from " + t.Operand(e.Site) + with(", sent by")
	case build.SiteClose:
		return "closes " + t.Operand(e.Site)
	case build.SiteMake:
		return "makes " + t.made(e)
	case build.SiteSpawn:
		return fmt.Sprintf("starts goroutine %d", t.number(e.Other))
	case build.SiteWait:
		return t.call(e.Site) + " returns"
	}
	return "calls " + t.call(e.Site)
}

// made names what is made as the first operation on it does.
func (t *teller) made(e *Event) string {
	if s := t.prims[e.prim]; s != "" {
		return s
	}
	if alloc, ok := e.Site.Instr.(*ssa.Alloc); ok && alloc.Comment != "" {
		return alloc.Comment
	}
	return "a channel"
}

// spell returns the communication of a select case as the source has it, or
// nothing if that is too long.
func (t *teller) spell(site build.Site) string {
	switch n := t.res.Source.Node(site.Pos).(type) {
	case ast.Expr:
		return t.res.Source.Spell(n)
	case *ast.SendStmt:
		if ch, value := t.res.Source.Spell(n.Chan), t.res.Source.Spell(n.Value); ch != "" && value != "" {
			return ch + " <- " + value
		}
	}
	return ""
}
