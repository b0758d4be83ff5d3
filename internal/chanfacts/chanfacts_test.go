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
	analysistest.Run(t, analysistest.TestData(), chanfacts.Analyzer, "facts")
}

// TestEncoding holds that a summary is the same bytes each time, as the cache of
// a build system wants it.
func TestEncoding(t *testing.T) {
	var first []byte
	for range 10 {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(&chanfacts.Summary{Closes: []int{0, 2}, Owed: []int{1}}); err != nil {
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
