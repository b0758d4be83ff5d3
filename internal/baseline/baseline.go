// Package baseline remembers findings, so that chanlint can be adopted without
// repairing everything first: what a baseline knows is left out.
//
// A baseline is a JSON file to be kept under version control. Findings are known
// by their fingerprints (see [output.Identify]); the rest of an entry is for
// people. There is one line an entry, sorted, so that files merge well.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/chanlint/chanlint/internal/output"
)

// version is that of the form of the file.
const version = 1

// An entry is one finding.
type entry struct {
	Fingerprint string `json:"fingerprint"`
	Check       string `json:"check"`
	Package     string `json:"package"`
	Function    string `json:"function,omitempty"`
	File        string `json:"file"` // relative to the baseline
	Source      string `json:"source,omitempty"`
}

// A Set is what a baseline knows.
type Set map[string]bool

// Of returns the fingerprints of findings.
func Of(findings []output.Finding) Set {
	s := Set{}
	for _, f := range findings {
		s[f.Fingerprint] = true
	}
	return s
}

// New returns the findings that s does not know, in their order.
func (s Set) New(findings []output.Finding) []output.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f output.Finding) bool { return s[f.Fingerprint] })
}

// Write writes the findings to the file name, replacing what was there.
func Write(name string, findings []output.Finding, sources *output.Sources) error {
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return err
	}
	var entries []entry
	for _, f := range findings {
		file, err := filepath.Abs(filepath.FromSlash(f.Pos.File))
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(dir, file); err == nil {
			file = rel
		}
		entries = append(entries, entry{f.Fingerprint, f.Check, f.PackagePath(), f.Function, filepath.ToSlash(file), sources.Trimmed(f.Pos.OnLine())})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\": %d, \"findings\": [", version)
	for i, e := range entries {
		if i > 0 {
			b.WriteString(",")
		}
		line := new(bytes.Buffer)
		enc := json.NewEncoder(line)
		enc.SetEscapeHTML(false) // <-chan
		if err := enc.Encode(e); err != nil {
			return err
		}
		b.WriteString("\n\t" + string(bytes.TrimSpace(line.Bytes())))
	}
	b.WriteString("\n]}\n")
	return os.WriteFile(name, b.Bytes(), 0o666)
}

// Read reads the file name. The error says if there is none, or if it is no
// baseline.
func Read(name string) (Set, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("-baseline: %w; -write-baseline %s makes it", err, name)
	}
	if err != nil {
		return nil, fmt.Errorf("-baseline: %w", err)
	}
	var file struct {
		Version  int     `json:"version"`
		Findings []entry `json:"findings"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("-baseline: %s is not a baseline of chanlint: %w", name, err)
	}
	if file.Version != version {
		return nil, fmt.Errorf("-baseline: %s has the version %d, and this chanlint knows %d", name, file.Version, version)
	}
	s := Set{}
	for _, e := range file.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("-baseline: %s has a finding without a fingerprint", name)
		}
		s[e.Fingerprint] = true
	}
	return s, nil
}
