package timerleak

import (
	_ "embed"
	"fmt"
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

// Analyzer is the check timerleak.
var Analyzer = &analysis.Analyzer{
	Name:     "timerleak",
	Doc:      checkdoc.Doc("timerleak", doc),
	URL:      checkdoc.URL("timerleak"),
	Requires: []*analysis.Analyzer{chanssa.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

// A checker looks at one package.
type checker struct {
	pass  *analysis.Pass
	pkg   *chanssa.Package
	world *world
	index *source.Index // made when the first report needs it
	out   []report.Finding
}

func run(pass *analysis.Pass) (any, error) {
	pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	if pkg.SSA == nil || !imports(pass, "time") {
		return nil, nil
	}
	c := &checker{pass: pass, pkg: pkg, world: newWorld(pkg)}
	for _, fn := range pkg.Funcs {
		c.nilChannels(fn)
		if !c.world.ownChannels {
			c.spentTimers(fn)
			c.endlessRanges(fn)
		}
	}
	report.All(pass, c.out)
	return nil, nil
}

func imports(pass *analysis.Pass, path string) bool {
	for _, imp := range pass.Pkg.Imports() {
		if imp.Path() == path {
			return true
		}
	}
	return false
}

// nilChannels reports receives from the channel of an AfterFunc timer.
func (c *checker) nilChannels(fn *ssa.Function) {
	for o := range op.In(fn) {
		if o.Kind != op.Receive || o.InSelect() {
			continue // in a select, a nil channel is a case that is disabled
		}
		timer := timerOf(o.Chan)
		if timer == nil {
			continue
		}
		made := c.world.sources(timer)
		if len(made) == 0 || c.comparesChannel(fn) {
			continue
		}
		for _, call := range made {
			if timeCall(call) != "AfterFunc" {
				made = nil
			}
		}
		if made != nil {
			c.report(o, "blocks forever: a timer that time.AfterFunc makes has no channel", "the timer is made here", made[0].Pos())
		}
	}
}

// comparesChannel reports whether fn asks for some timer whether it has a
// channel.
func (c *checker) comparesChannel(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if cmp, ok := instr.(*ssa.BinOp); ok && (timerOf(cmp.X) != nil || timerOf(cmp.Y) != nil) {
				return true
			}
		}
	}
	return false
}

// report adds a finding at a receive: what it is, and then why.
func (c *checker) report(o op.Op, why, related string, at token.Pos) {
	if c.index == nil {
		c.index = source.NewIndex(c.pass.Files)
	}
	pos := o.Pos
	if n := c.index.Node(pos); n != nil {
		pos = n.Pos()
	}
	verb := "receive from"
	if isRange(o) {
		verb = "range over"
	}
	f := report.Finding{Pos: pos, Message: fmt.Sprintf("%s %s %s", verb, c.index.Chan(o.Pos), why)}
	if at.IsValid() {
		f.Related = []analysis.RelatedInformation{{Pos: at, Message: related}}
	}
	c.out = append(c.out, f)
}

// isRange reports whether o is the receive of a range statement, which go/ssa
// places in a block of its own.
func isRange(o op.Op) bool {
	v, ok := o.Instr.(*ssa.UnOp)
	return ok && v.CommaOk && v.Block().Comment == "rangechan.loop"
}
