// Package vetrun runs an analysis tool over packages as a user's
// `go vet -vettool` does, and returns the diagnostics as data together with
// what the run cost. The commands that measure chanlint share it, so that all
// of them measure the driver that users have.
package vetrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Module is the module path of this repository.
const Module = "github.com/chanlint/chanlint"

// A Command is one run of `go vet -json -vettool=Tool`.
type Command struct {
	Tool     string   // path of the analysis tool
	Dir      string   // directory to run in
	Env      []string // additions to the environment, "name=value"
	Flags    []string // build flags and flags of the tool, before the patterns
	Patterns []string
}

// A Result is what a run found and what it cost.
type Result struct {
	Diagnostics []Diagnostic
	// Broken holds what was not analysed: compile errors and failed
	// analyzers, one paragraph each, beginning with the package.
	Broken []string
	// CPU is user and system time of the go command and all its children.
	CPU time.Duration
}

// Run runs the command to its end. A package that does not type-check is no
// error: it stands in the result's Broken. An error means that nothing can be
// said: the go command is missing, the pattern matches nothing, the output
// cannot be read.
func (c Command) Run(ctx context.Context) (*Result, error) {
	args := append([]string{"vet", "-json", "-vettool=" + c.Tool}, c.Flags...)
	args = append(args, c.Patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), c.Env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	var exit *exec.ExitError
	if runErr != nil && !errors.As(runErr, &exit) {
		return nil, runErr
	}
	diags, failures, err := Decode(stdout.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	res := &Result{
		Diagnostics: diags,
		Broken:      failures,
		CPU:         cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
	}
	if runErr != nil {
		// A run that succeeds may still say things, such as warnings of a C
		// compiler about a dependency.
		res.Broken = append(paragraphs(stderr.String()), failures...)
	}
	if runErr != nil && len(res.Broken) == 0 {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), runErr, stderr.String())
	}
	if runErr != nil && stdout.Len() == 0 && !strings.HasPrefix(stderr.String(), "#") {
		// The go command stopped before it vetted anything.
		return nil, fmt.Errorf("go vet in %s: %w\n%s", c.Dir, runErr, stderr.String())
	}
	return res, nil
}

// paragraphs splits the error output of the go command at its "# package"
// lines. Progress of downloads is left out.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "go: downloading "):
		case strings.HasPrefix(line, "# ") || len(out) == 0:
			out = append(out, strings.TrimPrefix(line, "# "))
		default:
			out[len(out)-1] += "\n\t" + line
		}
	}
	return out
}

// Build builds package pkg of this repository into the file out. A stamp that
// is not empty is written into the program (variable main.stamp where there is
// one, the build id in any case), so that the go command's vet cache knows
// nothing of the tool and analyses every package afresh.
func Build(ctx context.Context, root, pkg, out, stamp string) error {
	args := []string{"build", "-o", out}
	if stamp != "" {
		args = append(args, "-ldflags", "-X main.stamp="+stamp+" -buildid="+stamp)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	return nil
}

// BuildChanlint builds cmd/chanlint into a directory of its own and returns
// the program's path. The caller removes the directory of that path.
func BuildChanlint(ctx context.Context, root string) (string, error) {
	dir, err := os.MkdirTemp("", "chanlint-")
	if err != nil {
		return "", err
	}
	tool := filepath.Join(dir, "chanlint")
	if err := Build(ctx, root, "./cmd/chanlint", tool, ""); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return tool, nil
}

// Root returns the directory of this repository, in which the commands are
// meant to be run, however deep below it.
func Root(ctx context.Context) (string, error) {
	out, err := goOutput(ctx, "", "list", "-m", "-f", "{{.Dir}}", Module)
	if err != nil {
		return "", fmt.Errorf("not inside a checkout of %s: %w", Module, err)
	}
	return out, nil
}

// GoEnv returns the value of a variable of the go command.
func GoEnv(ctx context.Context, name string) (string, error) {
	return goOutput(ctx, "", "env", name)
}

// goOutput runs the go command in dir and returns what it prints, trimmed.
func goOutput(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}
