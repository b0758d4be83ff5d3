package golangci_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/golangci"
	"github.com/chanlint/chanlint/internal/choice"
)

// build returns the analyzers that golangci-lint gets for the settings.
func build(t *testing.T, settings any) []*analysis.Analyzer {
	t.Helper()
	newPlugin, err := register.GetPlugin("chanlint")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(settings)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(list); err != nil {
		t.Error(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q, but the checks need types", mode)
	}
	return list
}

// settings is a tree as golangci-lint reads it from YAML.
type settings = map[string]any

func TestSettings(t *testing.T) {
	tests := []struct {
		settings any
		want     []string
	}{
		{nil, choice.Names(analyzers.All())},
		{settings{}, choice.Names(analyzers.All())},
		{settings{"checks": []any{"nilchan", "closenil"}}, []string{"closenil", "nilchan"}},
		{settings{"checks": []any{"nilchan", "unusedignore"}, "confidence": "likely"}, []string{"nilchan", "unusedignore"}},
	}
	for _, tt := range tests {
		if got := choice.Names(build(t, tt.settings)); !slices.Equal(got, tt.want) {
			t.Errorf("%v selects %q, want %q", tt.settings, got, tt.want)
		}
	}
}

// TestConfidence holds that the level reaches the analyzers of its plugin, and
// neither those of another nor those that other drivers run.
func TestConfidence(t *testing.T) {
	level := func(a *analysis.Analyzer) string { return a.Flags.Lookup("confidence").Value.String() }
	likely := build(t, settings{"confidence": "likely"})
	certain := build(t, settings{"confidence": "certain"})
	for i, a := range analyzers.All() {
		if level(likely[i]) != "likely" || level(certain[i]) != "certain" || level(a) != "certain" {
			t.Errorf("%s: the levels are %s, %s and %s, want likely, certain and certain", a.Name, level(likely[i]), level(certain[i]), level(a))
		}
	}
}

func TestWrongSettings(t *testing.T) {
	tests := []struct {
		settings any
		want     []string // parts of the error
	}{
		{settings{"cheks": []any{"nilchan"}}, []string{`unknown field "cheks"`, "settings checks, a list, and confidence"}},
		{settings{"checks": "nilchan"}, []string{"checks", "a list"}},
		{settings{"checks": []any{"nilchen"}}, []string{`there is no check "nilchen"; the checks are`, "nilchan"}},
		{settings{"checks": []any{"-all"}}, []string{"leaves no check to run"}},
		{settings{"confidence": "sure"}, []string{`confidence "sure": must be certain or likely`}},
		{[]any{"nilchan"}, []string{"settings checks, a list"}},
	}
	for _, tt := range tests {
		_, err := golangci.New(tt.settings)
		if err == nil {
			t.Errorf("%v is accepted", tt.settings)
			continue
		}
		for _, part := range tt.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v: the error is %q, want %q in it", tt.settings, err, part)
			}
		}
	}
}

// TestReports holds what golangci-lint gets: related positions in the message
// and nowhere else, and findings with a //nolint that it honours by itself.
func TestReports(t *testing.T) {
	dir, cleanup, err := analysistest.WriteFiles(map[string]string{
		"p/p.go": `package p

var C = make(chan int)

func twice(c, d, e, f, g, h chan int) {
	close(c)
	close(c) // want "^close of closed channel: c is already closed at line 6 \\(line 6: the other close\\)$"
	close(d)
	close(d) //nolint:chanlint // want "d is already closed at line 8"
	close(e)
	close(e) //nolint:chanlint/doubleclose
	close(f)
	//lint:ignore chanlint/doubleclose some reason
	close(f)
	close(g)
	close(g) //nolint:chanlint,chanlint/nilchan // want "g is already closed at line 15"
	close(h)
	close(
		h,
	) //nolint:chanlint
}
`})
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	list := build(t, settings{"checks": []any{"doubleclose"}})
	for _, result := range analysistest.Run(t, dir, list[0], "p") {
		for _, d := range result.Diagnostics {
			if len(d.Related) > 0 {
				t.Errorf("%q still has related positions, which golangci-lint would print as findings", d.Message)
			}
		}
	}
}
