package leaksend_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, leaksend.Analyzer, "leaksend") }

// TestFixes holds the fixes of the folder whose files have a .golden beside them.
func TestFixes(t *testing.T) { fixture.AnalyzeFixes(t, leaksend.Analyzer, "leaksend/mended") }
