package lockchan_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/lockchan"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, lockchan.Analyzer, "lockchan") }
