// Command corpus is the gate that chanlint's reports on real code pass: it
// runs chanlint over the standard library and over pinned checkouts of public
// repositories, and compares what it reports with a ledger in which a person
// has judged every report.
//
// Usage, anywhere inside this repository:
//
//	go run ./internal/cmd/corpus [-std] [-dir CHECKOUTS] [-only name,name] [-update] [-confidence=likely] [-tool PROGRAM]
//
// -std stands for the packages of the Go distribution, -dir for the folder with
// the checkouts that testdata/ledger/corpora.tsv lists; a checkout that is
// missing or at another commit is an error that says which git commands get
// it. Modules that a checkout depends on are downloaded by the go command as
// for any build.
//
// The command prints its figures (reports by check and by corpus, those in test
// files apart) and exits with status 1, after naming them, if
//
//   - a report is not in testdata/ledger/reports.tsv, or nobody has judged it,
//   - a report that is expected there does not appear,
//   - a report that is marked as gone is back,
//   - a package of a corpus is not analysed although it should be.
//
// With -confidence=likely it does the same for the reports that are only likely,
// whose ledger is testdata/ledger/reports_likely.tsv.
//
// With -update it also adds new reports to the ledger, unjudged, and refreshes
// the line numbers of known ones; it never drops or judges anything. To accept
// that a report disappeared, write "gone" into its state and say why in its
// reason.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// The gate's files, relative to the root of the repository.
const (
	corporaFile = "testdata/ledger/corpora.tsv"
	ledgerFile  = "testdata/ledger/reports.tsv"
	likelyFile  = "testdata/ledger/reports_likely.tsv"
)

// environment makes the set of files that are analysed the same everywhere.
var environment = []string{
	"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0",
	"GOFLAGS=-buildvcs=false", "GOTOOLCHAIN=local", "GOEXPERIMENT=",
}

// options are the flags of the command.
type options struct {
	std    bool
	dir    string
	only   string
	update bool
	tool   string
	likely bool
}

// ledger returns the file with the judged reports of the chosen confidence.
func (o options) ledger(root string) string {
	if o.likely {
		return filepath.Join(root, likelyFile)
	}
	return filepath.Join(root, ledgerFile)
}

// A run is what one corpus gave.
type run struct {
	corpus  corpus
	reports []report
	broken  []string
	cpu     time.Duration
}

