package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A folder is one package that is analysed.
type folder struct {
	dir     string // where go vet runs
	pattern string
	suites  []string // what of the truth table is in it
	program string   // the one program in it, if it is one of GoBench's
}

// folders lists the packages that hold the programs.
func folders(ctx context.Context, o options, programs []program) ([]folder, error) {
	goroot, err := vetrun.GoEnv(ctx, "GOROOT")
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(goroot, "src/runtime/testdata/testgoroutineleakprofile")
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("this Go distribution has no goroutine-leak programs (go1.26 does): %w", err)
	}
	if o.gobench != "" {
		if o.gobench, err = filepath.Abs(o.gobench); err != nil {
			return nil, err
		}
	}
	list := []folder{
		{dir: dir, pattern: ".", suites: []string{"simple", "patterns", "stress"}},
		{dir: dir, pattern: "./goker", suites: []string{"goker"}},
	}
	if o.gobench == "" {
		return list, nil
	}
	for _, p := range programs {
		kind := map[string]string{"goker-gobench-only": "blocking", "goker-misuse": "nonblocking"}[p.suite]
		if kind == "" {
			continue
		}
		i := strings.IndexAny(p.name, "0123456789")
		if i < 0 {
			return nil, fmt.Errorf("kernel %s has no number", p.name)
		}
		list = append(list, folder{
			dir:     o.gobench,
			pattern: "./" + filepath.ToSlash(filepath.Join("gobench", "goker", kind, p.name[:i], p.name[i:])),
			suites:  []string{p.suite},
			program: p.name,
		})
	}
	return list, nil
}

// holds reports whether the folder contains the program.
func (f folder) holds(p program) bool {
	if f.program != "" {
		return f.program == p.name
	}
	return slices.Contains(f.suites, p.suite)
}

// A cost is the CPU time of analysing all programs, and of the same runs of the
// go command with an analyzer that does nothing.
type cost struct{ chanlint, empty time.Duration }

// analyse runs chanlint over the folders, in one run of go vet for each
// directory, and returns the findings of each folder. Before it starts the
// clock it runs the yardstick tool once, so that building export data is not
// counted; then that tool is linked anew, as chanlint is, and timed too.
func analyse(ctx context.Context, o options, root string, folders []folder) (findings [][]*finding, c cost, err error) {
	tmp, err := os.MkdirTemp("", "goker-")
	if err != nil {
		return nil, c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	const yardstick = "./internal/cmd/cost/emptyvet"
	if _, _, err := vetFolders(ctx, root, yardstick, tmp, folders); err != nil {
		return nil, c, err
	}
	if _, c.empty, err = vetFolders(ctx, root, yardstick, tmp, folders); err != nil {
		return nil, c, err
	}
	pkg := "./cmd/chanlint"
	if o.tool != "" {
		pkg = o.tool
	}
	findings, c.chanlint, err = vetFolders(ctx, root, pkg, tmp, folders)
	return findings, c, err
}

// vetFolders links a tool anew in the folder tmp, or takes the tool that the
// name of a file stands for, and runs it over the folders.
func vetFolders(ctx context.Context, root, pkg, tmp string, folders []folder) (findings [][]*finding, cpu time.Duration, err error) {
	tool := filepath.Join(tmp, "tool")
	if strings.HasPrefix(pkg, "./") {
		stamp := strconv.FormatInt(time.Now().UnixNano(), 36)
		if err := vetrun.Build(ctx, root, pkg, tool, stamp); err != nil {
			return nil, 0, err
		}
	} else {
		tool = pkg
	}
	findings = make([][]*finding, len(folders))
	for dir, patterns := range byDir(folders) {
		res, err := vetrun.Command{
			Tool:     tool,
			Dir:      dir,
			Env:      []string{"GOFLAGS=-buildvcs=false"},
			Patterns: patterns,
		}.Run(ctx)
		if err != nil {
			return nil, 0, err
		}
		if len(res.Broken) > 0 {
			return nil, 0, fmt.Errorf("not analysed in %s:\n%s", dir, strings.Join(res.Broken, "\n"))
		}
		cpu += res.CPU
		for i, f := range folders {
			if f.dir != dir {
				continue
			}
			if findings[i], err = f.findings(res.Diagnostics); err != nil {
				return nil, 0, err
			}
		}
	}
	return findings, cpu, nil
}

// byDir returns the patterns to analyse in each directory.
func byDir(folders []folder) map[string][]string {
	patterns := make(map[string][]string)
	for _, f := range folders {
		patterns[f.dir] = append(patterns[f.dir], f.pattern)
	}
	return patterns
}

// findings returns the findings in the folder, of the diagnostics of a run.
func (f folder) findings(diags []vetrun.Diagnostic) ([]*finding, error) {
	path := filepath.Join(f.dir, f.pattern)
	functions, err := parseFolder(path)
	if err != nil {
		return nil, err
	}
	var list []*finding
	for _, d := range diags {
		if filepath.Dir(d.File) == path {
			list = append(list, newFinding(d, functions))
		}
	}
	return list, nil
}
