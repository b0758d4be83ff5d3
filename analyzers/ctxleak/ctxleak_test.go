package ctxleak_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/ctxleak"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, ctxleak.Analyzer, "ctxleak") }
