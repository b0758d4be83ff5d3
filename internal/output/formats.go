package output

import (
	"io"
	"slices"
	"strings"
)

// A Format is a way to write findings.
type Format struct {
	Name  string
	Steps bool // whether it shows interleavings, so that they should be asked for
	Write func(w io.Writer, r *Report) error
}

// Formats returns every format.
func Formats() []Format {
	return []Format{
		{"text", false, Text},
		{"json", false, JSON},
		{"sarif", true, SARIF},
		{"github", false, GitHub},
		{"markdown", true, Markdown},
		{"html", true, HTML},
	}
}

// Named returns the format called name.
func Named(name string) (f Format, ok bool) {
	all := Formats()
	i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return all[i], true
}

// Names lists the formats for a message.
func Names() string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
