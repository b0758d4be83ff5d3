package build

import (
	"math"
	"testing"
)

// The least integer is not the opposite of another one.
func TestNumberOfLimits(t *testing.T) {
	b := &builder{vars: map[varKey]int{}}
	for _, n := range []int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64} {
		if e := b.number(n); len(e.Terms) != 1 {
			t.Errorf("%d is %v, want one variable", n, e)
		}
	}
	if plus, minus := b.number(100), b.number(-100); plus.Terms[0].Var != minus.Terms[0].Var || plus.Terms[0].Coef != -minus.Terms[0].Coef {
		t.Errorf("100 is %v and -100 is %v, want opposites", plus, minus)
	}
}
