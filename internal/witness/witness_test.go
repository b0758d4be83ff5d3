package witness

import (
	"slices"
	"testing"
)

// A defect has to show under equal sizes and under unequal ones, either way
// round.
func TestAssignments(t *testing.T) {
	if got := Assignments(0); len(got) != 1 || len(got[0]) != 0 {
		t.Errorf("without variables there is one assignment, got %v", got)
	}
	for n := 1; n <= 5; n++ {
		got := Assignments(n)
		equal, less, more := false, n == 1, n == 1
		for _, vars := range got {
			if len(vars) != n {
				t.Fatalf("%v assigns %d variables, want %d", vars, len(vars), n)
			}
			if slices.Min(vars) < 2 {
				t.Errorf("%v has a size below 2: loops that run once hide what they repeat", vars)
			}
			equal = equal || slices.Min(vars) == slices.Max(vars)
			if n > 1 {
				less = less || vars[0] < vars[1]
				more = more || vars[0] > vars[1]
			}
		}
		if !equal || !less || !more {
			t.Errorf("%d variables: equal %v, less %v, more %v", n, equal, less, more)
		}
	}
}
