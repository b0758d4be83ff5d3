package farchan_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/farchan"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, farchan.Analyzer, "farchan") }
