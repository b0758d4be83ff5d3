package timerleak

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/place"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/source"
)

// endlessRanges reports ranges over the channel of a timer or ticker, which
// nobody closes, where the program shows that the loop is meant to end.
func (c *checker) endlessRanges(fn *ssa.Function) {
	for o := range op.In(fn) {
		if o.Kind != op.Receive || !isRange(o) || !loopsForever(o.Instr.Block()) {
			continue
		}
		t := timerOf(o.Chan)
		if call, ok := o.Chan.(*ssa.Call); t == nil && (!ok || timeCall(call) != "Tick") {
			continue
		}
		if t != nil && c.makesNoChannel(t) {
			continue
		}
		if stop := c.stoppedElsewhere(fn, t); stop.IsValid() {
			why := "blocks forever: the Stop at " + report.Line(c.pass, o.Pos, stop) + " does not close it; goroutine leaks"
			c.report(o, why, "it is stopped here", stop)
		} else if behind := c.codeBehind(o); behind.IsValid() {
			why := "never ends, because nothing closes it: " + report.Line(c.pass, o.Pos, behind) + " is not reached"
			c.report(o, why, "this is not reached", behind)
		} else if signal := c.deferredSignal(o); signal != nil {
			why := "never ends, because nothing closes it: what is deferred at " + report.Line(c.pass, o.Pos, signal.Pos()) + " does not run"
			c.report(o, why, "this does not run", signal.Pos())
		}
	}
}

// makesNoChannel reports whether t is a timer of AfterFunc, which is
// reported already.
func (c *checker) makesNoChannel(t ssa.Value) bool {
	for _, call := range c.world.sources(t) {
		if timeCall(call) == "AfterFunc" {
			return true
		}
	}
	return false
}

// loopsForever reports whether the loop whose test is header is left only by
// that test: by no break, return, panic or call that does not return.
func loopsForever(header *ssa.BasicBlock) bool {
	body := map[*ssa.BasicBlock]bool{header: true}
	var grow func(b *ssa.BasicBlock)
	grow = func(b *ssa.BasicBlock) {
		if !body[b] {
			body[b] = true
			for _, p := range b.Preds {
				grow(p)
			}
		}
	}
	for _, p := range header.Preds {
		if header.Dominates(p) {
			grow(p)
		}
	}
	for b := range body {
		if b == header {
			continue
		}
		for _, s := range b.Succs {
			if !body[s] {
				return false
			}
		}
	}
	return len(body) > 1 && body[header.Succs[0]] || header.Succs[0] == header
}

// stoppedElsewhere returns where another function than fn stops the timer for
// good, or NoPos. Where main or TestMain stop it, the program ends.
func (c *checker) stoppedElsewhere(fn *ssa.Function, t ssa.Value) token.Pos {
	if t == nil {
		return token.NoPos
	}
	id := c.world.identity(t)
	if id == nil {
		return token.NoPos
	}
	stop := token.NoPos
	for _, call := range c.world.calls {
		if c.world.identity(call.recv) != id {
			continue
		}
		if call.name == "Reset" {
			return token.NoPos // it pauses
		}
		parent := call.instr.Parent()
		if parent != fn && !endsProgram(parent) && !stop.IsValid() && c.mayFollow(call, fn, id) {
			stop = call.instr.Pos()
		}
	}
	return stop
}

// mayFollow reports whether a Stop may come after the start of fn. The error
// path of a function that makes the ticker and starts fn stops it before.
func (c *checker) mayFollow(call methodCall, fn *ssa.Function, id any) bool {
	if _, deferred := call.instr.(*ssa.Defer); deferred {
		return true
	}
	parent := call.instr.Parent()
	makes := slices.ContainsFunc(c.world.stores[id], func(v ssa.Value) bool { return v.Parent() == parent })
	if !makes {
		return true
	}
	mc := place.MakeClosure(fn)
	return mc != nil && mc.Parent() == parent && reaches(mc, call.instr)
}

// reaches reports whether b may be executed after a, in the same function.
func reaches(a, b ssa.Instruction) bool {
	seen := map[*ssa.BasicBlock]bool{}
	stack := slices.Clone(a.Block().Succs)
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
		return true
	}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if x == b.Block() {
			return true
		}
		if !seen[x] {
			seen[x] = true
			stack = append(stack, x.Succs...)
		}
	}
	return false
}

func endsProgram(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "main" || fn.Name() == "TestMain")
}

// codeBehind returns the statement behind the range statement o, if there is
// one that does more than return or panic, which the compiler may ask for.
func (c *checker) codeBehind(o op.Op) token.Pos {
	if c.index == nil {
		c.index = source.NewIndex(c.pass.Files)
	}
	loop, ok := c.index.Node(o.Pos).(*ast.RangeStmt)
	syntax := o.Instr.Parent().Syntax()
	if !ok || syntax == nil {
		return token.NoPos
	}
	behind := token.NoPos
	ast.Inspect(syntax, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		}
		found := false
		for _, stmt := range list {
			if labeled, ok := stmt.(*ast.LabeledStmt); ok {
				stmt = labeled.Stmt
			}
			if found && !behind.IsValid() && c.does(stmt) {
				behind = stmt.Pos()
			}
			found = found || stmt == ast.Stmt(loop)
		}
		return true
	})
	return behind
}

// does reports whether a statement shows that it is meant to be reached.
func (c *checker) does(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
		if !ok {
			return true
		}
		return c.returns(call)
	case *ast.SendStmt, *ast.GoStmt, *ast.AssignStmt, *ast.IncDecStmt:
		return true
	}
	return false
}

// returns reports whether a call may return.
func (c *checker) returns(call *ast.CallExpr) bool {
	switch fn := typeutil.Callee(c.pass.TypesInfo, call).(type) {
	case *types.Builtin:
		return fn.Name() != "panic"
	case *types.Func:
		return !c.pkg.NoReturn.NoReturn(fn)
	}
	return true
}

// deferredSignal returns a deferred call of WaitGroup.Done, or a close, that
// stands before the loop of o and tells somebody that fn has ended; nil if
// there is none. The goroutines of a program's own package main may last as
// long as the program, whoever waits for them.
func (c *checker) deferredSignal(o op.Op) *ssa.Defer {
	fn := o.Instr.Parent()
	if c.pass.Pkg.Name() == "main" {
		return nil
	}
	for _, blk := range fn.Blocks {
		if !blk.Dominates(o.Instr.Block()) {
			continue
		}
		for _, instr := range blk.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && c.signals(&d.Call) {
				return d
			}
		}
	}
	return nil
}

func (c *checker) signals(call *ssa.CallCommon) bool {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		return b.Name() == "close"
	}
	callee := call.StaticCallee()
	return callee != nil && callee.String() == "(*sync.WaitGroup).Done" && c.world.waits
}
