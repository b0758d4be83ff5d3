// Package analyzers lists the checks of chanlint.
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers/closenil"
	"github.com/chanlint/chanlint/analyzers/closerecv"
	"github.com/chanlint/chanlint/analyzers/doubleclose"
	"github.com/chanlint/chanlint/analyzers/nilchan"
	"github.com/chanlint/chanlint/analyzers/sendclosed"
)

// All returns every check in alphabetical order. It is the one list that a new
// check is added to.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		closenil.Analyzer,
		closerecv.Analyzer,
		doubleclose.Analyzer,
		nilchan.Analyzer,
		sendclosed.Analyzer,
	}
}
