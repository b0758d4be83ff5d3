package typestate

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/place"
)

// One file set and importer serve all tests, so that what they import is
// type-checked once.
var (
	fset = token.NewFileSet()
	imp  = importer.ForCompiler(fset, "source", nil)
)

// load builds the engine for a package of one file.
func load(t *testing.T, source string) (*engine, map[string]*ssa.Function) {
	t.Helper()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Instances:  map[*ast.Ident]types.Instance{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
	conf := types.Config{Importer: imp}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info}
	res, err := chanssa.Analyzer.Run(pass)
	if err != nil {
		t.Fatal(err)
	}
	p := res.(*chanssa.Package)
	byName := map[string]*ssa.Function{}
	for _, fn := range p.Funcs {
		byName[fn.Name()] = fn
	}
	return newEngine(pass, p), byName
}

var opNames = map[opKind]string{opClose: "close", opSend: "send", opSelectSend: "select send", opReceive: "receive"}

// describe prints a summary: the inevitable operations, then the exits.
func (s *summary) describe() string {
	var out []string
	name := func(p place.Place) string { return p.Root.Name() + p.Path.String() }
	if s != nil {
		for _, o := range s.ops {
			text := opNames[o.op] + " " + name(o.place)
			if o.prompt {
				text += " promptly"
			}
			out = append(out, text)
		}
		for _, x := range s.exits {
			out = append(out, fmt.Sprintf("%s %s", name(x.place), map[State]string{Closed: "closed", Nil: "nil"}[x.state]))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestSummaries(t *testing.T) {
	const types = `
import "sync"
type server struct { mu sync.Mutex; done chan int; next *server; on bool; once sync.Once }
func newServer(next *server) *server { return &server{done: make(chan int), next: next} }
`
	for _, tt := range []struct{ name, source, want string }{
		{"parameter", `func f(c chan int) { close(c) }`, "c closed; close c promptly"},
		{"field", `func f(s *server) { close(s.done) }`, "close s.done promptly; s.done closed"},
		{"behind a pointer", `func f(s *server) { close(s.next.done) }`, "close s.next.done promptly; s.next.done closed"},
		{"in turn", `func f(c chan int) { g(c) }; func g(c chan int) { c <- 1; close(c) }`, "c closed; close c; send c promptly"},
		{"after a lock", `func f(s *server) { s.mu.Lock(); close(s.done); s.mu.Unlock() }`, "close s.done; s.done closed"},
		{"deferred", `func f(c chan int) { defer close(c); println() }`, "c closed; close c"},
		{"on both branches", `func f(c chan int, b bool) { if b { close(c) } else { println(); close(c) } }`, "c closed; close c promptly"},
		{"on one branch", `func f(c chan int, b bool) { if b { close(c) } }`, ""},
		{"behind a flag", `func f(s *server) { if s.on { close(s.done) } }`, ""},
		{"once", `func f(s *server) { s.once.Do(func() { close(s.done) }) }`, ""},
		{"not nil", `func f(c chan int) { if c != nil { close(c) } }`, ""},
		{"with a default", `func f(c chan int) { select { case <-c: default: close(c) } }`, ""},
		{"recovered", `func f(c chan int) { defer func() { recover() }(); close(c) }`, "c closed"},
		{"after a panic", `func f(c chan int, b bool) { if b { panic(1) }; close(c) }`, "c closed"},
		{"made anew", `func f(s *server) { close(s.done); s.done = make(chan int) }`, "close s.done promptly"},
		{"another one", `func f(s *server) { s.done = make(chan int); close(s.done) }`, "s.done closed"},
		{"set to nil", `func f(s *server) { close(s.done); s.done = nil }`, "close s.done promptly; s.done nil"},
		{"after a loop", `func f(c chan int, l []int) { for range l { println() }; close(c) }`, "c closed; close c promptly"},
		{"in a loop", `func f(c chan int, l []int) { for range l { close(c) } }`, ""},
		{"in an endless loop", `func f(c chan int, d chan int) { for { if <-d == 1 { close(c) } } }`, "receive d promptly"},
		{"never", `func f(c chan int) { for { }; close(c) }`, ""},
		{"drained", `func f(c chan int) { for range c { } }`, "c closed; receive c promptly"},
		{"recursive", `func f(c chan int, n int) { if n > 0 { f(c, n-1); return }; close(c) }`, ""},
		{"element", `func f(c []chan int) { close(c[0]) }`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, byName := load(t, types+tt.source)
			if got := e.summaryOf(byName["f"]).describe(); got != tt.want {
				t.Errorf("summary is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTripCounts(t *testing.T) {
	for _, tt := range []struct {
		loop string
		want int64 // -1: unknown; -2: the loop does not count
	}{
		{`for i := 0; i < 1; i++`, 1},
		{`for i := 0; i < 2; i++`, 2},
		{`for i := 0; i < 9; i += 5`, 2},
		{`for i := 3; i > 2; i--`, 1},
		{`for i := 0; i <= 0; i++`, 1},
		{`for i := 0; i < n; i++`, -1},
		{`for range l`, -1},
		{`for range m`, -1},
		{`for on()`, -2},
		{`for range c`, -2},
	} {
		_, byName := load(t, `func f(n int, l []int, m map[int]int, c chan int, on func() bool) { `+tt.loop+` { println() } }`)
		fn := byName["f"]
		got := int64(-2)
		for e := range findLoops(fn).back {
			if c, ok := countsIn(fn.Blocks[e[1]], fn.Blocks[e[1]]); ok {
				got = c.trips
			}
		}
		if got != tt.want {
			t.Errorf("%s: trip count is %d, want %d", tt.loop, got, tt.want)
		}
	}
}

func TestLoopBodies(t *testing.T) {
	_, byName := load(t, `
func f(c chan int, l [][]int) {
	for _, k := range l {
		for range k {
			if <-c == 1 {
				return
			}
		}
	}
	println()
}`)
	fn := byName["f"]
	l := findLoops(fn)
	if len(l.body) != 2 {
		t.Fatalf("%d loops, want 2", len(l.body))
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return, *ssa.Call:
				if call, ok := instr.(*ssa.Call); ok && call.Call.Value.Name() != "println" {
					continue
				}
				if l.within(b) {
					t.Errorf("%v is in a loop", instr)
				}
			case *ssa.UnOp:
				if !l.within(b) {
					t.Errorf("%v is in no loop", instr)
				}
			}
		}
	}
}

// The same program gives the same findings, with the same reasons, every time:
// nothing depends on the order of a map.
func TestFindingsAreDeterministic(t *testing.T) {
	const source = `
type conn struct{ a, b chan int }
type client struct{ conn *conn; done chan int }
func newClient() *client { return &client{&conn{make(chan int), make(chan int)}, make(chan int)} }
func (c *client) stop() { close(c.conn.a); close(c.conn.b); close(c.done) }
func f(x, y bool) {
	c := newClient()
	defer c.stop()
	if x { c.stop() }
	p, q := c.done, c.conn.a
	if y { p, q = q, p }
	close(p); close(q); close(c.conn.b)
	c.stop()
	c.done <- 1
}
func g(n int) {
	var c, d chan int
	if n > 1 { c = make(chan int) }
	if n > 2 { d = c }
	for i := 0; i < n; i++ { go func() { defer close(c); defer close(d) }() }
	close(c)
	close(d)
}
`
	var first string
	for i := range 10 {
		e, _ := load(t, source)
		var out strings.Builder
		for _, name := range []string{"f", "g"} {
			for fn := range e.own {
				if fn.Name() == name {
					e.summaryOf(fn)
					for _, f := range e.analyses[fn].findings() {
						fmt.Fprintln(&out, f.Defect, fset.Position(f.At.Pos), f.At.How, f.Certain, f.Loop, fset.Position(f.By.Pos), f.By.How)
					}
				}
			}
		}
		if i == 0 {
			first = out.String()
			if first == "" {
				t.Fatal("no findings")
			}
		} else if out.String() != first {
			t.Fatalf("first\n%sthen\n%s", first, out.String())
		}
	}
}
