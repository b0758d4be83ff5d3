package chanfacts_test

import (
	"bytes"
	"encoding/gob"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/chanlint/chanlint/internal/chanfacts"
)

// TestFacts holds the summaries that the functions of testdata declare.
func TestFacts(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), chanfacts.Analyzer, "facts", "importer")
}

// TestEncoding holds that a summary is the same bytes each time, as the cache of
// a build system wants it.
func TestEncoding(t *testing.T) {
	summary := &chanfacts.Summary{
		Params: []chanfacts.Use{{Param: 1, Send: chanfacts.Always | chanfacts.Started, Keeps: true}},
		Fields: []chanfacts.Use{{Field: "c", Close: chanfacts.Sometimes}},
		Owes:   []chanfacts.Debt{{Result: 1, Kind: chanfacts.MustClose}},
		NonNil: []int{0, 2},
		Ending: chanfacts.Runs,
	}
	var first []byte
	for range 10 {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(summary); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same summary has two encodings")
		}
	}
}
