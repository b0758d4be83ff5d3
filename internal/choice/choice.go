// Package choice reads lists of checks as people write them, on the command
// line and in the settings of golangci-lint.
package choice

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// From returns the analyzers that list selects, in their own order: those of
// byDefault first. The list holds names, "all", and names behind a minus sign,
// which it takes out; a list that begins with a minus sign, and an empty one,
// start from "all". The analyzers onRequest must be named, since "all" does not
// speak for them. The error is that a name is no analyzer's, or that none is
// left.
func From(byDefault, onRequest []*analysis.Analyzer, list []string) ([]*analysis.Analyzer, error) {
	known := slices.Concat(byDefault, onRequest)
	chosen := make(map[string]bool)
	set := func(on bool) {
		for _, a := range byDefault {
			chosen[a.Name] = on
		}
	}
	for i, item := range append(slices.Clone(list), "") {
		item = strings.TrimSpace(item)
		name, out := strings.CutPrefix(item, "-")
		if i == 0 && (out || item == "") {
			set(true)
		}
		switch {
		case item == "":
		case name == "all":
			set(!out)
		case !slices.Contains(Names(known), name):
			return nil, Unknown(known, name)
		default:
			chosen[name] = !out
		}
	}
	selected := slices.DeleteFunc(known, func(a *analysis.Analyzer) bool { return !chosen[a.Name] })
	if len(selected) == 0 {
		return nil, fmt.Errorf("the list %s leaves no check to run", strings.Join(list, ","))
	}
	return selected, nil
}

// Unknown says that none of the analyzers is called name, and what they are
// called.
func Unknown(analyzers []*analysis.Analyzer, name string) error {
	return fmt.Errorf("there is no check %q; the checks are %s", name, strings.Join(Names(analyzers), ", "))
}

// Names returns the names of analyzers, sorted.
func Names(analyzers []*analysis.Analyzer) []string {
	var out []string
	for _, a := range analyzers {
		out = append(out, a.Name)
	}
	slices.Sort(out)
	return out
}
