// Package tsv reads and writes the tables that the commands of this repository
// keep their facts and judgements in: one record a line, fields separated by
// tabs, a header in the first line, and lines that begin with # for people.
//
// Quoting does not exist: a field holds neither a tab nor a line break, so that
// every row is one line of a diff.
package tsv

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// A Row is one record. Get looks its fields up by the name of their column.
type Row struct {
	// Line is the row's line in the file, for error messages.
	Line   int
	fields []string
	index  map[string]int
}

// Get returns the field in the named column. A column that the table does not
// have, or that the row leaves out at its end, is the empty string: Read has
// already refused a table that lacks a required column.
func (r Row) Get(column string) string {
	i, ok := r.index[column]
	if !ok || i >= len(r.fields) {
		return ""
	}
	return r.fields[i]
}

// ReadFile reads the table in the named file. It fails if the file cannot be
// read or lacks one of the required columns.
func ReadFile(name string, required ...string) ([]Row, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := Read(f, required...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

// Read reads a table: the header, which must hold every required column, then
// the rows. It skips empty lines and lines that begin with #, and fails on a
// row with more fields than the header has names.
func Read(r io.Reader, required ...string) ([]Row, error) {
	var (
		rows  []Row
		index map[string]int
		sc    = bufio.NewScanner(r)
		n     int
	)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		n++
		line := sc.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if index == nil {
			index = make(map[string]int, len(fields))
			for i, name := range fields {
				index[name] = i
			}
			for _, name := range required {
				if _, ok := index[name]; !ok {
					return nil, fmt.Errorf("line %d: the header has no column %q", n, name)
				}
			}
			continue
		}
		if len(fields) > len(index) {
			return nil, fmt.Errorf("line %d: %d fields for %d columns", n, len(fields), len(index))
		}
		rows = append(rows, Row{Line: n, fields: fields, index: index})
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	if index == nil && len(required) > 0 {
		return nil, fmt.Errorf("no header")
	}
	return rows, nil
}

// Join returns fields as one line of a table, without the line break. Tabs and
// line breaks inside a field become blanks, since the format cannot hold them.
func Join(fields ...string) string {
	clean := make([]string, len(fields))
	for i, f := range fields {
		clean[i] = strings.Join(strings.FieldsFunc(f, func(r rune) bool {
			return r == '\t' || r == '\n' || r == '\r'
		}), " ")
	}
	return strings.Join(clean, "\t")
}
