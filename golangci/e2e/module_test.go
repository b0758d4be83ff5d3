package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const config = `version: "2"
linters:
  default: none
  enable:
    - chanlint
    - nolintlint
  settings:
    nolintlint:
      allow-unused: false
    custom:
      chanlint:
        type: module
`

// newModule returns a module of one file.
func newModule(t *testing.T, source string) string {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.org/m\n\ngo 1.26\n")
	write(t, dir, "m.go", source)
	return dir
}

const twice = `package m

import "fmt"

func F(c chan int) {
	close(c)
	fmt.Println("closed")
	close(c)
}

func G() {
	var c chan int
	<-c
}
`

// testSettings holds what settings do, and that wrong ones keep golangci-lint
// from starting.
func testSettings(t *testing.T, lint string) {
	dir := newModule(t, twice)
	doubleclose := finding{pos: "m.go:8:2", text: "doubleclose: close of closed channel: c is already closed at line 6 (line 6: the other close)"}
	nilchan := finding{pos: "m.go:13:2", text: "nilchan: receive from nil channel blocks forever: c is declared at line 12 and never assigned (line 12: c is declared here)"}
	good := []struct {
		settings string
		want     []finding
	}{
		{"", []finding{nilchan, doubleclose}},
		{"        settings:\n          checks: [nilchan]\n", []finding{nilchan}},
		{"        settings:\n          checks: [all, -nilchan]\n          confidence: likely\n", []finding{doubleclose}},
	}
	for _, tt := range good {
		got := golangci(t, dir, lint, write(t, dir, ".golangci.yml", config+tt.settings))
		if !slices.EqualFunc(got, tt.want, func(a, b finding) bool { return a.pos == b.pos && a.text == b.text }) {
			t.Errorf("settings %q: found %v, want %v", tt.settings, got, tt.want)
		}
	}
	wrong := []struct{ settings, want string }{
		{"        settings:\n          cheks: [nilchan]\n", `unknown field "cheks"`},
		{"        settings:\n          checks: [nilchen]\n", `there is no check "nilchen"`},
		{"        settings:\n          confidence: sure\n", "must be certain or likely"},
	}
	for _, tt := range wrong {
		out, status := try(t, dir, lint, "run", "--config", write(t, dir, ".golangci.yml", config+tt.settings), "--allow-parallel-runners", "./...")
		if status < 2 || !strings.Contains(out, tt.want) {
			t.Errorf("settings %q: status %d and %q, want a failure with %q", tt.settings, status, out, tt.want)
		}
	}
	if err := os.Remove(filepath.Join(dir, ".golangci.yml")); err != nil {
		t.Error(err)
	}
}

// testNolint holds that golangci-lint and the checks agree on what is silenced,
// and that nolintlint knows what is used. To nolintlint a name with a slash is
// none, whatever it silences.
func testNolint(t *testing.T, lint string) {
	dir := newModule(t, `package m

import "fmt"

func silenced(c, d, e, f, g chan int) {
	fmt.Println("close")
	close(c)
	close(c) //nolint:chanlint // used
	close(d)
	close(d) //nolint:chanlint/doubleclose // used
	close(e)
	//lint:ignore chanlint/doubleclose used
	close(e)
	close(f)
	//nolint:chanlint // used, for a statement of some lines
	func() {
		close(f)
	}()
	close(g)
	close(
		g,
	) //nolint:chanlint // used; nolintlint does not know
}

func idle(c chan int) {
	close(c) //nolint:chanlint // not used
}
`)
	got := golangci(t, dir, lint, write(t, dir, ".golangci.yml", config))
	want := []finding{
		{pos: "m.go:10:11", text: "should match"},
		{pos: "m.go:22:4", text: `unused for linter "chanlint"`},
		{pos: "m.go:26:11", text: `unused for linter "chanlint"`},
	}
	if !slices.EqualFunc(got, want, func(g, w finding) bool {
		return g.pos == w.pos && strings.HasPrefix(g.text, "nolintlint: ") && strings.Contains(g.text, w.text)
	}) {
		t.Errorf("found %v, want %v", got, want)
	}
}
