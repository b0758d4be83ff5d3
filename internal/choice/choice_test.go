package choice_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/choice"
)

func TestFrom(t *testing.T) {
	byDefault := []*analysis.Analyzer{{Name: "closenil"}, {Name: "leaksend"}, {Name: "nilchan"}}
	onRequest := []*analysis.Analyzer{{Name: "chandir"}}
	tests := []struct {
		list string
		want []string // names, or one string with a blank for an error
	}{
		{"", []string{"closenil", "leaksend", "nilchan"}},
		{"all", []string{"closenil", "leaksend", "nilchan"}},
		{"nilchan, closenil", []string{"closenil", "nilchan"}},
		{"-leaksend", []string{"closenil", "nilchan"}},
		{"all,-leaksend", []string{"closenil", "nilchan"}},
		{"-all,leaksend", []string{"leaksend"}},
		{"chandir", []string{"chandir"}},
		{"all,chandir", []string{"closenil", "leaksend", "nilchan", "chandir"}},
		{"-chandir", []string{"closenil", "leaksend", "nilchan"}},
		{",nilchan,", []string{"closenil", "leaksend", "nilchan"}},
		{"-all", []string{"leaves no check"}},
		{"nilchan,nilchen", []string{`no check "nilchen"; the checks are chandir, closenil, leaksend, nilchan`}},
	}
	for _, tt := range tests {
		got, err := choice.From(byDefault, onRequest, strings.Split(tt.list, ","))
		if strings.Contains(tt.want[0], " ") {
			if err == nil || !strings.Contains(err.Error(), tt.want[0]) {
				t.Errorf("%q: error %v, want one with %q", tt.list, err, tt.want[0])
			}
			continue
		}
		var names []string
		for _, a := range got {
			names = append(names, a.Name)
		}
		if err != nil || !slices.Equal(names, tt.want) {
			t.Errorf("%q selects %q (error %v), want %q", tt.list, names, err, tt.want)
		}
	}
	if len(byDefault) != 3 || byDefault[0].Name != "closenil" || byDefault[2].Name != "nilchan" {
		t.Error("From has changed its argument")
	}
}
