// Command cost measures what chanlint costs on top of go vet: the CPU time and
// the peak memory of `go vet -vettool` over the standard library, or over a
// repository, side by side with an analyzer that does nothing, with the checks of
// go vet itself, and with a tool that does not even type-check.
//
// Usage, anywhere inside this repository:
//
//	go run ./internal/cmd/cost [-facts] [-rounds N] [-dir REPOSITORY] [packages]
//
// With -facts it is chanlint with farchan, whose facts are computed for all
// dependencies too, beside chanlint without.
//
// The packages default to std, and with -dir to ./... there. Each round runs
// every tool once, in an order that rotates from round to round, so that what
// else the machine does falls on all of them alike. Every tool is linked anew
// for every round: to the go command it is a tool never seen before, and
// nothing comes from its cache. The CPU time is user plus system time of the
// go command and all its children, as the kernel reports it.
//
// A last run of each tool, outside the rounds, measures the memory: the go
// command calls the tool through this command, which notes the largest
// resident set of any tool process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// A tool is one of the programs that are compared.
type tool struct {
	name string
	pkg  string // package of this repository
}

// base is the number, in both lists below, of the tool to which the ratios are.
const base = 1

// tools are what is compared, and factsTools with -facts.
var (
	tools = []tool{
		{"nothing", "./internal/cmd/cost/nothingvet"},
		{"empty analyzer", "./internal/cmd/cost/emptyvet"},
		{"checks of go vet", "./internal/cmd/cost/stockvet"},
		{"chanlint", "./cmd/chanlint"},
	}
	factsTools = []tool{
		{"empty analyzer", "./internal/cmd/cost/emptyvet"},
		{"chanlint", "./cmd/chanlint"},
		{"with farchan", "./internal/cmd/cost/farvet"},
	}
)

// options are the flags and arguments of the command.
type options struct {
	rounds   int
	tools    []tool
	dir      string
	patterns []string
}

func main() {
	if file := os.Getenv(memoryFile); file != "" {
		os.Exit(watch(file, os.Args[1:]))
	}
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "number of rounds")
	flag.StringVar(&o.dir, "dir", "", "measure over the packages of this `repository`")
	facts := flag.Bool("facts", false, "compare chanlint with farchan and without")
	flag.Parse()
	o.tools = tools
	if *facts {
		o.tools = factsTools
	}
	o.patterns = flag.Args()
	if o.rounds < 1 {
		fmt.Fprintln(os.Stderr, "cost: -rounds must be at least 1")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := cost(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(2)
	}
}

// cost does what the options ask for.
func cost(ctx context.Context, o options) (err error) {
	m := meter{dir: o.dir, patterns: o.patterns}
	if m.root, err = vetrun.Root(ctx); err != nil {
		return err
	}
	if len(m.patterns) == 0 {
		m.patterns = []string{"std"}
		if o.dir != "" {
			m.patterns = []string{"./..."}
		}
	}
	if m.tmp, err = os.MkdirTemp("", "cost-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(m.tmp)) }()
	// Export data of dependencies is built once, outside the measurement.
	if _, err := m.run(ctx, o.tools[base], "warm", ""); err != nil {
		return err
	}
	times := make([][]float64, len(o.tools))
	for round := range o.rounds {
		for i := range o.tools {
			k := (i + round) % len(o.tools)
			cpu, err := m.run(ctx, o.tools[k], strconv.Itoa(round), "")
			if err != nil {
				return err
			}
			times[k] = append(times[k], cpu.Seconds())
			fmt.Fprintf(os.Stderr, "cost: round %d: %s: %.2fs\n", round+1, o.tools[k].name, cpu.Seconds())
		}
	}
	peaks := make([]int64, len(o.tools))
	for i, t := range o.tools {
		file := filepath.Join(m.tmp, "memory")
		if _, err := m.run(ctx, t, "memory", file); err != nil {
			return err
		}
		if peaks[i], err = peak(file); err != nil {
			return err
		}
	}
	printTable(o.tools, times, peaks)
	return nil
}

// printTable prints the table of results: CPU seconds, the ratio to the base tool
// in the same round, and the memory of the largest tool process.
func printTable(tools []tool, times [][]float64, peaks []int64) {
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "tool\tCPU s median\tmin\tmax\tof %s median\tmin\tmax\tpeak MB\t\n", tools[base].name)
	for i, t := range tools {
		s := summarise(times[i])
		r := summarise(ratios(times[i], times[base]))
		fmt.Fprintf(tw, "%s\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f\t%.0f\t\n",
			t.name, s.median, s.min, s.max, r.median, r.min, r.max, float64(peaks[i])/1024)
	}
	tw.Flush()
}

// A meter runs tools over packages.
type meter struct {
	root     string // of this repository
	tmp      string // for the tools
	dir      string // where the packages are, or "" for anywhere
	patterns []string
	serial   int
}

// run links the tool anew, runs it over the packages and returns the CPU time
// that the go command and its children took. With a memory file, the go
// command starts the tool through this command, which writes into that file.
func (m *meter) run(ctx context.Context, t tool, round, memory string) (time.Duration, error) {
	m.serial++
	stamp := fmt.Sprintf("%s-%d-%d", round, m.serial, time.Now().UnixNano())
	program := filepath.Join(m.tmp, toolName)
	if err := vetrun.Build(ctx, m.root, t.pkg, program, stamp); err != nil {
		return 0, err
	}
	cmd := vetrun.Command{
		Tool:     program,
		Dir:      m.dir,
		Env:      []string{"GOFLAGS=-buildvcs=false"},
		Patterns: m.patterns,
	}
	if m.dir == "" {
		cmd.Dir = m.root
	}
	if memory != "" {
		self, err := os.Executable()
		if err != nil {
			return 0, err
		}
		cmd.Flags = append(cmd.Flags, "-toolexec="+self)
		cmd.Env = append(cmd.Env, memoryFile+"="+memory)
	}
	res, err := cmd.Run(ctx)
	if err != nil {
		return 0, err
	}
	for _, text := range res.Broken {
		fmt.Fprintln(os.Stderr, "cost: not analysed:", text)
	}
	return res.CPU, nil
}
