package driver

import (
	"encoding/json"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// relocate returns documents with the file names of this checkout. Under
// -trimpath the go command's cache does not tell checkouts of the same code
// apart, which is what lets them share results, and the names are those of the
// checkout that was analyzed first. packages are those that were checked here.
func relocate(documents [][]byte, packages []listedPackage) [][]byte {
	out := make([][]byte, len(documents))
	for i, document := range documents {
		out[i] = relocateOne(document, packages)
	}
	return out
}

// fileName matches the parts of a document that hold file names or positions.
var fileName = regexp.MustCompile(`"(posn|end|filename)": ("(?:[^"\\]|\\.)*")`)

// relocateOne does that for one document. All of a package's findings stand in
// its directory, so the two names of that directory tell what to replace: their
// beginnings up to what they have in common at the end. A file that is not there
// under the new name keeps the old one, as those of the standard library do.
func relocateOne(document []byte, packages []listedPackage) []byte {
	there, here, ok := directories(document, packages)
	if !ok {
		return document
	}
	return fileName.ReplaceAllFunc(document, func(match []byte) []byte {
		m := fileName.FindSubmatch(match)
		var name string
		if err := json.Unmarshal(m[2], &name); err != nil {
			return match
		}
		quoted, err := json.Marshal(moved(name, there, here, packages))
		if err != nil {
			return match
		}
		return slices.Concat([]byte(`"`), m[1], []byte(`": `), quoted)
	})
}

// moved returns the position or file name with the directory there replaced by
// here. A name that begins with an import path, as positions in other packages do
// under -trimpath, gets the directory of that package.
func moved(name, there, here string, packages []listedPackage) string {
	file := name
	if before, _, ok := cutLast(name); ok {
		if file, _, ok = cutLast(before); !ok {
			return name
		}
	}
	at := file
	if rest, ok := strings.CutPrefix(file, there); ok {
		at = here + rest
	} else if !filepath.IsAbs(file) {
		i := slices.IndexFunc(packages, func(p listedPackage) bool { return p.ImportPath == path.Dir(file) })
		if i >= 0 {
			at = filepath.Join(packages[i].Dir, path.Base(file))
		}
	}
	if !exists(at) {
		return name
	}
	return at + strings.TrimPrefix(name, file)
}

// directories returns the beginnings in which the names of the document's package
// directory differ, where it was analyzed and here.
func directories(document []byte, packages []listedPackage) (there, here string, ok bool) {
	var tree map[string]map[string]json.RawMessage
	if err := json.Unmarshal(document, &tree); err != nil {
		return "", "", false
	}
	for id, checks := range tree {
		dir, ok := directoryOf(id, packages)
		for _, message := range checks {
			var diagnostics []struct{ Posn string }
			if err := json.Unmarshal(message, &diagnostics); err != nil || len(diagnostics) == 0 || !ok {
				continue
			}
			file, _, _ := strings.Cut(filepath.ToSlash(diagnostics[0].Posn), ".go:")
			there, here := differ(path.Dir(file), filepath.ToSlash(dir))
			return filepath.FromSlash(there), filepath.FromSlash(here), true
		}
	}
	return "", "", false
}

// directoryOf returns the directory of the package that the go command calls id:
// an import path, "path [path.test]" or "path_test [path.test]".
func directoryOf(id string, packages []listedPackage) (string, bool) {
	name, _, _ := strings.Cut(id, " ")
	for _, candidate := range []string{name, strings.TrimSuffix(name, "_test")} {
		for _, p := range packages {
			if p.ImportPath == candidate {
				return p.Dir, true
			}
		}
	}
	return "", false
}

// differ returns what is left of two slash-separated names without the elements
// that they have in common at the end.
func differ(a, b string) (string, string) {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	for len(as) > 1 && len(bs) > 1 && as[len(as)-1] == bs[len(bs)-1] {
		as, bs = as[:len(as)-1], bs[:len(bs)-1]
	}
	return strings.Join(as, "/"), strings.Join(bs, "/")
}
