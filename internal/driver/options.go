package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/choice"
	"github.com/chanlint/chanlint/internal/output"
	"github.com/chanlint/chanlint/internal/report"
)

// options is what the command line asks for.
type options struct {
	dir        string // -C
	tests      bool
	format     string
	output     string   // -o
	leaks      []string // files of leaks
	fix        bool
	diff       bool
	version    bool
	unused     bool
	trimpath   bool // share results with checkouts in other directories
	verbose    bool // the go command was asked to talk, so pass on what it says as it says it
	confidence report.Confidence
	witness    bool // ask for interleavings
	baseline   string
	write      string // the baseline to write
	newFrom    string // a revision
	selected   []*analysis.Analyzer
	buildFlags []string // for the go command, in the order given
	toolFlags  []string // for the analyzers
	patterns   []string
}

// unusedIgnore is the check that -unused-suppressions adds.
const unusedIgnore = "unusedignore"

// buildFlags are the flags of "go help build" that have a meaning for go vet
// and are handed on to it unread.
var buildFlags = []struct {
	name, about string
	isBool      bool
}{
	{"a", "check packages again even if nothing has changed", true},
	{"asan", "build tags and files as for the address sanitizer", true},
	{"buildvcs", "as in go help build", true},
	{"compiler", "as in go help build", false},
	{"gcflags", "as in go help build", false},
	{"installsuffix", "as in go help build", false},
	{"ldflags", "as in go help build", false},
	{"linkshared", "as in go help build", true},
	{"mod", "module download `mode`: readonly, vendor or mod", false},
	{"modcacherw", "as in go help build", true},
	{"modfile", "read this `file` instead of go.mod", false},
	{"msan", "build tags and files as for the memory sanitizer", true},
	{"overlay", "JSON `file` that replaces source files", false},
	{"p", "check `n` packages at a time", false},
	{"pkgdir", "as in go help build", false},
	{"race", "build tags and files as for the race detector", true},
	{"tags", "comma-separated `list` of build tags", false},
	{"toolexec", "as in go help build", false},
	{"v", "print the names of packages as they are checked", true},
	{"work", "keep the go command's temporary directory", true},
	{"x", "print the commands that the go command runs", true},
}

// collector is a flag.Value that keeps a flag and its value as the go command
// reads them.
type collector struct {
	name   string
	isBool bool
	into   *[]string
	check  flag.Value // refuses what is no value; may be nil
}

func (c collector) String() string   { return "" }
func (c collector) IsBoolFlag() bool { return c.isBool }

func (c collector) Set(value string) error {
	if c.check != nil {
		if err := c.check.Set(value); err != nil {
			return err
		}
	}
	*c.into = append(*c.into, "-"+c.name+"="+value)
	return nil
}

