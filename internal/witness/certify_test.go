package witness_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/witness"
)

var (
	programs = flag.Int("programs", 400, "how many random programs to hold the certifier to")
	first    = flag.Uint64("seed", 0, "the first seed of the random programs")
)

// perPackage is how many programs are analyzed together.
const perPackage = 100

// maxConfigs bounds the execution of one program in one world.
const maxConfigs = 6000

// A claim is what the certifier says of one line.
type claim struct {
	line  int
	panic string // "" if the operation blocks forever
}

// TestCertifier generates programs, takes what is certain about each, and
// executes the program itself, with nothing projected away, in every order and
// in every world: all values of its flags, each size. A claim holds if for every
// size that is tried, or without anything to go through, some world has an
// execution after which the operation can never proceed, or in which it panics.
func TestCertifier(t *testing.T) {
	n := *programs
	if testing.Short() {
		n /= 10
	}
	checker := newChecker()
	claims, unknown, panics := 0, 0, 0
	for base := 0; base < n; base += perPackage {
		seeds := map[string]uint64{}
		var text strings.Builder
		text.WriteString(preamble)
		for k := range perPackage {
			seed := *first + uint64(base+k)
			name := fmt.Sprintf("f%d", seed)
			seeds[name] = seed
			text.WriteString(generate(seed, name))
		}
		for _, fn := range checker.claims(t, text.String()) {
			for _, c := range fn.claims {
				holds, known := fn.holds(t, c)
				switch {
				case !known:
					unknown++
				case !holds:
					src := shrink(t, checker, preamble+generate(seeds[fn.name], fn.name), fn.name)
					t.Errorf("seed %d: line %d does not %s\n%s", seeds[fn.name], c.line, c.verb(), src)
				}
				if claims++; c.panic != "" {
					panics++
				}
			}
		}
	}
	t.Logf("%d programs: %d certain defects, %d of them panics, %d too large to execute", n, claims, panics, unknown)
	// The comparison says something only while there is something to compare.
	if claims < n/10 || panics < n/100 || unknown > claims/10 {
		t.Errorf("the random programs are one-sided")
	}
}

// TestKept executes the programs about which the certifier was once wrong.
func TestKept(t *testing.T) {
	files, err := filepath.Glob("testdata/certify/*.go")
	if err != nil {
		t.Fatal(err)
	}
	checker := newChecker()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fn := range checker.claims(t, string(text)) {
			for _, c := range fn.claims {
				if holds, known := fn.holds(t, c); known && !holds {
					t.Errorf("%s:%d does not %s", file, c.line, c.verb())
				}
			}
		}
	}
}

func (c claim) verb() string {
	if c.panic != "" {
		return "panic: " + c.panic
	}
	return "block forever"
}

// A checked function has its syntax and what is certain about it.
type checked struct {
	name   string
	fset   *token.FileSet
	decl   *ast.FuncDecl
	claims []claim
}

type checker struct {
	fset *token.FileSet
	imp  types.Importer
}

func newChecker() *checker {
	fset := token.NewFileSet()
	return &checker{fset, importer.ForCompiler(fset, "source", nil)}
}

// load type-checks and explores a package of one file.
func (c *checker) load(text string) (*ast.File, *witness.Result, error) {
	file, err := parser.ParseFile(c.fset, "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	var hard error
	config := &types.Config{Importer: c.imp, Error: func(err error) {
		if te, ok := err.(types.Error); hard == nil && (!ok || !te.Soft) { // not an unused variable
			hard = err
		}
	}}
	pkg, _ := config.Check("p", c.fset, []*ast.File{file}, info)
	if hard != nil {
		return nil, nil, hard
	}
	return file, witness.Explore(chanssa.Build(c.fset, []*ast.File{file}, pkg, info), nil), nil
}

// claims returns the functions of a package about which something is certain.
func (c *checker) claims(t *testing.T, text string) []*checked {
	t.Helper()
	file, res, err := c.load(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var out []*checked
	for _, d := range file.Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		fn := &checked{name: decl.Name.Name, fset: c.fset, decl: decl}
		for _, d := range res.Defects {
			if d.Op.Pos < decl.Pos() || d.Op.Pos >= decl.End() {
				continue
			}
			cl := claim{line: c.fset.Position(startOf(decl, d.Op)).Line}
			if d.Kind == witness.Panics {
				cl.panic = d.Panic.String()
			}
			fn.claims = append(fn.claims, cl)
		}
		if len(fn.claims) > 0 {
			out = append(out, fn)
		}
	}
	return out
}

// startOf is the position of an operation, that of the select for a case of it:
// the machine waits there.
func startOf(decl *ast.FuncDecl, site build.Site) token.Pos {
	pos := site.Pos
	ast.Inspect(decl, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CommClause); ok && clause.Comm != nil && clause.Comm.Pos() <= pos && pos < clause.Comm.End() {
			ast.Inspect(decl, func(outer ast.Node) bool {
				if s, ok := outer.(*ast.SelectStmt); ok && s.Pos() < pos && pos < s.End() {
					site.Pos = s.Pos() // the innermost is visited last
				}
				return true
			})
		}
		return true
	})
	return site.Pos
}

