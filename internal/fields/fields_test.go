package fields_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/doubleclose"
	"github.com/chanlint/chanlint/analyzers/leakrecv"
	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/analyzers/sendclosed"
	"github.com/chanlint/chanlint/analyzers/unclosedrange"
	"github.com/chanlint/chanlint/internal/fixture"

	"golang.org/x/tools/go/analysis"
)

// TestLikely holds the likely findings to the fixtures of the checks that word
// them.
func TestLikely(t *testing.T) {
	checks := []*analysis.Analyzer{doubleclose.Analyzer, leakrecv.Analyzer, leaksend.Analyzer, sendclosed.Analyzer, unclosedrange.Analyzer}
	fixture.CheckLikely(t, checks, "doubleclose/objects", "leakrecv/objects", "leaksend/objects", "sendclosed/objects", "unclosedrange/objects")
}