// flags returns the flag set that fills in o, and the value of -checks.
func (c *Command) flags(o *options) (fs *flag.FlagSet, checks *string) {
	fs = flag.NewFlagSet("chanlint", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // Run prints the error, usage prints the flags
	fs.StringVar(&o.dir, "C", "", "run the go command in this `dir`ectory")
	checks = fs.String("checks", "all", "comma-separated `list` of checks to run; -NAME takes one out")
	fs.BoolVar(&o.trimpath, "trimpath", false, "share cached results with checkouts in other directories")
	fs.BoolVar(&o.unused, "unused-suppressions", false, "report comments that silence nothing: the check "+unusedIgnore+", besides the others")
	fs.Var(&o.confidence, "confidence", report.ConfidenceUsage)
	fs.BoolVar(&o.tests, "test", true, "report findings in test files")
	fs.StringVar(&o.format, "format", "text", "output `format`: "+output.Names())
	fs.BoolFunc("json", "the same as -format json", func(value string) error {
		on, err := strconv.ParseBool(value)
		if on {
			o.format = "json"
		}
		return err
	})
	fs.StringVar(&o.output, "o", "", "write the findings to this `file`")
	fs.Func("leaks", "compare the findings with the leaks in this `file` of runtime/leakcheck; may be repeated", func(name string) error {
		o.leaks = append(o.leaks, name)
		return nil
	})
	fs.StringVar(&o.baseline, "baseline", "", "leave out the findings that this `file` knows")
	fs.StringVar(&o.write, "write-baseline", "", "write all findings to this baseline `file`, and report none")
	fs.StringVar(&o.newFrom, "new-from", "", "report only what is new since this git `rev`ision")
	fs.BoolVar(&o.fix, "fix", false, "apply the suggested fixes, then report what is left")
	fs.BoolVar(&o.diff, "diff", false, "with -fix, print the changes instead of making them")
	fs.BoolVar(&o.version, "version", false, "print the version")
	for _, f := range buildFlags {
		fs.Var(collector{f.name, f.isBool, &o.buildFlags, nil}, f.name, f.about)
	}
	for _, a := range c.all() {
		a.Flags.VisitAll(func(f *flag.Flag) {
			b, ok := f.Value.(interface{ IsBoolFlag() bool })
			name := a.Name + "." + f.Name
			fs.Var(collector{name, ok && b.IsBoolFlag(), &o.toolFlags, f.Value}, name, f.Usage)
		})
	}
	return fs, checks
}

// parse reads the command line. The error is flag.ErrHelp if it asks for help.
func (c *Command) parse(args []string) (*options, error) {
	o := new(options)
	fs, checks := c.flags(o)
	witnessFlag(fs, o)
	if err := fs.Parse(args); err != nil {
		return nil, flagError(err)
	}
	return o, c.settle(o, fs.Args(), *checks)
}

// witnessFlag adds the flag that asks for interleavings, which for explain is
// another one.
func witnessFlag(fs *flag.FlagSet, o *options) {
	fs.BoolVar(&o.witness, "witness", false, "print the whole interleaving that leads to each finding")
}

// flagError says where to find help, unless that is what was asked for.
func flagError(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return fmt.Errorf("%w; chanlint help lists the flags", err)
}

// settle fills in what follows from the flags, and says what is wrong with them.
func (c *Command) settle(o *options, patterns []string, checks string) error {
	o.patterns = patterns
	for _, p := range o.patterns {
		if strings.HasPrefix(p, "-") {
			return fmt.Errorf("%s stands behind %s; flags come before packages", p, o.patterns[0])
		}
	}
	f, ok := output.Named(o.format)
	o.witness = o.witness || f.Steps
	if !ok {
		return fmt.Errorf("there is no format %q; the formats are %s", o.format, output.Names())
	}
	filtered := o.baseline != "" || o.write != "" || o.newFrom != ""
	switch {
	case filtered && o.fix:
		return errors.New("-fix repairs all there is; it does not go with -baseline, -write-baseline and -new-from")
	case filtered && len(o.leaks) > 0:
		return errors.New("-leaks speaks of all findings; it does not go with -baseline, -write-baseline and -new-from")
	case o.write != "" && (o.baseline != "" || o.newFrom != ""):
		return errors.New("-write-baseline writes all findings; it does not go with -baseline and -new-from")
	}
	if o.diff && !o.fix {
		return errors.New("-diff goes with -fix")
	}
	if o.diff && len(o.leaks) > 0 {
		return errors.New("-leaks does not go with -diff, which prints no findings")
	}
	list := strings.Split(checks, ",")
	if o.unused {
		list = append(list, unusedIgnore)
	}
	var err error
	if o.selected, err = choice.From(c.Analyzers, c.OnRequest, list); err != nil {
		return err
	}
	for _, talk := range []string{"-v=true", "-x=true", "-work=true"} {
		o.verbose = o.verbose || slices.Contains(o.buildFlags, talk)
	}
	o.toolFlags = append(c.selection(o), o.toolFlags...)
	return nil
}

// selection returns the flags by which the vet tool runs what o selects.
// Everything goes through flags: the go command's cache knows about those and
// not about the environment.
func (c *Command) selection(o *options) []string {
	var flags []string
	// The tool decides what go fix runs if nothing is named.
	byName := o.fix || !slices.Equal(o.selected, c.Analyzers)
	for _, a := range o.selected {
		if byName {
			flags = append(flags, "-"+a.Name)
		}
		if o.witness && a.Flags.Lookup("witness") != nil {
			flags = append(flags, "-"+a.Name+".witness")
		}
		if o.confidence != report.Certain && a.Flags.Lookup("confidence") != nil {
			flags = append(flags, "-"+a.Name+".confidence="+o.confidence.String())
		}
	}
	return flags
}
