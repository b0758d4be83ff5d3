package driver

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/chanlint/chanlint/internal/report"
)

// A format is a way to print findings.
type format struct {
	name  string
	write func(w io.Writer, r *Result, colour bool) error
}

// formats returns every format; -format takes their names.
func formats() []format {
	return []format{
		{"text", writeText},
		{"json", writeJSON},
	}
}

// formatNamed returns the format called name.
func formatNamed(name string) (format, bool) {
	for _, f := range formats() {
		if f.name == name {
			return f, true
		}
	}
	return format{}, false
}

// formatNames lists the formats for a message.
func formatNames() string {
	var all []string
	for _, f := range formats() {
		all = append(all, f.name)
	}
	return strings.Join(all, ", ")
}

// print writes r to where o wants it, in the format that o names.
func (c *Command) print(r *Result, o *options) (err error) {
	f, _ := formatNamed(o.format) // parse has seen to it that there is one
	if o.output == "" {
		return f.write(c.Stdout, r, isTerminal(c.Stdout) && os.Getenv("NO_COLOR") == "")
	}
	file, err := os.Create(o.output)
	if err != nil {
		return err
	}
	if err := f.write(file, r, false); err != nil {
		file.Close() // the first error says more
		return err
	}
	return file.Close()
}

// writeJSON writes r as one JSON object.
func writeJSON(w io.Writer, r *Result, _ bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // <-chan
	enc.SetIndent("", "\t")
	return enc.Encode(r)
}

// Escape sequences of ECMA-48 that terminals understand.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

// source names the check, and the confidence unless f is certain.
func (f Finding) source() string {
	if f.Confidence == report.Likely.String() {
		return f.Check + ", " + f.Confidence
	}
	return f.Check
}

// writeText writes a line a finding, in the form that editors know from
// compilers, and indented below it a line for each related position.
func writeText(w io.Writer, r *Result, colour bool) error {
	paint := func(style, s string) string {
		if !colour {
			return s
		}
		return style + s + reset
	}
	b := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(b, "%s %s %s\n", paint(bold, f.Pos.String()+":"), f.Message, paint(dim, "("+f.source()+")"))
		for _, rel := range f.Related {
			fmt.Fprintf(b, "\t%s\n", paint(dim, rel.Pos.String()+": "+rel.Message))
		}
	}
	if r.Leaks != nil {
		writeLeaks(b, r)
	}
	return b.Flush()
}
