package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// warm measures reruns over the directories.
func warm(ctx context.Context, root string, dirs []string, rounds int) (err error) {
	tool, err := vetrun.BuildChanlint(ctx, root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(tool))) }()
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "directory\tgo vet CPU s\tchanlint CPU s\tratio median\tmin\tmax\t")
	commands := [][]string{{"go", "vet", "./..."}, {tool, "./..."}}
	for _, dir := range dirs {
		var cpu [2][]float64
		for round := range rounds + 1 {
			for i := range commands {
				k := (i + round) % 2
				took, err := measure(ctx, dir, commands[k])
				if err != nil {
					return err
				}
				if round > 0 { // the first fills the caches
					cpu[k] = append(cpu[k], took.Seconds())
				}
			}
		}
		ratios := make([]float64, rounds)
		for i := range ratios {
			ratios[i] = cpu[1][i] / cpu[0][i]
		}
		fmt.Fprintf(tw, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t\n",
			filepath.Base(dir), median(cpu[0]), median(cpu[1]), median(ratios), slices.Min(ratios), slices.Max(ratios))
	}
	return tw.Flush()
}

// measure returns the CPU time of a command and all its children. That it reports
// something is no error.
func measure(ctx context.Context, dir string, command []string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// median returns the middle of a series that is not empty.
func median(series []float64) float64 {
	s := slices.Sorted(slices.Values(series))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
