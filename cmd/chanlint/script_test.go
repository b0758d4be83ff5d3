package main

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/report"
)

// TestMain makes this test binary two commands for the scripts: chanlint, the
// real one, and fakelint, the same program over checks that do as they are told.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"chanlint": main,
		"fakelint": func() { os.Exit(run(suite{checks: fakeChecks()}, os.Args[1:])) },
	})
}

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestScript runs the command-line tests in testdata/script. Besides the usual
// commands of testscript they have
//
//	exits STATUS COMMAND [ARGUMENTS]
//
// which runs a command and holds its exit status, and $ROOT, the repository.
func TestScript(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// The go command needs its caches, and nothing from the network.
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOROOT"} {
				out, err := exec.Command("go", "env", name).Output()
				if err != nil {
					return fmt.Errorf("go env %s: %w", name, err)
				}
				env.Setenv(name, strings.TrimSpace(string(out)))
			}
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("GOFLAGS", "")
			env.Setenv("GOWORK", "off")
			env.Setenv("ROOT", root)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits is the script command of that name.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENTS]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// fakeChecks returns checks with which scripts can bring about whatever a
// driver has to cope with:
//
//   - closecall reports every call of close, and as likely every call of clear;
//     the confidence that is asked for stands in the message
//   - closerecv reports nothing by itself
//   - fails fails on a package with a function Fail, and panics if it is Panic
func fakeChecks() []*analysis.Analyzer {
	closecall := &analysis.Analyzer{
		Name:  "closecall",
		Doc:   "closecall: reports every call of close\n\n# Example\n\n\tclose(c)\n",
		URL:   "https://example.org/closecall",
		Flags: report.Flags(),
	}
	closecall.Run = func(pass *analysis.Pass) (any, error) {
		for call := range callsOf(pass, "clear") {
			report.Report(pass, report.Finding{Pos: call.Pos(), Message: "clear of anything", Confidence: report.Likely})
		}
		for call, f := range callsOf(pass, "close") {
			report.Report(pass, report.Finding{
				Pos:     call.Pos(),
				End:     call.End(),
				Message: "close of channel: this is " + report.Wants(pass).String(),
				Related: []analysis.RelatedInformation{{Pos: f.Package, Message: "in this package"}},
				Fixes: []analysis.SuggestedFix{{
					Message:   "Clear it",
					TextEdits: []analysis.TextEdit{{Pos: call.Fun.Pos(), End: call.Fun.End(), NewText: []byte("clear")}},
				}},
			})
		}
		return nil, nil
	}
	return []*analysis.Analyzer{
		closecall,
		{
			Name: "closerecv",
			Doc:  "closerecv: reports nothing",
			Run:  func(*analysis.Pass) (any, error) { return nil, nil },
		},
		{
			Name: "fails",
			Doc:  "fails: fails when told to",
			Run: func(pass *analysis.Pass) (any, error) {
				if pass.Pkg.Scope().Lookup("Panic") != nil {
					panic("told to")
				}
				if pass.Pkg.Scope().Lookup("Fail") != nil {
					return nil, errors.New("told to")
				}
				return nil, nil
			},
		},
	}
}

// callsOf yields every call of the function name and the file it stands in.
func callsOf(pass *analysis.Pass, name string) func(yield func(*ast.CallExpr, *ast.File) bool) {
	return func(yield func(*ast.CallExpr, *ast.File) bool) {
		for _, f := range pass.Files {
			for n := range ast.Preorder(f) {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					continue
				}
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == name && !yield(call, f) {
					return
				}
			}
		}
	}
}
