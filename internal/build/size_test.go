package build

import (
	"reflect"
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

// form returns the linear form c + Σ coefs[i]·v(i), without zero coefficients.
func form(c int, coefs ...int) model.Expr {
	e := model.Expr{Const: c}
	for v, coef := range coefs {
		if coef != 0 {
			e.Terms = append(e.Terms, model.Term{Var: v, Coef: coef})
		}
	}
	return e
}

func TestSum(t *testing.T) {
	tests := []struct {
		name string
		x, y model.Expr
		coef int
		want model.Expr
	}{
		{"constants", form(2), form(3), 1, form(5)},
		{"n - 1", form(0, 1), form(1), -1, form(-1, 1)},
		{"n - n leaves no term", form(1, 1), form(0, 1), -1, form(1)},
		{"terms stay sorted", form(0, 0, 0, 1), form(0, 1), 1, form(0, 1, 0, 1)},
		{"multiples", form(1, 1), form(2, 3, 1), 2, form(5, 7, 2)},
	}
	for _, tt := range tests {
		got := sum(tt.x, tt.y, tt.coef)
		if got.Const != tt.want.Const || len(got.Terms)+len(tt.want.Terms) > 0 && !reflect.DeepEqual(got.Terms, tt.want.Terms) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestSumKeepsItsOperands(t *testing.T) {
	x, y := form(0, 1, 1), form(0, 1)
	sum(x, y, -1)
	if !reflect.DeepEqual(x, form(0, 1, 1)) || !reflect.DeepEqual(y, form(0, 1)) {
		t.Errorf("operands are now %v and %v", x, y)
	}
}
