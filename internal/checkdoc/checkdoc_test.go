package checkdoc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/checkdoc"
)

const source = `// Package selfsend reports a send
// of a channel on itself. Nobody means that.
//
// # What it reports
//
// A channel of type any that is sent on itself, see [the spec].
//
// # Example
//
//	ch := make(chan any, 1)
//	ch <- ch // <- here
//
// # Corrected
//
//	ch <- 1
//
// # What it stays silent about
//
//   - channels in a slice
//   - channels in a map
//
// # Silencing
//
//	//lint:ignore chanlint/selfsend the test wants it
//
// [the spec]: https://go.dev/ref/spec
package selfsend
`

func TestDoc(t *testing.T) {
	got := checkdoc.Doc("selfsend", source)
	want := "selfsend: reports a send of a channel on itself\n\nNobody means that.\n\n# What it reports\n\nA channel"
	if !strings.HasPrefix(got, want) {
		t.Errorf("Doc begins %q, want %q", got[:min(len(got), len(want))], want)
	}
	if problems := checkdoc.Parse(got).Problems(); problems != nil {
		t.Errorf("problems with a page in order: %q", problems)
	}
}

func TestText(t *testing.T) {
	got := checkdoc.Parse(checkdoc.Doc("selfsend", source)).Text()
	for _, want := range []string{
		"selfsend: reports a send of a channel on itself\n\nNobody means that.\n",
		"# Example\n\n    ch := make(chan any, 1)\n    ch <- ch // <- here\n",
		"    //lint:ignore chanlint/selfsend the test wants it\n",
		"\nSee https://pkg.go.dev/github.com/chanlint/chanlint/analyzers/selfsend\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
}

func TestMarkdown(t *testing.T) {
	got := checkdoc.Parse(checkdoc.Doc("selfsend", source)).Markdown()
	for _, want := range []string{
		"# selfsend\n\n`selfsend` reports a send of a channel on itself.\n\nNobody means that.\n\n## What it reports\n\n",
		"```go\nch := make(chan any, 1)\nch <- ch // <- here\n```\n\n## Corrected\n",
		"see [the spec](https://go.dev/ref/spec).\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\n\n\n") {
		t.Errorf("the page has two blank lines in a row:\n%s", got)
	}
}

func TestProblems(t *testing.T) {
	tests := map[string]struct {
		source string
		want   string // part of one problem
	}{
		"not Go":           {"?", "does not begin"},
		"no comment":       {"package selfsend", "does not begin"},
		"another name":     {strings.Replace(source, "Package selfsend", "Package other", 1), "does not begin"},
		"section missing":  {strings.Replace(source, "# Corrected", "# Fixed", 1), "its headings are [What it reports, Example, Fixed,"},
		"sections swapped": {strings.NewReplacer("# Example", "# Corrected", "# Corrected", "# Example").Replace(source), "in this order"},
		"empty section":    {strings.Replace(source, "//	ch <- 1\n", "//\n", 1), `nothing stands under "Corrected"`},
		"empty at the end": {strings.Replace(source, "//	//lint:ignore chanlint/selfsend the test wants it\n//\n// [the spec]: https://go.dev/ref/spec\n", "", 1), `nothing stands under "Silencing"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := checkdoc.Parse(checkdoc.Doc("selfsend", tt.source)).Problems()
			if !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, tt.want) }) {
				t.Errorf("problems are %q, want one with %q", got, tt.want)
			}
		})
	}
}
