// Command witness prints what the exploration of packages finds, before any
// check words it: for work on the engine.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/witness"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("C", "", "directory to load packages in")
	tests := flag.Bool("test", true, "analyze test files too")
	why := flag.Bool("why", false, "print why roots have no verdict")
	depth := flag.Int("depth", build.Depth, "calls followed in the models of -dump")
	nodes := flag.Int("nodes", 1000, "nodes of the models of -dump")
	root := flag.String("dump", "", "print the models of the functions of this `name`")
	flag.Parse()
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: *dir, Tests: *tests}
	pkgs, err := packages.Load(cfg, flag.Args()...)
	if err != nil {
		log.Fatal(err)
	}
	start := time.Now()
	probe := &analysis.Analyzer{
		Name: "probe", Doc: "probe", Requires: []*analysis.Analyzer{chanssa.Analyzer, witness.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			res := pass.ResultOf[witness.Analyzer].(*witness.Result)
			if pkg := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package); *root != "" && pkg.SSA != nil {
				dump(os.Stderr, pkg, *root, build.Limits{Depth: *depth, Nodes: *nodes, Cells: true})
			}
			for _, d := range res.Defects {
				pass.Reportf(d.Op.Pos, "%s", d)
			}
			if *why {
				for _, l := range res.Log {
					fmt.Fprintf(os.Stderr, "%s: skip %s: %s\n", pass.Fset.Position(l.Pos), l.Root, l.Reason)
				}
			}
			if res.Roots > 0 {
				fmt.Fprintf(os.Stderr, "%s: %d roots, %d states, %d skipped\n", pass.Pkg.Path(), res.Roots, res.States, len(res.Log))
			}
			return nil, nil
		},
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{probe}, pkgs, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := graph.PrintText(os.Stdout, -1); err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(os.Stderr, time.Since(start))
}
