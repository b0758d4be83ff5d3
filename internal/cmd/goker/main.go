// Command goker scores chanlint on programs that are known to leak: GoKer's
// blocking kernels, Uber's common patterns and the simple cases, which the Go
// distribution keeps as the test of its goroutine-leak profile.
//
// Usage, anywhere inside this repository:
//
//	go run ./internal/cmd/goker [-v] [-gobench CHECKOUT] [-tool PROGRAM]
//
// The programs are analysed where they are, below GOROOT/src/runtime/testdata,
// through go vet. Five of GoKer's kernels and its channel misuses are not in
// the Go distribution; with a checkout of GoBench
//
//	git clone https://github.com/timmyyuan/gobench CHECKOUT
//	git -C CHECKOUT checkout --detach 2e91eb10b8e7b2873ea44f12b87ec1b2520e1b69
//
// they are scored too, without one they count as missed.
//
// The truth stands in testdata/ledger/goker_truth.tsv, written against go1.26:
// every goroutine that the Go test expects to leak, the function it runs and
// the line it blocks at. A program is found if, for a goroutine that is not
// merely blocked in consequence of another,
//
//	op     a report of a blocking check stands at the line that blocks, or its
//	       message or a related position names that line; or
//	cause  a report of a blocking check stands elsewhere in the function that
//	       leaks, where function means the innermost literal or declaration.
//
// Reports of checks that predict panics find no leak; they and all other
// reports that meet no row of the table are printed as extra. Each extra report
// is a false positive unless testdata/ledger/goker_extra.tsv says otherwise;
// what that table judges finds no program, even inside a function that leaks.
// The CPU time is that of the go command and the tool together, with the tool
// linked afresh so that no result comes from a cache; beside it stands the time
// of the same run with an analyzer that does nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// options are the flags of the command.
type options struct {
	verbose bool
	gobench string
	tool    string
}

func main() {
	var o options
	flag.BoolVar(&o.verbose, "v", false, "print the reports that each program was found by")
	flag.StringVar(&o.gobench, "gobench", "", "also analyse the kernels that only this `checkout` of GoBench has")
	flag.StringVar(&o.tool, "tool", "", "use this vet tool instead of building chanlint")
	flag.Parse()
	if o.tool != "" {
		path, err := filepath.Abs(o.tool)
		if err != nil {
			fmt.Fprintln(os.Stderr, "goker:", err)
			os.Exit(2)
		}
		o.tool = path
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := goker(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "goker:", err)
		os.Exit(2)
	}
}

// goker does what the options ask for.
func goker(ctx context.Context, o options) error {
	root, err := vetrun.Root(ctx)
	if err != nil {
		return err
	}
	ledger := filepath.Join(root, "testdata", "ledger")
	programs, err := readTruth(filepath.Join(ledger, "goker_truth.tsv"))
	if err != nil {
		return err
	}
	judged, err := readExtra(filepath.Join(ledger, "goker_extra.tsv"))
	if err != nil {
		return err
	}
	folders, err := folders(ctx, o, programs)
	if err != nil {
		return err
	}
	findings, cpu, err := analyse(ctx, o, root, folders)
	if err != nil {
		return err
	}
	results := scoreAll(programs, folders, findings, judged)
	printResults(os.Stdout, results, o.verbose)
	printGroups(os.Stdout, results)
	printExtra(os.Stdout, unmet(findings, results), judged)
	fmt.Printf("\nCPU %.2fs for all of them, of which %.2fs go to the go command with an empty analyzer\n",
		cpu.chanlint.Seconds(), cpu.empty.Seconds())
	return nil
}
