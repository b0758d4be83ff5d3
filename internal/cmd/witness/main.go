// Command witness prints what the exploration of packages finds, before any
// check words it: for work on the engine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/pprof"
	"sync"
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
	profile := flag.String("cpuprofile", "", "write a CPU profile of the analysis to this `file`")
	flag.Parse()
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: *dir, Tests: *tests}
	pkgs, err := packages.Load(cfg, flag.Args()...)
	if err != nil {
		log.Fatal(err)
	}
	if *profile != "" {
		stop, err := startProfile(*profile)
		if err != nil {
			log.Fatal(err)
		}
		defer stop()
	}
	start := time.Now()
	var sum total
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
			sum.add(res)
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
	fmt.Fprintf(os.Stderr, "%s\n%s\n", &sum, time.Since(start))
}

func startProfile(name string) (stop func(), err error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		if err := file.Close(); err != nil {
			log.Print(err)
		}
	}, nil
}

// A total counts the functions explored in all packages, and those of them for
// which the budget did not suffice.
type total struct {
	mu          sync.Mutex
	roots, over int
}

func (t *total) add(res *witness.Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roots += res.Roots
	for _, l := range res.Log {
		if l.OverBudget() {
			t.over++
		}
	}
}

func (t *total) String() string {
	return fmt.Sprintf("%d functions explored, %d of them (%.1f %%) over the budget", t.roots, t.over, 100*float64(t.over)/float64(max(t.roots, 1)))
}
