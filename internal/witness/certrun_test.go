package witness_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// An instr is one step of the machine. Each is atomic and interleaves with those
// of other goroutines.
type instr struct {
	op   string // "send", "recv", …
	line int
	obj  string   // channel or variable
	expr ast.Expr // value or condition
	dst  string   // variable that a receive assigns
	n    string   // size of a counted loop; "range" for its receive
	to   int      // jump target: closed, false, end of the loop
	fn   int      // "go": entry
	alts []alt    // "select"
}

type alt struct {
	send bool
	obj  string // "" for a timer, "default"
	expr ast.Expr
	dst  string
	to   int
}

// A compiler turns a function of the generator's language into instructions.
type compiler struct {
	fset   *token.FileSet
	code   []instr
	breaks [][]int // instructions that leave the enclosing loop or select
	todo   []func()
	caps   map[string]string
	err    error
}

// compile returns the instructions of fn, which starts at 0, and the capacities
// of its channels.
func compile(fset *token.FileSet, fn *ast.FuncDecl) ([]instr, map[string]string, error) {
	c := &compiler{fset: fset, caps: map[string]string{}}
	c.block(fn.Body.List)
	c.emit(instr{op: "return", line: c.lineOf(fn.Body.Rbrace)})
	for len(c.todo) > 0 {
		next := c.todo[0]
		c.todo = c.todo[1:]
		next()
	}
	return c.code, c.caps, c.err
}

func (c *compiler) lineOf(p token.Pos) int { return c.fset.Position(p).Line }

func (c *compiler) emit(in instr) int {
	c.code = append(c.code, in)
	return len(c.code) - 1
}

func (c *compiler) fail(n ast.Node) {
	if c.err == nil {
		c.err = fmt.Errorf("line %d: %T is not in the language", c.lineOf(n.Pos()), n)
	}
}

func (c *compiler) block(list []ast.Stmt) {
	for _, s := range list {
		c.stmt(s)
	}
}

