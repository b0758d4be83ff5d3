// Package driver is the standalone face of chanlint: it has the go command run
// the vet tool that the same binary is, and prints what comes back.
//
// Going through "go vet" rather than loading packages here buys the go
// command's cache and its parallelism, and with GOCACHEPROG a cache that is
// shared between machines. The price is that only the go command knows how far
// it has come, and that it does not say which of its messages are about what.
package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/output"
)

// The exit statuses of the standalone command.
const (
	statusClean    = 0 // no findings
	statusFindings = 1
	statusFailure  = 2 // something kept packages from being checked
)

// A Command is one run of the standalone command.
type Command struct {
	Analyzers []*analysis.Analyzer // the checks that run by default
	OnRequest []*analysis.Analyzer // those that run if they are named
	Tool      string               // path of a program that is unitchecker.Main over them
	Version   string               // what -version prints
	Stdout    io.Writer
	Stderr    io.Writer
}

// CalledByGo reports whether the arguments are those with which the go command
// calls a vet tool: a question about the tool, or the description of a package.
func CalledByGo(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	if len(args) > 1 && args[len(args)-2] == "-o" {
		return false // a report that someone calls .cfg
	}
	return last == "-V=full" || last == "-flags" || strings.HasSuffix(last, ".cfg")
}

// Run runs the command with the given arguments, without the program's name,
// and returns its exit status. It reports failures on c.Stderr itself.
func (c *Command) Run(ctx context.Context, args []string) int {
	status, err := c.run(ctx, args)
	if err != nil {
		fmt.Fprintf(c.Stderr, "chanlint: %v\n", err)
		return statusFailure
	}
	return status
}

func (c *Command) run(ctx context.Context, args []string) (int, error) {
	if len(args) > 0 {
		switch args[0] {
		case "explain":
			if len(args) > 1 && strings.HasPrefix(args[1], "-") {
				return c.explainLine(ctx, args[1:])
			}
			return statusClean, c.explain(args[1:])
		case "help":
			if len(args) > 1 {
				return statusClean, c.explain(args[1:])
			}
			return statusClean, c.usage()
		}
	}
	o, err := c.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return statusClean, c.usage()
	}
	if err != nil {
		return 0, err
	}
	if o.version {
		_, err := fmt.Fprintln(c.Stdout, c.Version)
		return statusClean, err
	}
	return c.check(ctx, o)
}

// goCommand returns what runs the go command as o asks for.
func (c *Command) goCommand(o *options) (*goRun, error) {
	goCmd, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("there is no go command on PATH; chanlint runs go vet, so install Go (https://go.dev/dl) or add its bin directory to PATH")
	}
	if o.dir != "" {
		if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("-C %s: not a directory", o.dir)
		}
	}
	return &goRun{goCmd: goCmd, tool: c.Tool, options: o, stderr: c.Stderr}, nil
}

// check runs the checks that o asks for and prints the findings.
func (c *Command) check(ctx context.Context, o *options) (int, error) {
	g, err := c.goCommand(o)
	if err != nil {
		return 0, err
	}
	leaks, err := readLeaks(o.leaks)
	if err != nil {
		return 0, err
	}
	filter, err := c.newFilter(ctx, g)
	if err != nil {
		return 0, err
	}
	if o.fix {
		if status, err := g.fix(ctx, c.Stdout); err != nil || o.diff {
			return status, err
		}
	}
	out, runErr := g.vet(ctx)
	result, err := c.result(out, o)
	if err != nil {
		return 0, errors.Join(runErr, err)
	}
	if len(o.leaks) > 0 {
		if err := g.join(ctx, result, leaks); err != nil {
			return 0, errors.Join(runErr, err)
		}
	}
	if o.write != "" && result.failure(ctx, o, runErr) == nil {
		return statusClean, c.writeBaseline(result, o)
	}
	if result.Findings, err = filter(ctx, result.Findings); err != nil {
		return 0, errors.Join(runErr, err)
	}
	if err := c.print(result, o); err != nil {
		return 0, errors.Join(runErr, err)
	}
	fmt.Fprint(c.Stderr, result.messages)
	if n := result.leftOut; n > 0 {
		fmt.Fprintf(c.Stderr, "chanlint: %s in test files left out (-test=false)\n", output.Count(n, "finding"))
	}
	if err := result.failure(ctx, o, runErr); err != nil {
		return 0, err
	}
	if len(result.Findings) > 0 {
		return statusFindings, nil
	}
	return statusClean, nil
}

// all returns every analyzer there is.
func (c *Command) all() []*analysis.Analyzer { return slices.Concat(c.Analyzers, c.OnRequest) }

// failure returns what kept packages from being checked, or nil.
func (r *Result) failure(ctx context.Context, o *options, runErr error) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case strings.Contains(r.messages, "no packages to vet"):
		return fmt.Errorf("no packages match %s", strings.Join(o.patterns, " "))
	case runErr != nil:
		return runErr
	case len(r.failures) > 0:
		return errors.New(strings.Join(r.failures, "\nchanlint: "))
	}
	return nil
}
