package fields

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/place"
	"github.com/chanlint/chanlint/internal/source"
)

// A world is what one package shows: its functions, who calls them, and the
// operations on its fields. What is asked for again is kept.
type world struct {
	pass    *analysis.Pass
	pkg     *chanssa.Package
	own     map[*ssa.Function]bool
	methods map[string][]*ssa.Function
	shown   map[*types.TypeName]bool // unexported types that other packages can get hold of
	source  *source.Index

	stores  map[ssa.Value][]ssa.Value // what is stored to captured variables
	escaped map[ssa.Value]bool        // captured variables whose address is handed on
	callers map[*ssa.Function][]edge
	edges   map[*ssa.Function][]edge // by the function that they begin in
	sites   []*Site
	steps   int // taken so far

	written   map[ssa.Instruction]keys
	writesOf  map[*ssa.Function]keys
	readsOf   map[*ssa.Function]*condition
	flows     map[*ssa.Function]*lockFlow
	entries   map[*ssa.Function]locks
	leaves    map[*ssa.Function]*lockSummary
	rootsOf   map[*ssa.Function][]root
	blockSets map[*ssa.BasicBlock][]bool
}

func newWorld(pass *analysis.Pass, p *chanssa.Package) *world {
	w := &world{
		pass: pass, pkg: p,
		own:       map[*ssa.Function]bool{},
		methods:   map[string][]*ssa.Function{},
		shown:     map[*types.TypeName]bool{},
		source:    source.NewIndex(pass.Files),
		stores:    map[ssa.Value][]ssa.Value{},
		escaped:   map[ssa.Value]bool{},
		callers:   map[*ssa.Function][]edge{},
		edges:     map[*ssa.Function][]edge{},
		written:   map[ssa.Instruction]keys{},
		writesOf:  map[*ssa.Function]keys{},
		readsOf:   map[*ssa.Function]*condition{},
		flows:     map[*ssa.Function]*lockFlow{},
		entries:   map[*ssa.Function]locks{},
		leaves:    map[*ssa.Function]*lockSummary{},
		rootsOf:   map[*ssa.Function][]root{},
		blockSets: map[*ssa.BasicBlock][]bool{},
	}
	for _, fn := range p.Funcs {
		w.own[fn] = true
		if fn.Signature.Recv() != nil {
			w.methods[fn.Name()] = append(w.methods[fn.Name()], fn)
		}
	}
	w.each(w.readVariables)
	for _, fn := range p.Funcs {
		w.readCalls(fn)
	}
	w.readShown()
	w.readSites()
	return w
}

// maxWork bounds the steps that a package may take: what is not found then is
// not found.
const maxWork = 4_000_000

// overBudget reports whether the package has taken all of its steps.
func (w *world) overBudget() bool { return w.steps > maxWork }

// each calls f for every instruction of the package's functions.
func (w *world) each(f func(*ssa.Function, ssa.Instruction)) {
	for _, fn := range w.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				f(fn, instr)
			}
		}
	}
}

// readVariables records stores to variables that live in memory.
func (w *world) readVariables(_ *ssa.Function, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if root := place.Cell(instr.Addr); root != nil {
			w.stores[root] = append(w.stores[root], instr.Val)
		}
		if root := place.Cell(instr.Val); root != nil {
			w.escaped[root] = true
		}
	case ssa.CallInstruction:
		for _, arg := range instr.Common().Args {
			if root := place.Cell(arg); root != nil {
				w.escaped[root] = true
			}
		}
	}
}

func (w *world) cellStores(root ssa.Value) []ssa.Value { return w.stores[root] }
func (w *world) cellEscapes(root ssa.Value) bool {
	_, isGlobal := root.(*ssa.Global)
	return isGlobal || w.escaped[root]
}

func (w *world) addEdge(e edge) {
	if e.to == nil {
		return
	}
	w.callers[e.to] = append(w.callers[e.to], e)
	w.edges[e.from] = append(w.edges[e.from], e)
}

// callersOf returns the ways into fn that stand outside of tests.
func (w *world) callersOf(fn *ssa.Function) []edge {
	return slices.DeleteFunc(slices.Clone(w.callers[fn]), func(e edge) bool { return w.inTest(e.from) })
}

// inTest reports whether fn stands in a test file.
func (w *world) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(w.pass.Fset.PositionFor(fn.Pos(), false).Filename, "_test.go")
}

// entersFromOutside reports whether something that is not seen can call fn.
func (w *world) entersFromOutside(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Object() == nil {
		return slices.ContainsFunc(w.callers[fn], func(e edge) bool { return e.mode == handedOn })
	}
	if isExported(fn) && w.isShown(fn) {
		return true
	}
	return slices.ContainsFunc(w.callers[fn], func(e edge) bool { return e.mode == handedOn })
}

// isShown reports whether other packages can name or be given what fn is a
// method of.
func (w *world) isShown(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil {
		return true
	}
	obj := typeName(recv.Type())
	return obj == nil || obj.Exported() || w.shown[obj]
}

// typeName returns the name of a type or of what it points to, or nil.
func typeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// readShown finds the unexported types whose values become interfaces, or stand
// in what is exported.
func (w *world) readShown() {
	w.each(func(_ *ssa.Function, instr ssa.Instruction) {
		if mi, ok := instr.(*ssa.MakeInterface); ok && !w.isPrivate(mi.Type()) {
			w.show(mi.X.Type(), 3)
		}
	})
	scope := w.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		w.show(obj.Type(), 3)
		if tn, ok := obj.(*types.TypeName); ok {
			if n, ok := tn.Type().(*types.Named); ok {
				for m := range n.Methods() {
					if m.Exported() {
						w.show(m.Type(), 3)
					}
				}
				w.show(n.Underlying(), 3)
			}
		}
	}
}