func name(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func (c *compiler) stmt(s ast.Stmt) {
	line := c.lineOf(s.Pos())
	switch s := s.(type) {
	case *ast.DeclStmt:
	case *ast.SendStmt:
		c.emit(instr{op: "send", line: line, obj: name(s.Chan), expr: s.Value})
	case *ast.ExprStmt:
		c.call(s.X, line, "")
	case *ast.AssignStmt:
		c.assign(s, line)
	case *ast.DeferStmt:
		c.call(s.Call, line, "defer ")
	case *ast.ReturnStmt:
		c.emit(instr{op: "return", line: line})
	case *ast.BranchStmt:
		at := c.emit(instr{op: "jump", line: line})
		last := len(c.breaks) - 1
		c.breaks[last] = append(c.breaks[last], at)
	case *ast.IfStmt:
		at := c.emit(instr{op: "if", line: line, expr: s.Cond})
		c.block(s.Body.List)
		c.code[at].to = len(c.code)
	case *ast.ForStmt:
		start := len(c.code)
		c.loop(s.Body, start, -1, line)
	case *ast.RangeStmt:
		c.ranges(s, line)
	case *ast.SelectStmt:
		c.selects(s, line)
	case *ast.GoStmt:
		at := c.emit(instr{op: "go", line: line})
		lit := s.Call.Fun.(*ast.FuncLit)
		c.todo = append(c.todo, func() {
			c.code[at].fn = len(c.code)
			c.block(lit.Body.List)
			c.emit(instr{op: "return", line: c.lineOf(lit.Body.Rbrace)})
		})
	default:
		c.fail(s)
	}
}

// loop compiles a body and the way back to start. The instruction head, if there
// is one, jumps behind the loop.
func (c *compiler) loop(body *ast.BlockStmt, start, head, line int) {
	c.breaks = append(c.breaks, nil)
	c.block(body.List)
	c.emit(instr{op: "jump", line: line, to: start})
	last := len(c.breaks) - 1
	for _, at := range c.breaks[last] {
		c.code[at].to = len(c.code)
	}
	c.breaks = c.breaks[:last]
	if head >= 0 {
		c.code[head].to = len(c.code)
	}
}

func (c *compiler) ranges(s *ast.RangeStmt, line int) {
	if over := name(s.X); strings.HasPrefix(over, "c") {
		head := c.emit(instr{op: "recv", line: line, obj: over, dst: name(s.Key)})
		c.code[head].n = "range"
		c.loop(s.Body, head, head, line)
		return
	}
	n := name(s.X)
	if lit, ok := s.X.(*ast.BasicLit); ok {
		n = lit.Value
	}
	c.emit(instr{op: "count", line: line, n: n})
	head := len(c.code)
	c.emit(instr{op: "loop", line: line})
	c.loop(s.Body, head, head, line)
}

func (c *compiler) selects(s *ast.SelectStmt, line int) {
	at := c.emit(instr{op: "select", line: line})
	var alts []alt
	var ends []int
	for _, clause := range s.Body.List {
		clause := clause.(*ast.CommClause)
		a := alt{to: len(c.code)}
		switch comm := clause.Comm.(type) {
		case nil:
			a.obj = "default"
		case *ast.SendStmt:
			a.send, a.obj, a.expr = true, name(comm.Chan), comm.Value
		case *ast.AssignStmt:
			a.obj, a.dst = received(comm.Rhs[0]), name(comm.Lhs[0])
		case *ast.ExprStmt:
			a.obj = received(comm.X)
		}
		alts = append(alts, a)
		c.block(clause.Body)
		ends = append(ends, c.emit(instr{op: "jump", line: line}))
	}
	for _, e := range ends {
		c.code[e].to = len(c.code)
	}
	c.code[at].alts = alts
}

// received names what a receive expression receives from: a channel, "ctx", or
// "" for a timer.
func received(e ast.Expr) string {
	u, ok := e.(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW {
		return "?"
	}
	if call, ok := u.X.(*ast.CallExpr); ok {
		if name(call.Fun.(*ast.SelectorExpr).X) == "ctx" {
			return "ctx"
		}
		return ""
	}
	return name(u.X)
}

func (c *compiler) assign(s *ast.AssignStmt, line int) {
	lhs, rhs := name(s.Lhs[0]), s.Rhs[0]
	switch call, isCall := rhs.(*ast.CallExpr); {
	case lhs == "_" || lhs == "ctx":
	case isCall && name(call.Fun) == "make":
		c.caps[lhs] = "0"
		if len(call.Args) > 1 {
			c.caps[lhs] = name(call.Args[1])
			if lit, ok := call.Args[1].(*ast.BasicLit); ok {
				c.caps[lhs] = lit.Value
			}
		}
	default:
		if from := received(rhs); from != "?" {
			c.emit(instr{op: "recv", line: line, obj: from, dst: lhs})
			return
		}
		c.emit(instr{op: "set", line: line, obj: lhs, expr: rhs})
	}
}

// call compiles a call or a receive whose value is dropped.
func (c *compiler) call(e ast.Expr, line int, prefix string) {
	if from := received(e); from != "?" {
		c.emit(instr{op: "recv", line: line, obj: from})
		return
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		c.fail(e)
		return
	}
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if fun.Name == "close" {
			c.emit(instr{op: prefix + "close", line: line, obj: name(call.Args[0])})
			return
		}
		c.emit(instr{op: prefix + fun.Name, line: line}) // cancel
	case *ast.SelectorExpr:
		c.emit(instr{op: prefix + fun.Sel.Name, line: line})
	default:
		c.fail(e)
	}
}

// A world is what an execution cannot change: the values of what the analysis
// does not know.
type world struct {
	flags map[string]bool
	n     int
}

// A thread is one goroutine.
type thread struct {
	pc     int
	left   map[int]int // rounds of counted loops, by instruction
	defers []int       // instructions to run at the end, as "defer X"
	ended  bool
}

// A config is a state of the machine.
type config struct {
	threads []thread
	queue   map[string][]bool
	closed  map[string]bool
	vars    map[string]bool
	group   int
	locked  bool
}

func (s *config) clone() *config {
	out := &config{threads: slices.Clone(s.threads), group: s.group, locked: s.locked,
		queue: map[string][]bool{}, closed: maps.Clone(s.closed), vars: maps.Clone(s.vars)}
	for i := range out.threads {
		out.threads[i].defers = slices.Clone(out.threads[i].defers)
		out.threads[i].left = maps.Clone(out.threads[i].left)
	}
	for k, v := range s.queue {
		out.queue[k] = slices.Clone(v)
	}
	return out
}

// key is the same for equal states and no others.
func (s *config) key() string {
	var b strings.Builder
	for _, t := range s.threads {
		fmt.Fprintf(&b, "%d%v%v%v|", t.pc, t.ended, t.left, t.defers)
	}
	fmt.Fprintf(&b, "%v%v%v%d%v", s.queue, s.closed, s.vars, s.group, s.locked) // fmt sorts maps
	return b.String()
}
