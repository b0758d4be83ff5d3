// Package analyzers lists the checks of chanlint.
package analyzers

import "golang.org/x/tools/go/analysis"

// All returns every check in alphabetical order. It is the one list that a new
// check is added to.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{}
}
