package output

import (
	"bufio"
	"fmt"
	"io"
)

// Escape sequences of ECMA-48 that terminals understand.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	red   = "\x1b[31m"
	reset = "\x1b[0m"
)

// A painter colours text, or does not.
type painter bool

func (p painter) paint(style, s string) string {
	if !p || s == "" {
		return s
	}
	return style + s + reset
}

// Text writes a line a finding, in the form that editors know from compilers.
// Indented below it are the line of source with a mark, and the interleaving or
// a line for each related position.
func Text(w io.Writer, r *Report) error {
	p := painter(r.Colour)
	b := bufio.NewWriter(w)
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(b, "%s %s %s\n", p.paint(bold, f.Pos.String()+":"), printable(f.Message), p.paint(dim, "("+f.label()+")"))
		if line, mark := r.Sources.caret(f.Pos, f.End); line != "" {
			fmt.Fprintf(b, "\t%s\n\t%s\n", line, p.paint(red, mark))
		}
		if len(f.Steps) > 0 {
			b.WriteString("\n")
			columns(b, f.Steps, r.Sources, p)
			b.WriteString("\n")
		}
		for _, rel := range f.Related {
			fmt.Fprintf(b, "\t%s\n", p.paint(dim, rel.Pos.String()+": "+rel.Message))
		}
	}
	if r.Leaks != nil {
		r.Leaks.text(b, r.Findings)
	}
	return b.Flush()
}
