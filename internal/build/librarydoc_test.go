package build

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/libraries.md")

// loose lists functions that concern channels and are known only as every other
// function is that is not followed. What is said of them is run all the same.
var loose = []modelled{
	{[]string{singleflight + "Group.DoChan"},
		"returns a channel with a buffer of one, on which one result comes", flightChannels},
	{[]string{"github.com/cenkalti/backoff/v4.NewTicker", "github.com/cenkalti/backoff/v4.Ticker.Stop"},
		"the channel C is closed by Stop, and when the retries end", nil},
	{[]string{"github.com/robfig/cron/v3.Cron.Stop", "github.com/robfig/cron/v3.Cron.Run"},
		"Stop returns a context that is done when the running jobs have ended; Run blocks until Stop", nil},
}

// TestLoose runs what is said of the functions that are not followed.
func TestLoose(t *testing.T) {
	for _, m := range loose {
		switch {
		case m.shows != nil:
			t.Run(m.names[0], m.shows)
		case !strings.Contains(shown(t), "// "+m.names[0]+":"):
			t.Errorf("%s: what is said of it is not run", m.names[0])
		}
	}
}

// TestLibraryPage holds docs/libraries.md to the models; -update writes it.
func TestLibraryPage(t *testing.T) {
	const file = "../../docs/libraries.md"
	want := libraryPage()
	if *update {
		if err := os.WriteFile(file, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: go test ./internal/build -run LibraryPage -update", file)
	}
}

func libraryPage() []byte {
	var b bytes.Buffer
	b.WriteString(`<!-- Written by a test of internal/build. -->

# Libraries

What chanlint knows about functions of other packages when it follows goroutines. The
source of each entry is the documentation that its names lead to; that it is true,
a test shows by running the functions (` + "`internal/build`, and `e2e/libraries`" + ` for modules
that chanlint does not need itself).

| functions | what is taken from their documentation |
|---|---|
`)
	rows(&b, library)
	b.WriteString(`
## Not followed

A function that stands nowhere above may do anything with what it is given: channels
that it gets may be sent on, received from and closed at any time, and functions
may be called or not, so that nothing is reported that depends on it. That also
goes for these, which are easily taken for more:

| functions | what their documentation says |
|---|---|
`)
	rows(&b, loose)
	b.WriteString(`
Of semaphores, those of constant size are followed of which each holder takes one; of
the limits of an errgroup.Group, constants.
`)
	return b.Bytes()
}

func rows(b *bytes.Buffer, list []modelled) {
	for _, m := range list {
		var names []string
		for _, n := range m.names {
			names = append(names, link(n))
		}
		fmt.Fprintf(b, "| %s | %s |\n", strings.Join(names, ", "), m.says)
	}
}

// link returns a link to the documentation of "path.Func" or "path.Type.Method".
func link(name string) string {
	dir := strings.LastIndexByte(name, '/') + 1
	dot := dir + strings.IndexByte(name[dir:], '.')
	path, symbol := name[:dot], name[dot+1:]
	// What testing.T and testing.B have in common is documented with each.
	symbol = strings.Replace(symbol, "common.", "T.", 1)
	pkg := path
	if last := path[dir:]; len(last) == 2 && last[0] == 'v' {
		pkg = path[:dir-1] // a major version
	}
	return fmt.Sprintf("[%s.%s](https://pkg.go.dev/%s#%s)", pkg[strings.LastIndexByte(pkg, '/')+1:], symbol, path, symbol)
}
