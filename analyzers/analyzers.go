// Package analyzers lists the checks of chanlint.
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers/closedspin"
	"github.com/chanlint/chanlint/analyzers/closenil"
	"github.com/chanlint/chanlint/analyzers/closerecv"
	"github.com/chanlint/chanlint/analyzers/doubleclose"
	"github.com/chanlint/chanlint/analyzers/leakrecv"
	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/analyzers/lockchan"
	"github.com/chanlint/chanlint/analyzers/nilchan"
	"github.com/chanlint/chanlint/analyzers/sendclosed"
	"github.com/chanlint/chanlint/analyzers/timerleak"
	"github.com/chanlint/chanlint/analyzers/unclosedrange"
	"github.com/chanlint/chanlint/analyzers/waitleak"
)

// All returns every check in alphabetical order. It is the one list that a new
// check is added to.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		closedspin.Analyzer,
		closenil.Analyzer,
		closerecv.Analyzer,
		doubleclose.Analyzer,
		leakrecv.Analyzer,
		leaksend.Analyzer,
		lockchan.Analyzer,
		nilchan.Analyzer,
		sendclosed.Analyzer,
		timerleak.Analyzer,
		unclosedrange.Analyzer,
		waitleak.Analyzer,
	}
}
