package leaksend_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/leaksend"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, leaksend.Analyzer, "leaksend") }
