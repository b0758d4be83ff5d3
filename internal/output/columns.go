package output

import (
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Widths of an interleaving in text, in characters.
const (
	textWidth  = 100 // of all columns, if they can be that narrow
	narrowest  = 16  // of one column
	widest     = 36
	sourceMost = 80
)

// mark stands before the step after which a goroutine does nothing more.
const mark = "✗ "

// marked returns the text of a step, marked if it is the goroutine's last.
func (s *Step) marked() string {
	if s.Final {
		return mark + s.Text
	}
	return s.Text
}

// columns writes an interleaving: a row a step, a column a goroutine, and the
// line of source behind it.
func columns(w io.StringWriter, steps []Step, sources *Sources, p painter) {
	t := newTable(steps)
	head, names := make([]string, len(t.goroutines)), make([]string, len(t.goroutines))
	for i, g := range t.goroutines {
		head[i], names[i] = "goroutine "+strconv.Itoa(g.Number), g.Name
	}
	t.row(w, "", head, "", p, bold)
	t.row(w, "", names, "", p, dim)
	for _, s := range steps {
		cells := make([]string, len(t.goroutines))
		style := ""
		if s.Final {
			style = red
		}
		cells[t.column(s.Goroutine)] = s.marked()
		t.row(w, place(s.Pos), cells, shorten(sources.Trimmed(s.Pos.OnLine()), sourceMost), p, style)
	}
}

// A table is the layout of an interleaving.
type table struct {
	goroutines []Goroutine
	gutter     int   // width of the places
	widths     []int // of the columns
}

func newTable(steps []Step) *table {
	t := &table{goroutines: Goroutines(steps)}
	longest := make([]int, len(t.goroutines))
	for i, g := range t.goroutines {
		longest[i] = max(len("goroutine ")+len(strconv.Itoa(g.Number)), utf8.RuneCountInString(g.Name))
	}
	for _, s := range steps {
		t.gutter = max(t.gutter, utf8.RuneCountInString(place(s.Pos)))
		i := t.column(s.Goroutine)
		longest[i] = max(longest[i], utf8.RuneCountInString(s.marked()))
	}
	share := (textWidth - t.gutter) / max(1, len(t.goroutines))
	for _, n := range longest {
		t.widths = append(t.widths, min(n, widest, max(narrowest, share)))
	}
	return t
}

func (t *table) column(goroutine int) int {
	for i, g := range t.goroutines {
		if g.Number == goroutine {
			return i
		}
	}
	return 0
}

// row writes one row, as many lines as its longest cell needs.
func (t *table) row(w io.StringWriter, gutter string, cells []string, source string, p painter, style string) {
	wrapped := make([][]string, len(cells))
	height := 1
	for i, cell := range cells {
		wrapped[i] = wrap(cell, t.widths[i])
		height = max(height, len(wrapped[i]))
	}
	for n := range height {
		var line strings.Builder
		if n > 0 {
			gutter, source = "", ""
		}
		line.WriteString("\t" + p.paint(dim, pad(gutter, t.gutter)))
		for i := range cells {
			text := ""
			if n < len(wrapped[i]) {
				text = wrapped[i][n]
			}
			styled := text
			if style != "" {
				styled = p.paint(style, text)
			}
			line.WriteString("  " + styled + pad("", t.widths[i]-utf8.RuneCountInString(text)))
		}
		w.WriteString(strings.TrimRight(line.String()+"  "+source, " ") + "\n")
	}
}

// pad fills s up to a width with spaces.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// wrap breaks a text into lines of a width between words; a longer word stands
// on a line of its own, cut into pieces.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > width {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			runes := []rune(word)
			lines, word = append(lines, string(runes[:width])), string(runes[width:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// shorten cuts a text to a width.
func shorten(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// place is where a step stands, for a reader who knows the package.
func place(pos Position) string {
	if pos.File == "" {
		return ""
	}
	return path.Base(pos.File) + ":" + strconv.Itoa(pos.Line)
}
