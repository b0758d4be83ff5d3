package closerecv

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/explore"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check closerecv. It runs despite type errors, because what
// it reports first is one; whatever it comes to require has to do so as well.
var Analyzer = &analysis.Analyzer{
	Name:             "closerecv",
	Doc:              checkdoc.Doc("closerecv", source),
	URL:              checkdoc.URL("closerecv"),
	Requires:         []*analysis.Analyzer{witness.Analyzer},
	Flags:            report.Flags(),
	Run:              run,
	RunDespiteErrors: true,
}

func run(pass *analysis.Pass) (any, error) {
	report.All(pass, append(bySyntax(pass), byReceiver(pass)...))
	return nil, nil
}

// bySyntax returns the closes of receive-only channels: those that the compiler
// rejects, and those by reflection.
func bySyntax(pass *analysis.Pass) []report.Finding {
	reflects := slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == "reflect" })
	if !reflects && len(pass.TypeErrors) == 0 {
		return nil
	}
	var out []report.Finding
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if body := bodyOf(n); body != nil && reflects {
				out = append(out, reflected(pass, body)...)
			}
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 && isClose(pass.TypesInfo, call) {
				out = append(out, finding(pass, call, call.Args[0])...)
			}
			return true
		})
	}
	return out
}

// byReceiver returns the closes by a goroutine that only ever receives, while
// another one may still send.
func byReceiver(pass *analysis.Pass) []report.Finding {
	res := pass.ResultOf[witness.Analyzer].(*witness.Result)
	words := witness.NewWords(pass, res)
	var out []report.Finding
	for _, d := range res.Panicking(explore.SendClosed) {
		if !d.ByReceiver {
			continue
		}
		at, send := words.Start(d.By), words.Start(d.Op)
		out = append(out, report.Finding{
			Pos:     at,
			Message: fmt.Sprintf("send on closed channel: %s is closed here by its receiver, and %s may still send", words.Operand(d.By), report.Line(pass, at, send)),
			Related: []analysis.RelatedInformation{{Pos: send, Message: "the send that panics"}},
		})
	}
	return out
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	if fn, ok := n.(*ast.FuncDecl); ok {
		return fn.Body
	}
	return nil
}

func isClose(info *types.Info, call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := info.Uses[id].(*types.Builtin)
	return ok && b.Name() == "close"
}

// finding returns the finding for the close of arg by call, if arg is a
// receive-only channel.
func finding(pass *analysis.Pass, call *ast.CallExpr, arg ast.Expr) []report.Finding {
	t := pass.TypesInfo.TypeOf(arg)
	if t == nil {
		return nil
	}
	if c, ok := t.Underlying().(*types.Chan); !ok || c.Dir() != types.RecvOnly {
		return nil
	}
	typ := types.TypeString(t, types.RelativeTo(pass.Pkg))
	return []report.Finding{{
		Pos:     call.Pos(),
		End:     call.End(),
		Message: report.CloseOfReceiveOnly(types.ExprString(arg), typ),
	}}
}

// reflected finds closes of a [reflect.Value] that holds a receive-only
// channel: directly, or through a variable that is defined once.
func reflected(pass *analysis.Pass, body *ast.BlockStmt) []report.Finding {
	made := map[types.Object]ast.Expr{} // variable -> argument of reflect.ValueOf
	var out []report.Finding
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					made[pass.TypesInfo.ObjectOf(id)] = nil
					if len(n.Lhs) == len(n.Rhs) && pass.TypesInfo.Defs[id] != nil {
						made[pass.TypesInfo.Defs[id]] = valueOf(pass.TypesInfo, n.Rhs[i])
					}
				}
			}
		case *ast.CallExpr:
			if !isReflect(pass.TypesInfo, n, "Close") {
				break
			}
			sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			if !ok {
				break
			}
			arg := valueOf(pass.TypesInfo, sel.X)
			if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok {
				arg = made[pass.TypesInfo.Uses[id]]
			}
			if arg != nil {
				out = append(out, finding(pass, n, arg)...)
			}
		}
		return true
	})
	return out
}

// valueOf returns c if e is reflect.ValueOf(c), else nil.
func valueOf(info *types.Info, e ast.Expr) ast.Expr {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !isReflect(info, call, "ValueOf") {
		return nil
	}
	return call.Args[0]
}

func isReflect(info *types.Info, call *ast.CallExpr, name string) bool {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "reflect" && fn.Name() == name
}