// holds reports whether the claim is true; known is false if that takes too long
// to find out.
func (fn *checked) holds(t *testing.T, c claim) (holds, known bool) {
	t.Helper()
	code, caps, err := compile(fn.fset, fn.decl)
	if err != nil {
		t.Fatal(err)
	}
	// A size that only capacities depend on may be as large as it takes.
	sizes, all := []int{2, 3, 30}, false
	if fn.counts() {
		sizes, all = []int{2, 3}, true
	}
	found := false
	for _, n := range append([]int{0}, sizes...) {
		found = false
		for _, flags := range fn.worlds() {
			g, ok := newMachine(code, caps, world{flags, n}).explore(maxConfigs)
			if !ok {
				return false, false
			}
			if found = g.shows(c); found {
				break
			}
		}
		if n == 0 && found {
			return true, true
		}
		if n > 0 && found != all {
			break
		}
	}
	return found, true
}

// counts reports whether a loop counts to n.
func (fn *checked) counts() bool {
	found := false
	ast.Inspect(fn.decl.Body, func(node ast.Node) bool {
		loop, ok := node.(*ast.RangeStmt)
		found = found || ok && name(loop.X) == "n"
		return true
	})
	return found
}

func (fn *checked) mentions(name string) bool {
	found := false
	ast.Inspect(fn.decl.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return true
	})
	return found
}

// worlds returns the values of the flags that the function mentions.
func (fn *checked) worlds() []map[string]bool {
	out := []map[string]bool{{}}
	for _, flag := range []string{"p", "q", "f", "g"} {
		if !fn.mentions(flag) {
			continue
		}
		for _, w := range out[:len(out):len(out)] {
			other := map[string]bool{flag: true}
			for k, v := range w {
				other[k] = v
			}
			out = append(out, other)
		}
	}
	return out
}

// A graph is all that a machine can do.
type graph struct {
	m      *machine
	states []*config
	preds  [][]edge
	faults map[claim]bool
}

type edge struct {
	from int
	who  uint64
}

// explore executes the machine in every order; ok is false if that takes more
// than limit states.
func (m *machine) explore(limit int) (g *graph, ok bool) {
	g = &graph{m: m, faults: map[claim]bool{}}
	index := map[string]int{}
	add := func(s *config) int {
		k := s.key()
		id, ok := index[k]
		if !ok {
			id = len(g.states)
			index[k] = id
			g.states = append(g.states, s)
			g.preds = append(g.preds, nil)
		}
		return id
	}
	add(m.start())
	for at := 0; at < len(g.states); at++ {
		if len(g.states) > limit {
			return nil, false
		}
		for _, mv := range m.moves(g.states[at]) {
			if mv.fault != "" {
				g.faults[claim{mv.line, mv.fault}] = true
				continue
			}
			to := add(mv.to)
			g.preds[to] = append(g.preds[to], edge{at, mv.who})
		}
	}
	return g, true
}

// shows reports whether some execution ends in what is claimed.
func (g *graph) shows(c claim) bool {
	if c.panic != "" {
		return g.faults[c]
	}
	for i := range 12 {
		var able []bool
		for at, s := range g.states {
			if i >= len(s.threads) || s.threads[i].ended || g.m.at(s, i).line != c.line {
				continue
			}
			if able == nil {
				able = g.proceeds(i)
			}
			if !able[at] {
				return true
			}
		}
	}
	return false
}

// proceeds says of each state whether thread i takes a step in a continuation.
func (g *graph) proceeds(i int) []bool {
	able := make([]bool, len(g.states))
	var work []int
	mark := func(at int) {
		if !able[at] {
			able[at] = true
			work = append(work, at)
		}
	}
	for _, preds := range g.preds {
		for _, e := range preds {
			if e.who>>i&1 != 0 {
				mark(e.from)
			}
		}
	}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for _, e := range g.preds[at] {
			mark(e.from)
		}
	}
	return able
}

// shrink deletes statements while some claim about the function stays wrong.
func shrink(t *testing.T, c *checker, text, fn string) string {
	t.Helper()
	for {
		smaller, ok := shrunk(t, c, text)
		if !ok {
			return text
		}
		text = smaller
	}
}

func shrunk(t *testing.T, c *checker, text string) (string, bool) {
	for k := 0; ; k++ {
		candidate, ok := without(c, text, k)
		if !ok {
			return "", false
		}
		if candidate == text {
			continue
		}
		if _, _, err := c.load(candidate); err != nil {
			continue
		}
		for _, fn := range c.claims(t, candidate) {
			for _, cl := range fn.claims {
				if holds, known := fn.holds(t, cl); known && !holds {
					return candidate, true
				}
			}
		}
	}
}

// without returns the text without its statement number k; for a statement with
// a body, what is in the body takes its place in a further try.
func without(c *checker, text string, k int) (string, bool) {
	file, err := parser.ParseFile(c.fset, "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		return "", false
	}
	n, done := 0, false
	ast.Inspect(file, func(node ast.Node) bool {
		var list *[]ast.Stmt
		switch node := node.(type) {
		case *ast.BlockStmt:
			list = &node.List
		case *ast.CommClause:
			list = &node.Body
		default:
			return true
		}
		for i, s := range *list {
			if _, ok := s.(*ast.CommClause); ok && len(*list) == 1 {
				continue
			}
			if n == k && !done {
				done = true
				*list = append((*list)[:i:i], (*list)[i+1:]...)
				return false
			}
			n++
			if inner := bodyOf(s); inner != nil {
				if n == k && !done {
					done = true
					*list = append(append((*list)[:i:i], inner...), (*list)[i+1:]...)
					return false
				}
				n++
			}
		}
		return true
	})
	var b strings.Builder
	if err := printer.Fprint(&b, c.fset, file); err != nil || !done {
		return "", false
	}
	return b.String(), true
}

func bodyOf(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.IfStmt:
		return s.Body.List
	case *ast.ForStmt:
		return s.Body.List
	case *ast.RangeStmt:
		return s.Body.List
	}
	return nil
}
