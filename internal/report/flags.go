package report

import (
	"flag"

	"golang.org/x/tools/go/analysis"
)

// witnessFlag is the name of the flag that asks for whole interleavings.
const witnessFlag = "witness"

// Flags returns the flags that every check has, for the field Flags of its
// analyzer: drivers that know nothing of chanlint set them there.
func Flags() flag.FlagSet {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.Bool(witnessFlag, false, "give the whole interleaving as related positions, one for each step")
	fs.Var(new(Confidence), confidenceFlag, ConfidenceUsage)
	return *fs
}

// Witness reports whether pass asks for the whole interleaving of each finding.
func Witness(pass *analysis.Pass) bool { return isSet(pass, witnessFlag) }

// isSet reports whether the analyzer of pass has the boolean flag and it is on.
func isSet(pass *analysis.Pass, name string) bool {
	f := pass.Analyzer.Flags.Lookup(name)
	if f == nil {
		return false
	}
	value, ok := f.Value.(flag.Getter)
	if !ok {
		return false
	}
	on, _ := value.Get().(bool)
	return on
}
