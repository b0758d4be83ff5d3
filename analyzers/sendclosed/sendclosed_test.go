package sendclosed_test

import (
	"testing"

	"github.com/chanlint/chanlint/analyzers/sendclosed"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, sendclosed.Analyzer, "sendclosed") }
