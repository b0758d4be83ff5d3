// Command factsvet is the empty analyzer with facts: the vet tool that computes
// what functions do to channels, in the packages named and in all that they
// depend on, and reports what farchan makes of it.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/chanlint/chanlint/analyzers/farchan"
)

func main() { unitchecker.Main(farchan.Analyzer) }
