package driver

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRelocate holds what becomes of the names in a document that was written in
// another checkout: those of files that are here are replaced, and nothing else.
func TestRelocate(t *testing.T) {
	here := t.TempDir()
	for _, name := range []string{"m/a/a.go", "m/a/a_test.go", "m/b/b.go"} {
		path := filepath.Join(here, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	packages := []listedPackage{
		{ImportPath: "example.org/m/a", Dir: filepath.Join(here, "m", "a")},
		{ImportPath: "example.org/m/b", Dir: filepath.Join(here, "m", "b")},
	}
	const document = `{
	"ID": {
		"doubleclose": [
			{
				"posn": "/other/checkout/m/a/a.go:5:2",
				"end": "/other/checkout/m/a/a.go:5:10",
				"message": "see /other/checkout/m/a/a.go:5:2",
				"suggested_fixes": [{"edits": [{"filename": "/other/checkout/m/a/a.go", "start": 1, "end": 2, "new": ""}]}],
				"related": [
					{"posn": "/other/checkout/m/b/b.go:1:1", "message": "in another package"},
					{"posn": "example.org/m/b/b.go:2:2", "message": "in another package, as -trimpath names it"},
					{"posn": "/other/checkout/m/a/gone.go:3:3", "message": "of a file that is not here"},
					{"posn": "/usr/lib/go/src/fmt/print.go:4:4", "message": "in the library"}
				]
			}
		]
	}
}`
	at := func(name string) string {
		quoted, err := json.Marshal(filepath.Join(here, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Trim(string(quoted), `"`)
	}
	want := strings.NewReplacer(
		`"posn": "/other/checkout/m/a/a.go`, `"posn": "`+at("m/a/a.go"),
		`"end": "/other/checkout/m/a/a.go`, `"end": "`+at("m/a/a.go"),
		`"filename": "/other/checkout/m/a/a.go`, `"filename": "`+at("m/a/a.go"),
		`/other/checkout/m/b/b.go`, at("m/b/b.go"),
		`"example.org/m/b/b.go`, `"`+at("m/b/b.go"),
	).Replace(document)

	for _, id := range []string{"example.org/m/a", "example.org/m/a [example.org/m/a.test]", "example.org/m/a_test [example.org/m/a.test]"} {
		got := relocate([][]byte{[]byte(strings.Replace(document, "ID", id, 1))}, packages)
		if text := strings.Replace(string(got[0]), id, "ID", 1); text != want {
			t.Errorf("%s: got\n%s\nwant\n%s", id, text, want)
		}
	}

	// What is here already, of a package that is not, or no document at all.
	for _, same := range []string{
		strings.Replace(want, "ID", "example.org/m/a", 1),
		strings.Replace(document, "ID", "example.org/elsewhere", 1),
		"{}\n",
		"not JSON",
	} {
		if got := relocate([][]byte{[]byte(same)}, packages); string(got[0]) != same {
			t.Errorf("%s\nbecomes\n%s", same, got[0])
		}
	}
}
