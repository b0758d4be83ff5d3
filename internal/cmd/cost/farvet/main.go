// Command farvet is chanlint with farchan among the checks that always run: the
// vet tool that also computes what functions do to channels, in the packages named
// and in all that they depend on.
package main

import (
	"os"
	"runtime/debug"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/analyzers/farchan"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // as chanlint does
	}
	unitchecker.Main(append(analyzers.All(), farchan.Analyzer)...)
}
