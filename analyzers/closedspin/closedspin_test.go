package closedspin_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/closedspin"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, closedspin.Analyzer, "closedspin") }
