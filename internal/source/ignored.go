package source

import (
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"
)

// InIgnoredFiles reports whether a Go file that build constraints leave out of
// the package has name as a word, or cannot be read. What such a file does to a
// variable or field of that name is not seen.
func InIgnoredFiles(pass *analysis.Pass, name string) bool {
	for _, file := range pass.IgnoredFiles {
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		read := pass.ReadFile
		if read == nil {
			read = os.ReadFile
		}
		text, err := read(file)
		if err != nil {
			return true
		}
		words := strings.FieldsFunc(string(text), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if slices.Contains(words, name) {
			return true
		}
	}
	return false
}
