package chanfacts

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanlint/chanlint/internal/noreturn"
)

// A pkg computes the summaries of one package's functions.
type pkg struct {
	info  *types.Info
	facts *Facts
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl
	done  map[*types.Func]*Summary
	order []*types.Func // of done: callees first
	open  map[*types.Func]bool
	cycle bool // a function was asked for while it was summarized
}

func newPackage(pass *analysis.Pass, facts *Facts) *pkg {
	p := &pkg{
		info: pass.TypesInfo, facts: facts, pass: pass,
		decls: map[*types.Func]*ast.FuncDecl{},
		done:  map[*types.Func]*Summary{},
		open:  map[*types.Func]bool{},
	}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					p.decls[fn] = decl
				}
			}
		}
	}
	return p
}

// of returns what is known of a function, of this package or another; nil if
// nothing is.
func (p *pkg) of(fn *types.Func) *Summary {
	fn = fn.Origin()
	if fn.Pkg() != p.pass.Pkg {
		if noreturn.Known(fn) != noreturn.Returns {
			return &Summary{Ending: Ends}
		}
		return p.facts.Of(fn)
	}
	if p.decls[fn] == nil {
		return nil
	}
	return p.settled(fn)
}

// settled returns the summary of a function of this package. Of a function that
// is being summarized it is what has been found so far; the result is then
// computed again until nothing changes.
func (p *pkg) settled(fn *types.Func) *Summary {
	if s, ok := p.done[fn]; ok {
		p.cycle = p.cycle || p.open[fn]
		return s
	}
	s := new(Summary)
	p.done[fn] = s
	p.open[fn] = true
	*s = p.summarize(fn)
	delete(p.open, fn)
	p.order = append(p.order, fn)
	return s
}

// export exports the facts. Functions that call each other have been taken to do
// nothing in the first round: the rounds that follow only add to what they do.
func (p *pkg) export() {
	const rounds = 10
	for i := 0; p.cycle && i < rounds; i++ {
		p.cycle = false
		for _, fn := range p.order {
			if s := p.summarize(fn); !reflect.DeepEqual(s, *p.done[fn]) {
				*p.done[fn] = s
				p.cycle = true
			}
		}
	}
	if p.cycle {
		return // not settled: nothing is said
	}
	for _, fn := range p.order {
		if s := p.done[fn]; fn.Exported() && (s.says() || takesChannel(fn.Signature())) {
			p.pass.ExportObjectFact(fn, s)
		}
	}
}

// summarize computes the summary of a function from its body and from the
// summaries of what it calls.
func (p *pkg) summarize(fn *types.Func) Summary {
	decl, sig := p.decls[fn], fn.Signature()
	var s Summary
	if takesChannel(sig) || hasChannelField(sig.Recv()) {
		s.Params, s.Fields = p.uses(fn, decl)
	}
	if sig.Results().Len() == 0 {
		s.Ending = p.ending(decl.Body)
		return s
	}
	if returnsChannel(sig) {
		s.Owes = p.owes(fn, decl)
	}
	s.NonNil = p.nonNil(sig, decl)
	return s
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func takesChannel(sig *types.Signature) bool { return hasChannel(sig.Params()) }

func returnsChannel(sig *types.Signature) bool { return hasChannel(sig.Results()) }

func hasChannel(tuple *types.Tuple) bool {
	for i := range tuple.Len() {
		if isChan(tuple.At(i).Type()) {
			return true
		}
	}
	return false
}

// structOf returns the struct that a receiver is or points to, or nil.
func structOf(recv *types.Var) *types.Struct {
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

func hasChannelField(recv *types.Var) bool {
	s := structOf(recv)
	for i := range numFields(s) {
		if isChan(s.Field(i).Type()) {
			return true
		}
	}
	return false
}

func numFields(s *types.Struct) int {
	if s == nil {
		return 0
	}
	return s.NumFields()
}

// builtin returns the name of the builtin function that is called; ok is false
// for all other calls.
func builtin(info *types.Info, call *ast.CallExpr) (name string, ok bool) {
	if call == nil {
		return "", false
	}
	b, ok := typeutil.Callee(info, call).(*types.Builtin)
	if !ok {
		return "", false
	}
	return b.Name(), true
}

func varOf(info *types.Info, e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := info.ObjectOf(id).(*types.Var)
	return v
}

// assigned reports whether the variable may change after its declaration.
func assigned(info *types.Info, body ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					found = found || info.Uses[id] == v
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok {
					found = found || info.Uses[id] == v
				}
			}
		case *ast.UnaryExpr:
			found = found || n.Op.String() == "&" && varOf(info, n.X) == v
		}
		return !found
	})
	return found
}
