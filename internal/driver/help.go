package driver

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/choice"
)

// usage prints how the command is called.
func (c *Command) usage() error {
	var b strings.Builder
	b.WriteString(`chanlint finds operations on channels that panic or block forever.

	chanlint [flags] [packages]          check packages, as go vet names them
	chanlint explain [check]             explain a check, or list them all
	chanlint explain -witness FILE:LINE  show step by step how a finding comes about
	chanlint explain -why FILE:LINE      say why nothing is reported there
	go vet -vettool=$(which chanlint)    run it as a vet tool

It exits with status 0 if there is nothing to report, 1 if there are findings,
and 2 if something kept packages from being checked.

Flags:
`)
	o := new(options)
	fs, _ := c.flags(o)
	witnessFlag(fs, o)
	own, passedOn := new(strings.Builder), new(strings.Builder)
	shared := c.sharedFlags()
	fs.VisitAll(func(f *flag.Flag) {
		arg, about := flag.UnquoteUsage(f)
		into, name := own, f.Name
		if _, ok := f.Value.(collector); ok {
			into = passedOn
		}
		if check, own, ok := strings.Cut(f.Name, "."); ok && slices.Contains(shared, own) {
			if check != c.Analyzers[0].Name {
				return
			}
			name = "CHECK." + own
		}
		fmt.Fprintf(into, "  %-21s %s\n", strings.TrimSpace("-"+name+" "+arg), about)
	})
	b.WriteString(own.String() + "\nFlags handed on to the go command and to the checks:\n" + passedOn.String() + "\nChecks:\n")
	b.WriteString(c.list())
	_, err := fmt.Fprint(c.Stdout, b.String())
	return err
}

// sharedFlags returns the names of the flags that every check has: they are
// printed once.
func (c *Command) sharedFlags() []string {
	var shared []string
	c.Analyzers[0].Flags.VisitAll(func(f *flag.Flag) {
		if !slices.ContainsFunc(c.all(), func(a *analysis.Analyzer) bool { return a.Flags.Lookup(f.Name) == nil }) {
			shared = append(shared, f.Name)
		}
	})
	return shared
}

// list returns one line a check.
func (c *Command) list() string {
	var b strings.Builder
	for i, a := range c.all() {
		page := checkdoc.Parse(a.Doc)
		if i >= len(c.Analyzers) {
			page.Summary = "on request: " + page.Summary
		}
		fmt.Fprintf(&b, "  %-14s %s\n", page.Name, page.Summary)
	}
	return b.String()
}

// explain prints the documentation of the named checks, or a list of all.
func (c *Command) explain(wanted []string) error {
	if len(wanted) == 0 {
		_, err := fmt.Fprint(c.Stdout, c.list())
		return err
	}
	for i, name := range wanted {
		page, err := c.page(name)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(c.Stdout)
		}
		if _, err := fmt.Fprint(c.Stdout, page.Text()); err != nil {
			return err
		}
	}
	return nil
}

// page returns the documentation of the check name.
func (c *Command) page(name string) (checkdoc.Page, error) {
	for _, a := range c.all() {
		if a.Name == name {
			return checkdoc.Parse(a.Doc), nil
		}
	}
	return checkdoc.Page{}, choice.Unknown(c.all(), name)
}