// isPrivate reports whether only code of the package calls methods through the
// interface t: it is an unexported one of the package, or has none.
func (w *world) isPrivate(t types.Type) bool {
	if iface, ok := t.Underlying().(*types.Interface); ok && iface.Empty() {
		return true
	}
	obj := typeName(t)
	return obj != nil && obj.Pkg() == w.pass.Pkg && !obj.Exported() && types.IsInterface(t)
}

// show records the unexported types that t gives access to.
func (w *world) show(t types.Type, depth int) {
	if depth == 0 {
		return
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		w.shown[t.Origin().Obj()] = true
	case *types.Pointer:
		w.show(t.Elem(), depth)
	case *types.Slice:
		w.show(t.Elem(), depth-1)
	case *types.Chan:
		w.show(t.Elem(), depth-1)
	case *types.Map:
		w.show(t.Elem(), depth-1)
	case *types.Signature:
		for v := range t.Results().Variables() {
			w.show(v.Type(), depth-1)
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() {
				w.show(f.Type(), depth-1)
			}
		}
	}
}

// A Site is one operation on the channels of a class.
type Site struct {
	op.Op
	Class Class
	Base  ssa.Value // the object that the channel was taken from
	Fn    *ssa.Function
	Store bool // not an operation on the channel: another is stored to the field
	Nil   bool // with Store: nil is
	Fresh bool // the object is one that the function has just made
}

// readSites finds the operations of all classes.
func (w *world) readSites() {
	w.each(func(fn *ssa.Function, instr ssa.Instruction) {
		if st, ok := instr.(*ssa.Store); ok {
			w.readStore(fn, st)
			return
		}
		for o := range op.Of(instr) {
			if o.Kind == op.Make {
				continue
			}
			if c, base := w.classOf(o.Chan); c.valid() {
				w.sites = append(w.sites, &Site{Op: o, Class: c, Base: base, Fn: fn, Fresh: isFresh(base, fn) || w.cleansUp(fn, base)})
			}
		}
	})
}

func (w *world) readStore(fn *ssa.Function, st *ssa.Store) {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	if _, ok := st.Val.Type().Underlying().(*types.Chan); !ok {
		return
	}
	if field := place.FieldOf(fa); field.Pkg() == w.pass.Pkg {
		k, isConst := st.Val.(*ssa.Const)
		w.sites = append(w.sites, &Site{
			Op: op.Op{Kind: op.Make, Chan: st.Val, Instr: st, Case: -1, Pos: st.Pos()}, Class: Class{Field: field},
			Base: fa.X, Fn: fn, Store: true, Nil: isConst && k.IsNil(), Fresh: isFresh(fa.X, fn),
		})
	}
}

// distinct reports whether two operations are on different objects: each on one
// that is made at a place of its own.
func (w *world) distinct(a, b *Site) bool {
	x, y := w.origin(a.Base, maxSteps), w.origin(b.Base, maxSteps)
	return x != nil && y != nil && x != y
}

// origin returns where the object v is made, or nil if that is not plain.
func (w *world) origin(v ssa.Value, steps int) *ssa.Alloc {
	if steps == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		if stores := w.cellStores(v); len(stores) == 1 {
			if a := w.origin(stores[0], steps-1); a != nil {
				return a
			}
		}
		return v
	case *ssa.FreeVar:
		if b := place.Binding(v); b != nil {
			return w.origin(b, steps-1)
		}
	case *ssa.FieldAddr:
		return w.origin(v.X, steps-1)
	case *ssa.UnOp:
		root := place.Cell(v.X)
		if v.Op != token.MUL || root == nil {
			return nil
		}
		if stores := w.cellStores(root); len(stores) == 1 {
			return w.origin(stores[0], steps-1)
		}
	}
	return nil
}

// cleansUp reports whether fn is a deferred function literal and base an object
// that the function around it has just made.
func (w *world) cleansUp(fn *ssa.Function, base ssa.Value) bool {
	if fn.Parent() == nil || base == nil {
		return false
	}
	for _, e := range w.callers[fn] {
		if _, ok := e.at.(*ssa.Defer); !ok || e.from != fn.Parent() {
			return false
		}
	}
	if ld, ok := base.(*ssa.UnOp); ok && ld.Op == token.MUL {
		base = ld.X
	}
	fv, ok := base.(*ssa.FreeVar)
	if !ok {
		return false
	}
	root := place.Cell(fv)
	if root == nil {
		return false
	}
	return slices.ContainsFunc(w.cellStores(root), func(v ssa.Value) bool { return isFresh(v, fn.Parent()) })
}

// isFresh reports whether v is an object that fn itself allocates.
func isFresh(v ssa.Value, fn *ssa.Function) bool {
	for range maxSteps {
		switch x := v.(type) {
		case *ssa.Alloc:
			if x.Parent() != fn {
				return false
			}
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return false
			}
			a, ok := x.X.(*ssa.Alloc) // a variable that closures capture
			if !ok || a.Parent() != fn || a.Referrers() == nil {
				return false
			}
			var only ssa.Value
			for _, ref := range *a.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
					if only != nil {
						return false
					}
					only = st.Val
				}
			}
			if only == nil {
				return false
			}
			v = only
		default:
			return false
		}
	}
	return false
}
