// Command emptyvet is the yardstick of the cost command: a tool for
// `go vet -vettool` whose only analyzer looks at nothing.
//
// What it costs is what the go command, the export data and the type checker
// cost; whatever chanlint costs above it is chanlint's own.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// stamp is set afresh by the linker for each round of measurement. The go
// command keys its vet cache by the hash of the tool, so a new stamp makes
// every package be vetted again.
var stamp string

var empty = &analysis.Analyzer{
	Name: "empty",
	Doc:  "report nothing\n\nThe analyzer does no work; stamp " + stamp + " only names the round.",
	Run:  func(*analysis.Pass) (any, error) { return nil, nil },
}

func main() { unitchecker.Main(empty) }
