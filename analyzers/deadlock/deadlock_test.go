package deadlock_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/deadlock"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, deadlock.Analyzer, "deadlock") }
