// Command mutate measures the checks against mechanical mutations of correct
// programs.
//
// Usage, anywhere inside this repository:
//
//	go run ./internal/cmd/mutate [-runs N] [-race] [-v] [folder ...]
//
// The folders hold fixtures under testdata whose _ok functions are correct, and
// runtime/pipeline stands for the reference pipelines; the default is the textbook
// pipelines and the combinators. Each mutation changes
// one place: it drops a close or doubles it, drops a case of a select, drops a
// buffer or makes it one smaller, leaves early, drops a send, a receive, a Done
// or a Wait, swaps two statements, or leaves a channel nil. Mutants that do not
// type-check are discarded. Every function that can reach the mutated place is
// run in processes of its own, N times or until it leaks, panics or runs on,
// and all checks are run over the mutant. A mutant that is reported gets twenty
// times as many runs to show that the report is right. Under -race, a close and a
// send that nothing orders count as a panic.
//
// The command prints for each kind of mutation what the mutants did and what
// was reported. A report on a mutant of which every run was clean, although one
// came to the reported place, is a false report: it is listed, and the exit
// status is 1. With -v the reports at places that no run came to, and the bad
// mutants without a report, are listed too.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/fixture"
)

func main() {
	var opts options
	flag.IntVar(&opts.runs, "runs", 10, "run each function `n` times, unless it goes wrong before")
	flag.BoolVar(&opts.race, "race", false, "build with the race detector, whose scheduler varies the order of goroutines")
	flag.BoolVar(&opts.verbose, "v", false, "list the reports that no run came to and the bad mutants without a report")
	flag.Parse()
	opts.folders = flag.Args()
	if len(opts.folders) == 0 {
		opts.folders = []string{"pipelines/textbook", "shapes/combine"}
	}
	if opts.race {
		// A data race is not the end of a run: what comes of it counts.
		if err := os.Setenv("GORACE", "exitcode=0 halt_on_error=0"); err != nil {
			fmt.Fprintln(os.Stderr, "mutate:", err)
			os.Exit(2)
		}
	}
	falseReports, err := measure(opts)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if falseReports > 0 {
		os.Exit(1)
	}
}

type options struct {
	runs          int
	race, verbose bool
	folders       []string
}

// measure makes, runs and analyzes the mutants, prints the table, and returns
// the number of false reports.
func measure(opts options) (falseReports int, err error) {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return 0, fmt.Errorf("built with -trimpath, so the fixtures cannot be found")
	}
	repository := filepath.Join(filepath.Dir(file), "..", "..", "..")
	subjects, err := loadSubjects(repository, opts.folders)
	if err != nil {
		return 0, err
	}
	root, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(root)
	mutants, err := makeMutants(repository, root, subjects)
	if err != nil {
		return 0, err
	}
	mutants, discarded, err := discardBroken(root, mutants)
	if err != nil {
		return 0, err
	}
	findings, err := fixture.Findings(root, analyzers.All(), []string{"./..."})
	if err != nil {
		return 0, err
	}
	assign(mutants, findings)
	for _, m := range mutants {
		if err := addProbes(root, m); err != nil {
			return 0, err
		}
	}
	if err := runAll(root, mutants, opts); err != nil {
		return 0, err
	}
	fmt.Printf("%d mutants of %v, %d more do not type-check\n\n", len(mutants), opts.folders, discarded)
	return printTable(os.Stdout, mutants, opts.verbose), nil
}
