// Chanlint finds operations on channels that panic or block forever.
//
// Called by a person, it checks packages and prints what it finds:
//
//	chanlint [flags] [packages]
//	chanlint explain [check]
//	chanlint explain -witness FILE:LINE [packages]
//	chanlint explain -why FILE:LINE [packages]
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
	"slices"
	"strings"
	"syscall"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/decision"
	"github.com/chanlint/chanlint/internal/driver"
	"github.com/chanlint/chanlint/internal/report"
)

func main() {
	os.Exit(run(suite{analyzers.All(), analyzers.Fixers(), analyzers.Audits()}, os.Args[1:]))
}

// collectLess trades memory for time: the go command runs one short-lived
// process a package, most of which would end before a collection has paid for
// itself. An explicit GOGC is respected.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// A suite is what the program can run.
type suite struct {
	checks []*analysis.Analyzer // run unless others are named
	fixers []*analysis.Analyzer // run by go fix too, elsewhere if named
	audits []*analysis.Analyzer // run if named
}

// onRequest returns what does not run by itself.
func (s suite) onRequest() []*analysis.Analyzer { return slices.Concat(s.fixers, s.audits) }

// forGo returns the analyzers for a call by the go command: all there are if it
// asks for their flags, and otherwise those that may have to run. The vet tool's
// own rule is that everything runs unless something is named, so what runs on
// request must not be there at all.
func (s suite) forGo(args []string) []*analysis.Analyzer {
	if !strings.HasSuffix(args[len(args)-1], ".cfg") {
		return slices.Concat(s.checks, s.onRequest())
	}
	has := func(name string) bool {
		return slices.ContainsFunc(args, func(arg string) bool {
			flag, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
			flag, _, _ = strings.Cut(flag, ".")
			return arg != flag && flag == name
		})
	}
	list := slices.Clone(s.checks)
	for _, a := range s.onRequest() {
		if has(a.Name) || has("fix") && slices.Contains(s.fixers, a) {
			list = append(list, a)
		}
	}
	return list
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

// run is the whole program for a suite. It returns the exit status.
func run(s suite, args []string) int {
	if driver.CalledByGo(args) {
		collectLess()
		checks := s.forGo(args)
		flag.Func("confidence", report.ConfidenceUsage, func(level string) error {
			return setConfidence(checks, level)
		})
		unitchecker.Main(append(checks[:len(checks):len(checks)], decision.Analyzer)...) // does not return
	}
	tool, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "chanlint: cannot find its own program: %v\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &driver.Command{
		Analyzers: s.checks,
		OnRequest: s.onRequest(),
		Tool:      tool,
		Version:   driver.Version(),
		Stdout:    os.Stdout,
		Stderr:    os.Stderr,
	}
	return c.Run(ctx, args)
}
