package report

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
)

// A Confidence says how sure a finding is.
type Confidence int

const (
	// Certain findings have no known way of being wrong. They are what is
	// reported by default.
	Certain Confidence = iota

	// Likely findings are what a maintainer would want to look at: both sites
	// are there and nothing was seen that keeps them apart.
	Likely
)

// confidenceFlag is the name of the flag by which each analyzer is told what to
// report.
const confidenceFlag = "confidence"

// ConfidenceUsage describes the flag wherever it is offered.
const ConfidenceUsage = "`level` of findings to report: certain or likely"

// String returns the word by which flags and output name c.
func (c Confidence) String() string {
	if c == Likely {
		return "likely"
	}
	return "certain"
}

// Set makes c the confidence that text names; it fails on any other text.
// Together with String it makes a Confidence the value of a flag.
func (c *Confidence) Set(text string) error {
	for _, known := range []Confidence{Certain, Likely} {
		if text == known.String() {
			*c = known
			return nil
		}
	}
	return fmt.Errorf("must be %v or %v", Certain, Likely)
}

// SetConfidence makes a report findings from the level text on, which is an
// error if there is no such level. It does nothing to an analyzer that knows no
// levels.
func SetConfidence(a *analysis.Analyzer, text string) error {
	if a.Flags.Lookup(confidenceFlag) == nil {
		return new(Confidence).Set(text)
	}
	return a.Flags.Set(confidenceFlag, text)
}

// Wants returns the lowest level that the analyzer of pass is to report.
func Wants(pass *analysis.Pass) Confidence {
	if f := pass.Analyzer.Flags.Lookup(confidenceFlag); f != nil {
		if c, ok := f.Value.(*Confidence); ok {
			return *c
		}
	}
	return Certain
}

// category is what a diagnostic of c says of itself: "likely", or nothing.
func (c Confidence) category() string {
	if c == Certain {
		return ""
	}
	return c.String()
}
