package witness_test

import (
	"fmt"
	"strings"
	"testing"
)

// A call that alone makes a model too large is left out of it, and what matters is
// followed: here the goroutine that another function starts.
func TestHeavyCall(t *testing.T) {
	var text strings.Builder
	text.WriteString(`package p

func start(errc chan error) { go send(errc) }

func send(errc chan error) { errc <- nil }

func root(skip bool, events chan int, flags []bool) error {
	polled := make(chan int)
	heavy(polled, flags)
	errc := make(chan error)
	start(errc)
	if skip {
		return nil
	}
	return <-errc
}

func heavy(c chan int, flags []bool) {
`)
	for i := range 600 {
		fmt.Fprintf(&text, "\tif flags[%d] {\n\t\tselect {\n\t\tcase <-c:\n\t\tdefault:\n\t\t}\n\t}\n", i)
	}
	text.WriteString("}\n")
	checker := newChecker()
	_, res, err := checker.load(text.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range res.Log {
		t.Errorf("%s: %s", l.Root, l.Reason)
	}
	if len(res.Defects) != 1 || checker.fset.Position(res.Defects[0].Op.Pos).Line != 5 {
		t.Errorf("got %v, want the send that nobody receives if root returns", res.Defects)
	}
}
