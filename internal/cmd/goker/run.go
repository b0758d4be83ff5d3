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

// analyse runs chanlint over the folders, each in a run of go vet of its own,
// and returns the findings of each. Before it starts the
// clock it runs the yardstick tool, so that building export data is not
// counted.
func analyse(ctx context.Context, o options, root string, folders []folder) (findings [][]*finding, cpu time.Duration, err error) {
	tmp, err := os.MkdirTemp("", "goker-")
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	empty, tool := filepath.Join(tmp, "empty"), o.tool
	if err := vetrun.Build(ctx, root, "./internal/cmd/cost/emptyvet", empty, ""); err != nil {
		return nil, 0, err
	}
	if tool == "" {
		tool = filepath.Join(tmp, "chanlint")
		stamp := strconv.FormatInt(time.Now().UnixNano(), 36)
		if err := vetrun.Build(ctx, root, "./cmd/chanlint", tool, stamp); err != nil {
			return nil, 0, err
		}
	} else if tool, err = filepath.Abs(tool); err != nil {
		return nil, 0, err
	}
	for _, f := range folders {
		functions, err := parseFolder(filepath.Join(f.dir, f.pattern))
		if err != nil {
			return nil, 0, err
		}
		cmd := vetrun.Command{Dir: f.dir, Env: []string{"GOFLAGS=-buildvcs=false"}, Patterns: []string{f.pattern}}
		cmd.Tool = empty
		if _, err := cmd.Run(ctx); err != nil {
			return nil, 0, err
		}
		cmd.Tool = tool
		res, err := cmd.Run(ctx)
		if err != nil {
			return nil, 0, err
		}
		if len(res.Broken) > 0 {
			return nil, 0, fmt.Errorf("%s is not analysed:\n%s", f.pattern, strings.Join(res.Broken, "\n"))
		}
		cpu += res.CPU
		var list []*finding
		for _, d := range res.Diagnostics {
			list = append(list, newFinding(d, functions))
		}
		findings = append(findings, list)
	}
	return findings, cpu, nil
}
