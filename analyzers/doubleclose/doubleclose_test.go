package doubleclose_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/doubleclose"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, doubleclose.Analyzer, "doubleclose") }

func TestFixes(t *testing.T) { fixture.AnalyzeFixes(t, doubleclose.Analyzer, "doubleclose/fixes") }
