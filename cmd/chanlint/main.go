// Chanlint finds operations on channels that panic or block forever.
//
// Called by a person, it checks packages and prints what it finds:
//
//	chanlint [flags] [packages]
//	chanlint explain [check]
//
// Called by the go command, it is a vet tool:
//
//	go vet -vettool=$(which chanlint) [packages]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/driver"
	"github.com/chanlint/chanlint/internal/report"
)

func main() {
	os.Exit(run(analyzers.All(), os.Args[1:]))
}

// collectLess trades memory for time: the go command runs one short-lived
// process a package, most of which would end before a collection has paid for
// itself. An explicit GOGC is respected.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// setConfidence makes every check report findings from level on.
func setConfidence(checks []*analysis.Analyzer, level string) error {
	for _, a := range checks {
		if err := report.SetConfidence(a, level); err != nil {
			return err
		}
	}
	return nil
}

// run is the whole program for a list of checks. It returns the exit status.
func run(checks []*analysis.Analyzer, args []string) int {
	if driver.CalledByGo(args) {
		collectLess()
		flag.Func("confidence", report.ConfidenceUsage, func(level string) error {
			return setConfidence(checks, level)
		})
		unitchecker.Main(checks...) // does not return
	}
	tool, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "chanlint: cannot find its own program: %v\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &driver.Command{
		Analyzers: checks,
		Tool:      tool,
		Version:   driver.Version(),
		Stdout:    os.Stdout,
		Stderr:    os.Stderr,
	}
	return c.Run(ctx, args)
}
