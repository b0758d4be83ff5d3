package nilchan_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/nilchan"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, nilchan.Analyzer, "nilchan") }
