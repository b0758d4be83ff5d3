package leakrecv_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/leakrecv"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, leakrecv.Analyzer, "leakrecv") }
