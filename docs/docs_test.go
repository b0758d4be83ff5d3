// Package docs_test holds the documents to what can be held: their links lead
// somewhere, their YAML and JSON parse. What they quote and what their commands
// do is held by the tests of cmd/chanlint.
package docs_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const root = ".."

// documents returns the names of all Markdown files of the repository.
func documents(t *testing.T) []string {
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 20 {
		t.Fatalf("only %d documents: the test holds little", len(found))
	}
	return found
}

// read returns a document.
func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	fenced = regexp.MustCompile("(?ms)^( *)```([a-z]*)\n(.*?)^ *```$")
	inline = regexp.MustCompile("`[^`\n]*`")
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	title  = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinks holds that each relative link leads to a file, and to a heading of it
// if it names one.
func TestLinks(t *testing.T) {
	held := 0
	for _, path := range documents(t) {
		text := inline.ReplaceAllString(fenced.ReplaceAllString(read(t, path), ""), "")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			held++
			at := path
			if target != "" {
				at = filepath.Join(filepath.Dir(path), target)
			}
			info, err := os.Stat(at)
			if err != nil {
				t.Errorf("%s: %s leads nowhere", path, m[1])
				continue
			}
			if anchor != "" && (info.IsDir() || !hasAnchor(read(t, at), anchor)) {
				t.Errorf("%s: %s: there is no such heading", path, m[1])
			}
		}
	}
	if held < 50 {
		t.Errorf("only %d links are held", held)
	}
}

// hasAnchor reports whether a document has the heading that GitHub gives this
// anchor: in lower case, blanks as hyphens, without punctuation.
func hasAnchor(text, anchor string) bool {
	for _, m := range title.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
				return r
			}
			return -1
		}, strings.ToLower(m[1]))
		if slug == anchor {
			return true
		}
	}
	return false
}

// TestBlocks holds that what is called YAML or JSON is that.
func TestBlocks(t *testing.T) {
	held := 0
	for _, path := range documents(t) {
		for _, m := range fenced.FindAllStringSubmatch(read(t, path), -1) {
			text := strings.ReplaceAll(m[3], "\n"+m[1], "\n")
			var err error
			switch m[2] {
			case "yaml":
				err = parseYAML(text)
			case "json":
				err = json.Unmarshal([]byte(text), new(any))
			default:
				continue
			}
			held++
			if err != nil {
				t.Errorf("%s: %v in\n%s", path, err, text)
			}
		}
	}
	if held < 8 {
		t.Errorf("only %d blocks are held", held)
	}
}

// parseYAML parses text and refuses keys that come twice.
func parseYAML(text string) error {
	var tree any
	return yaml.NewDecoder(strings.NewReader(text)).Decode(&tree)
}

// TestPreCommitHooks holds the file that pre-commit reads, by its documentation:
// https://pre-commit.com/#new-hooks.
func TestPreCommitHooks(t *testing.T) {
	var hooks []struct {
		ID            string
		Name          string
		Description   string
		Entry         string
		Args          []string
		Language      string
		Types         []string
		PassFilenames *bool `yaml:"pass_filenames"`
		RequireSerial bool  `yaml:"require_serial"`
	}
	d := yaml.NewDecoder(bytes.NewReader([]byte(read(t, filepath.Join(root, ".pre-commit-hooks.yaml")))))
	d.KnownFields(true)
	if err := d.Decode(&hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 1 {
		t.Fatalf("there are %d hooks, want one", len(hooks))
	}
	h := hooks[0]
	// pre-commit runs go install ./... in the repository, so the entry is a command.
	if _, err := os.Stat(filepath.Join(root, "cmd", h.Entry)); err != nil || h.ID != "chanlint" || h.Name == "" || h.Language != "golang" {
		t.Errorf("the hook is %+v", h)
	}
	if h.PassFilenames == nil || *h.PassFilenames {
		t.Error("the hook passes the names of files, but chanlint takes packages")
	}
}
