package timerleak_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/timerleak"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, timerleak.Analyzer, "timerleak") }
