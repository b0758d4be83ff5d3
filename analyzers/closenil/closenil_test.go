package closenil_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/closenil"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, closenil.Analyzer, "closenil") }
