// Package analyzers lists the checks of chanlint.
package analyzers

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers/chandir"
	"github.com/chanlint/chanlint/analyzers/closedspin"
	"github.com/chanlint/chanlint/analyzers/closenil"
	"github.com/chanlint/chanlint/analyzers/closerecv"
	"github.com/chanlint/chanlint/analyzers/ctxleak"
	"github.com/chanlint/chanlint/analyzers/deadlock"
	"github.com/chanlint/chanlint/analyzers/doubleclose"
	"github.com/chanlint/chanlint/analyzers/farchan"
	"github.com/chanlint/chanlint/analyzers/leakrecv"
	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/analyzers/lockchan"
	"github.com/chanlint/chanlint/analyzers/nilchan"
	"github.com/chanlint/chanlint/analyzers/sendclosed"
	"github.com/chanlint/chanlint/analyzers/timerleak"
	"github.com/chanlint/chanlint/analyzers/unclosedrange"
	"github.com/chanlint/chanlint/analyzers/unusedignore"
	"github.com/chanlint/chanlint/analyzers/waitleak"
)

// All returns every check that runs by default, in alphabetical order. It is the
// one list that a new check is added to.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		closedspin.Analyzer,
		closenil.Analyzer,
		closerecv.Analyzer,
		ctxleak.Analyzer,
		deadlock.Analyzer,
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

// OnRequest returns the analyzers that do not run by default: the fixers, then
// the audits.
func OnRequest() []*analysis.Analyzer { return slices.Concat(Fixers(), Audits()) }

// Audits returns what runs only if it is asked for by name: the check that needs
// facts about other packages, and what looks at how the checks are used.
func Audits() []*analysis.Analyzer {
	return []*analysis.Analyzer{farchan.Analyzer, unusedIgnore}
}

// unusedIgnore is one for all drivers: they tell analyzers apart by address.
var unusedIgnore = unusedignore.New(slices.Concat(All(), Fixers(), []*analysis.Analyzer{farchan.Analyzer}))

// Fixers returns what suggests changes to code that has no defect, in
// alphabetical order. They run under go fix, and elsewhere if they are asked for
// by name.
func Fixers() []*analysis.Analyzer {
	return []*analysis.Analyzer{chandir.Analyzer}
}
