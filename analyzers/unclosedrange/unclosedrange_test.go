package unclosedrange_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/unclosedrange"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, unclosedrange.Analyzer, "unclosedrange") }