func main() {
	var o options
	flag.BoolVar(&o.std, "std", false, "run over the Go distribution's packages")
	flag.StringVar(&o.dir, "dir", "", "run over the checkouts in this `folder`")
	flag.StringVar(&o.only, "only", "", "run only over the corpora with these `names`, separated by commas")
	flag.BoolVar(&o.update, "update", false, "add new reports to the ledger, unjudged, and refresh line numbers")
	flag.BoolFunc("confidence", "with =likely: the reports that this confidence adds, and their ledger", func(level string) error {
		if level != "likely" {
			return errors.New("must be likely")
		}
		o.likely = true
		return nil
	})
	flag.StringVar(&o.tool, "tool", "", "use this vet tool instead of building chanlint")
	flag.Parse()
	if flag.NArg() > 0 || !o.std && o.dir == "" {
		fmt.Fprintln(os.Stderr, "usage: corpus [-std] [-dir CHECKOUTS] [-only name,name] [-update] [-confidence=likely] [-tool PROGRAM]")
		flag.PrintDefaults()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	agree, err := gate(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
	if !agree {
		os.Exit(1)
	}
}

// gate does what the options ask for and reports whether run and ledger agree.
func gate(ctx context.Context, o options) (agree bool, err error) {
	root, err := vetrun.Root(ctx)
	if err != nil {
		return false, err
	}
	all, err := readCorpora(filepath.Join(root, corporaFile))
	if err != nil {
		return false, err
	}
	var names []string
	if o.only != "" {
		names = strings.Split(o.only, ",")
	}
	chosen, err := choose(all, o.std, o.dir, names)
	if err != nil {
		return false, err
	}
	ledger, err := readLedger(o.ledger(root))
	if err != nil {
		return false, err
	}
	runs, err := runAll(ctx, o, root, chosen)
	if err != nil {
		return false, err
	}
	var reports []report
	ran := make(map[string]bool)
	for _, r := range runs {
		ran[r.corpus.name] = true
		reports = append(reports, r.reports...)
	}
	c := compare(reports, ledger, ran)
	printFigures(os.Stdout, c, runs)
	complain(c)
	whole := complainBroken(runs)
	if o.update {
		if err := writeLedger(o.ledger(root), c.update(ledger, ran)); err != nil {
			return false, err
		}
	}
	return c.ok() && whole, nil
}

// runAll builds chanlint, unless another tool is given, makes sure that every
// checkout is there before it spends time on the first, and runs the tool over
// each corpus in turn.
func runAll(ctx context.Context, o options, root string, chosen []corpus) (runs []run, err error) {
	roots := make([]string, len(chosen))
	var missing []error
	for i, c := range chosen {
		dir, remark, err := c.root(ctx, o.dir)
		if err != nil {
			missing = append(missing, err)
		}
		if remark != "" {
			fmt.Fprintln(os.Stderr, "corpus:", remark)
		}
		roots[i] = dir
	}
	if err := errors.Join(missing...); err != nil {
		return nil, err
	}
	tool := o.tool
	if tool == "" {
		if tool, err = vetrun.BuildChanlint(ctx, root); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(tool))) }()
	} else if tool, err = filepath.Abs(tool); err != nil {
		return nil, err
	}
	for i, c := range chosen {
		r, err := runOne(ctx, tool, roots[i], c, o.likely)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(os.Stderr, "corpus: %s: %d reports, %s CPU\n", c.name, len(r.reports), seconds(r.cpu))
		runs = append(runs, r)
	}
	return runs, nil
}

// runOne runs the tool over one corpus whose checkout is root. If likely, the
// reports are those that this confidence adds.
func runOne(ctx context.Context, tool, root string, c corpus, likely bool) (run, error) {
	flags := c.flags
	if likely {
		flags = append(slices.Clip(flags), "-confidence=likely")
	}
	res, err := vetrun.Command{
		Tool:     tool,
		Dir:      filepath.Join(root, c.dir),
		Env:      environment,
		Flags:    flags,
		Patterns: c.patterns,
	}.Run(ctx)
	if err != nil {
		return run{}, err
	}
	var known sites
	r := run{corpus: c, broken: res.Broken, cpu: res.CPU}
	for _, d := range res.Diagnostics {
		if d.Likely != likely {
			continue
		}
		r.reports = append(r.reports, newReport(c.name, root, d, &known))
	}
	return r, nil
}

// complain prints where run and ledger disagree: what is new in the ledger's
// form, ready to be judged, and what is missing.
func complain(c comparison) {
	for _, part := range []struct {
		title   string
		entries []entry
	}{
		{"not in the ledger (judge each: read the code, then write true or false and a reason)", c.fresh},
		{"in the ledger, but unjudged", c.unjudged},
		{"expected, but not reported (state gone, with the reason, if that is right)", c.vanished},
		{"marked as gone, but reported again", c.back},
	} {
		if len(part.entries) == 0 {
			continue
		}
		fmt.Printf("\n%d reports %s:\n", len(part.entries), part.title)
		for _, e := range part.entries {
			fmt.Println(e.row())
		}
	}
}

// complainBroken prints what was not analysed and reports whether that is
// nothing.
func complainBroken(runs []run) bool {
	whole := true
	for _, r := range runs {
		for _, text := range r.broken {
			whole = false
			fmt.Printf("\n%s: not analysed: %s\n", r.corpus.name, text)
		}
	}
	return whole
}
