package driver

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// choose returns the analyzers that a -checks list selects, in their own order.
// The list holds names, "all", and names behind a minus sign, which it takes
// out; a list that begins with a minus sign starts from all of them.
func choose(all []*analysis.Analyzer, list string) ([]*analysis.Analyzer, error) {
	chosen := make(map[string]bool)
	set := func(on bool) {
		for _, a := range all {
			chosen[a.Name] = on
		}
	}
	for i, item := range strings.Split(list, ",") {
		item = strings.TrimSpace(item)
		name, out := strings.CutPrefix(item, "-")
		if i == 0 && (out || item == "") {
			set(true)
		}
		switch {
		case item == "":
		case name == "all":
			set(!out)
		case !slices.Contains(names(all), name):
			return nil, unknownCheck(all, name)
		default:
			chosen[name] = !out
		}
	}
	var selected []*analysis.Analyzer
	for _, a := range all {
		if chosen[a.Name] {
			selected = append(selected, a)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("-checks %s leaves no check to run", list)
	}
	return selected, nil
}

// unknownCheck says that no check is called name, and what they are called.
func unknownCheck(all []*analysis.Analyzer, name string) error {
	return fmt.Errorf("there is no check %q; the checks are %s", name, strings.Join(names(all), ", "))
}
