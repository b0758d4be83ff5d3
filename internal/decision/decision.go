// Package decision answers "why was this not reported?": its analyzer tells, of
// each function and each channel operation, what the search for defects has
// made of it.
//
// The decision log is the idea of unparam, which prints why it skips a
// parameter.
package decision

import (
	"fmt"
	"go/ast"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/source"
	"github.com/chanlint/chanlint/internal/witness"
)

// Name is the analyzer's name in flags and in the output of go vet -json.
const Name = "why"

// Analyzer reports the decisions about a package if its flag "log" is set, and
// nothing otherwise. It is no check: a diagnostic stands for a function, from
// its first character to its last, and says what came of it; the related
// positions say the same of the operations in it and of what is called there.
//
//	go vet -vettool=$(which chanlint) -why -why.log ./...
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       Name,
		Doc:        Name + ": tells why nothing is reported, if its flag log is set",
		Requires:   []*analysis.Analyzer{chanssa.Analyzer},
		ResultType: reflect.TypeFor[[]Decision](),
	}
	log := a.Flags.Bool("log", false, "tell of each function what came of it")
	a.Run = func(pass *analysis.Pass) (any, error) {
		var all []Decision
		if *log {
			all = decide(pass)
		}
		for _, d := range all {
			pass.Report(analysis.Diagnostic{Pos: d.Pos, End: d.End, Message: d.Text, Related: d.Notes})
		}
		return all, nil
	}
	return a
}

// A Decision is about one function.
type Decision struct {
	Pos, End token.Pos // of the function
	Text     string
	Notes    []analysis.RelatedInformation
}

// decide returns the decisions about a package, in the order of its functions.
func decide(pass *analysis.Pass) []Decision {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	if pkg.SSA == nil {
		return unused(pass)
	}
	verdicts := witness.Why(pkg)
	index := source.NewIndex(pass.Files)
	followed := map[token.Pos]bool{}
	for _, v := range verdicts {
		for _, o := range v.Ops {
			followed[o.Site.Pos] = true
		}
	}
	var out []Decision
	for i := range verdicts {
		v := &verdicts[i]
		if v.Fn.Syntax() == nil {
			continue
		}
		d := Decision{Pos: v.Fn.Syntax().Pos(), End: v.Fn.Syntax().End(), Text: name(v.Fn) + ": " + summary(pass, v)}
		note := func(pos token.Pos, format string, args ...any) {
			if pos.IsValid() {
				d.Notes = append(d.Notes, analysis.RelatedInformation{Pos: pos, Message: fmt.Sprintf(format, args...)})
			}
		}
		for _, o := range v.Ops {
			note(o.Site.Pos, "%s, as %s is explored: %s", operation(index, o.Site), name(v.Fn), outcomes[o.Outcome])
		}
		for _, e := range v.Escapes {
			note(position(e.Instr), "%s %s", escapee(e), way(e.Instr))
		}
		for o := range op.In(v.Fn) {
			if o.Kind != op.Make && !followed[o.Pos] {
				note(o.Pos, "%s %s is not followed: %s", verbs[o.Kind], index.Chan(o.Pos), origin(o.Chan))
			}
		}
		out = append(out, d)
	}
	return out
}

// unused returns the one decision about a package without channels.
func unused(pass *analysis.Pass) []Decision {
	var out []Decision
	for _, f := range pass.Files {
		out = append(out, Decision{Pos: f.FileStart, End: f.FileEnd, Text: "this package has no channels and no wait groups, or does not compile"})
	}
	return out
}

// verbs is indexed by op.Kind.
var verbs = [...]string{op.Send: "send on", op.Receive: "receive from", op.Close: "close of"}

// outcomes is indexed by witness.Outcome.
var outcomes = [...]string{
	witness.Proceeds:   "proceeds in every interleaving, or what it waits for may still come",
	witness.EndsBefore: "may block, but the program ends then",
	witness.OnNil:      "blocks on a nil channel, which is for the check nilchan to report",
	witness.LeansOther: "may block or panic, but only by a condition that depends on messages or on other goroutines",
	witness.LeansMore:  "may block or panic, but only if several conditions hold that are not followed",
	witness.SomeSizes:  "may block or panic, but only for some sizes of loops and buffers, or where a panic is expected",
	witness.Explained:  "is a defect, explained by another one that is reported",
	witness.Found:      "is a defect, reported unless a comment silences it or the file is generated",
}

// NotByItself is in the text about a function that is followed with others only.
const NotByItself = "not explored by itself"

// summary says what came of a function.
func summary(pass *analysis.Pass, v *witness.Verdict) string {
	if !v.Root {
		return NotByItself + ": " + v.Reason
	}
	if v.Reason == "" {
		return fmt.Sprintf("explored, %d states", v.States)
	}
	if v.At.IsValid() && v.At != v.Fn.Pos() {
		return fmt.Sprintf("no verdict: %s, at line %d", v.Reason, pass.Fset.Position(v.At).Line)
	}
	return "no verdict: " + v.Reason
}

// name names a function as its author would.
func name(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal"
	}
	return fn.Name()
}

// operation names an operation by its syntax.
func operation(index *source.Index, site build.Site) string {
	switch site.Kind {
	case build.SiteSend:
		return "send on " + index.Chan(site.Pos)
	case build.SiteReceive:
		return "receive from " + index.Chan(site.Pos)
	case build.SiteRange:
		return "range over " + index.Chan(site.Pos)
	case build.SiteClose:
		return "close of " + index.Chan(site.Pos)
	case build.SiteSelect:
		return "select"
	}
	if call, ok := site.Instr.(ssa.CallInstruction); ok {
		if n, ok := index.Node(call.Common().Pos()).(*ast.CallExpr); ok {
			if s := index.Spell(n.Fun); s != "" {
				return s
			}
		}
	}
	return "the call"
}
