package output

import (
	"bytes"
	"os"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sources reads the lines of source files, each file once. A file that cannot be
// read has no lines.
type Sources struct {
	read  func(name string) ([]byte, error)
	files map[string][]string
	// By file: where its lines begin and how long it is, in bytes.
	starts map[string][]int
	sizes  map[string]int
}

// NewSources returns sources that read gets the text of; nil means os.ReadFile.
func NewSources(read func(name string) ([]byte, error)) *Sources {
	if read == nil {
		read = os.ReadFile
	}
	return &Sources{read: read, files: map[string][]string{}, starts: map[string][]int{}, sizes: map[string]int{}}
}

// maxSource is how long a file may be that is read for a line of it.
const maxSource = 16 << 20

// lines returns the lines of a file without their ends.
func (s *Sources) lines(file string) []string {
	if lines, ok := s.files[file]; ok {
		return lines
	}
	var lines []string
	if text, err := s.read(file); err == nil && len(text) <= maxSource && !bytes.ContainsRune(text, 0) {
		s.starts[file] = append(s.starts[file], 0)
		for line := range strings.Lines(string(text)) {
			s.sizes[file] += len(line)
			if strings.HasSuffix(line, "\n") {
				s.starts[file] = append(s.starts[file], s.sizes[file])
			}
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	s.files[file] = lines
	return lines
}

// Text returns a line as it stands in the file, or nothing if there is none.
func (s *Sources) Text(at Line) string {
	lines := s.lines(at.File)
	if at.Line < 1 || at.Line > len(lines) {
		return ""
	}
	return strings.ToValidUTF8(lines[at.Line-1], "\uFFFD")
}

// at returns the position of a byte of a file, counted from 0.
func (s *Sources) at(file string, offset int) (Position, bool) {
	if offset < 0 || len(s.lines(file)) == 0 || offset > s.sizes[file] {
		return Position{}, false
	}
	line := sort.SearchInts(s.starts[file], offset+1) // the first that begins behind it
	return Position{file, line, offset - s.starts[file][line-1] + 1}, true
}

// Trimmed returns a line without the space around it and fit to be printed.
func (s *Sources) Trimmed(at Line) string { return printable(strings.TrimSpace(s.Text(at))) }

// printable replaces what could command a terminal or hide what a line says.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return '\uFFFD'
		}
		return r
	}, line)
}

// caret returns the line of a position and a line that marks the position, up to
// the end if that is on the same line; nothing if the file has no such line.
func (s *Sources) caret(pos Position, end *Position) (line, mark string) {
	whole := s.Text(pos.OnLine())
	column := pos.Column - 1
	if strings.TrimSpace(whole) == "" || column < 0 || column >= len(whole) {
		return "", ""
	}
	indent := len(whole) - len(strings.TrimLeftFunc(whole, unicode.IsSpace))
	indent = min(indent, column)
	mark = strings.Repeat(" ", utf8.RuneCountInString(whole[indent:column])) + "^"
	if end != nil && end.OnLine() == pos.OnLine() && end.Column <= len(whole)+1 && end.Column > pos.Column {
		mark += strings.Repeat("~", max(0, utf8.RuneCountInString(whole[column:end.Column-1])-1))
	}
	return printable(strings.TrimRightFunc(whole[indent:], unicode.IsSpace)), mark
}
