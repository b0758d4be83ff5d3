package analyzers_test

import (
	"flag"
	"testing"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/report"
)

// TestFlags holds that every check has the flags that all checks have.
func TestFlags(t *testing.T) {
	for _, a := range analyzers.All() {
		want := report.Flags()
		want.VisitAll(func(f *flag.Flag) {
			if a.Flags.Lookup(f.Name) == nil {
				t.Errorf("%s has no flag %s", a.Name, f.Name)
			}
		})
	}
}
