package driver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// A leakRecord is what the package runtime/leakcheck writes about one group of
// goroutines, as far as the driver asks; its type Leak documents the form. The
// driver does not import it: the analyzers' program has no use for goleak.
type leakRecord struct {
	Test                    string `json:"test"`
	Package                 string `json:"package"`
	State                   string `json:"state"`
	Proved                  bool   `json:"proved"`
	Count                   int    `json:"count"`
	Blocked, Started, Entry frame
}

// A frame is one line of a stack, with the file as the compiler recorded it.
type frame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
}

// readLeaks reads files of leaks, one JSON object a line. The error names the
// file, and the line if it is no leak.
func readLeaks(files []string) ([]leakRecord, error) {
	var records []leakRecord
	for _, name := range files {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("-leaks: %w; leakcheck writes no file if nothing leaks", err)
		}
		if err != nil {
			return nil, fmt.Errorf("-leaks: %w", err)
		}
		n := 0
		for line := range bytes.Lines(data) {
			n++
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			r, err := readLeak(line)
			if err != nil {
				return nil, fmt.Errorf("-leaks: %s:%d: not a leak as leakcheck writes it: %w", name, n, err)
			}
			records = append(records, r)
		}
	}
	return records, nil
}

// readLeak reads one line.
func readLeak(line []byte) (r leakRecord, err error) {
	if err := json.Unmarshal(line, &r); err != nil {
		return r, err
	}
	switch {
	case r.State == "":
		return r, errors.New("it has no state")
	case r.Count < 1:
		return r, errors.New("it has no count of goroutines")
	case r.Blocked == frame{}:
		return r, errors.New("it has no blocked operation")
	}
	return r, nil
}

// packagePath returns the import path in a function name of the runtime. Type
// arguments may hold slashes and come after it, and the linker escapes the dots
// of its last element.
func packagePath(function string) string {
	name, _, _ := strings.Cut(function, "[")
	slash := strings.LastIndexByte(name, '/')
	last, _, _ := strings.Cut(name[slash+1:], ".")
	return name[:slash+1] + strings.ReplaceAll(last, "%2e", ".")
}
