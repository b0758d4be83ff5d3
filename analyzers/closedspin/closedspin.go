package closedspin

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/op"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/source"
)

//go:embed doc.go
var doc string

// Analyzer is the check closedspin.
var Analyzer = &analysis.Analyzer{
	Name:     "closedspin",
	Doc:      checkdoc.Doc("closedspin", doc),
	URL:      checkdoc.URL("closedspin"),
	Requires: []*analysis.Analyzer{chanssa.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	if pkg.SSA == nil {
		return nil, nil
	}
	var world *world
	var index *source.Index
	var out []report.Finding
	for _, fn := range pkg.Funcs {
		for o := range op.In(fn) {
			if o.Kind != op.Receive || !inLoop(o.Instr.Block()) {
				continue
			}
			if world == nil {
				world = newWorld(pkg)
				index = source.NewIndex(pass.Files)
			}
			if !spins(world, o) {
				continue
			}
			pos, where := o.Pos, ""
			if n := index.Node(pos); n != nil {
				pos = n.Pos()
			}
			if loop := loopAround(fn, pos); loop.IsValid() {
				where = " at " + report.Line(pass, pos, loop)
			}
			out = append(out, report.Finding{
				Pos:     pos,
				Message: fmt.Sprintf("receive from %s spins once it is closed: the loop%s goes on to receive again", index.Chan(o.Pos), where),
			})
		}
	}
	report.All(pass, out)
	return nil, nil
}

// spins reports whether the receive o, once it has found its channel closed, is
// certain to come back to it, and the program shows that it does find it
// closed.
func spins(w *world, o op.Op) bool {
	r := &round{op: o, edges: map[[2]*ssa.BasicBlock]bool{}, seen: map[*ssa.BasicBlock]bool{}}
	if !r.comesBack() || !w.unchanged(r, o.Chan) {
		return false
	}
	use := w.uses(o.Chan, o.Instr)
	switch {
	case isDone(o.Chan), use.known && use.closed && !use.sent:
		return true // whatever is received, is received from a closed channel
	case use.known && !use.closed:
		return false // what is done then does not matter
	}
	return r.asked
}

// loopAround returns the innermost for statement around pos in fn.
func loopAround(fn *ssa.Function, pos token.Pos) token.Pos {
	loop := token.NoPos
	if fn.Syntax() == nil {
		return loop
	}
	ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if n.Pos() <= pos && pos < n.End() {
				loop = n.Pos()
			}
		}
		return true
	})
	return loop
}

// inLoop reports whether a path leads from the block back to it.
func inLoop(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	stack := append([]*ssa.BasicBlock(nil), b.Succs...)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if x == b {
			return true
		}
		if !seen[x] {
			seen[x] = true
			stack = append(stack, x.Succs...)
		}
	}
	return false
}

// isDone reports whether ch is the channel of a context, on which nothing is
// ever sent.
func isDone(ch ssa.Value) bool {
	call, ok := ch.(*ssa.Call)
	return ok && isContextMethod(&call.Call, "Done")
}

func isContextMethod(call *ssa.CallCommon, name string) bool {
	return call.IsInvoke() && call.Method.Name() == name && call.Method.Pkg() != nil && call.Method.Pkg().Path() == "context"
}
