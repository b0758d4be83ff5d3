package waitleak_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/waitleak"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, waitleak.Analyzer, "waitleak") }
