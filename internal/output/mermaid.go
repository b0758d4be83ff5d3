package output

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Mermaid returns an interleaving as a sequence diagram of Mermaid
// (https://mermaid.js.org/syntax/sequenceDiagram.html): a participant for each
// goroutine, an arrow where one starts or meets another, and a note for what it
// does alone.
func Mermaid(steps []Step) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	goroutines := Goroutines(steps)
	for _, g := range goroutines {
		fmt.Fprintf(&b, "    participant G%d as goroutine %d", g.Number, g.Number)
		if g.Name != "" {
			fmt.Fprintf(&b, "<br/>%s", mermaidText(g.Name))
		}
		b.WriteString("\n")
	}
	for _, row := range Rows(steps) {
		s := row.Steps[0]
		text := mermaidText(s.marked() + " (" + place(s.Pos) + ")")
		switch {
		case len(row.Steps) == 2:
			fmt.Fprintf(&b, "    G%d->>G%d: %s<br/>%s\n", s.Goroutine, s.Other, text, mermaidText(row.Steps[1].Text+" ("+place(row.Steps[1].Pos)+")"))
		case slices.ContainsFunc(goroutines, func(g Goroutine) bool { return g.Number == s.Other }):
			fmt.Fprintf(&b, "    G%d-->>G%d: %s\n", s.Goroutine, s.Other, text)
		default:
			fmt.Fprintf(&b, "    Note over G%d: %s\n", s.Goroutine, text)
		}
	}
	return b.String()
}

// A Row is one moment of an interleaving: a step, or the two of a rendezvous, the
// send first.
type Row struct{ Steps []Step }

// Rows returns the moments of an interleaving.
func Rows(steps []Step) []Row {
	var rows []Row
	for i := 0; i < len(steps); i++ {
		row := Row{steps[i : i+1]}
		if i+1 < len(steps) && meet(steps[i], steps[i+1]) {
			row.Steps = steps[i : i+2]
			i++
		}
		rows = append(rows, row)
	}
	return rows
}

// meet reports whether two steps are the two halves of one rendezvous.
func meet(a, b Step) bool {
	return strings.HasPrefix(a.Text, "sends ") && strings.HasPrefix(b.Text, "receives ") && a.Other == b.Goroutine && b.Other == a.Goroutine
}

// mermaidText escapes whatever Mermaid could take for syntax as an entity code.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r > unicode.MaxASCII && unicode.IsPrint(r), unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" .,()/_-", r):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteRune(' ')
		case unicode.IsPrint(r):
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune('\uFFFD')
		}
	}
	return b.String()
}
