package closerecv_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/chanlint/chanlint/analyzers/closerecv"
	"github.com/chanlint/chanlint/internal/fixture"
)

func Test(t *testing.T) { fixture.Analyze(t, closerecv.Analyzer, "closerecv") }

// A close of a receive-only channel does not compile, so this package cannot
// stand in the module of fixtures.
func TestTypeError(t *testing.T) {
	dir, cleanup, err := analysistest.WriteFiles(map[string]string{"broken/broken.go": `package broken

type queue <-chan int

func direct(c <-chan int) {
	close(c) // want "close of receive-only channel: c is <-chan int; only the sending side closes, so pass a chan int or chan<- int or let the sender close it"
}

func named(q queue) {
	close(q) // want "close of receive-only channel: q is queue; only the sending side closes, so let the sender close it"
}

func allowed(c chan int, d chan<- int) {
	close(c)
	close(d)
}

func other(close func(<-chan int), c <-chan int) {
	close(c)
}
`})
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	analysistest.Run(ignoreErrors{t}, dir, closerecv.Analyzer, "broken")
}

// ignoreErrors passes on everything but the type errors that the test wants.
type ignoreErrors struct{ t *testing.T }

func (i ignoreErrors) Errorf(format string, args ...any) { i.t.Errorf(format, args...) }
