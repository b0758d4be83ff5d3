package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// quoted matches a block in a document of which a comment says what it shows:
// a part of a file, or what a command prints in the root of the repository.
var quoted = regexp.MustCompile("(?s)(<!-- (source|output): ([^\n]*) -->\n```[a-z]*\n)(.*?)(```\n)")

// TestReadme holds the README's and the documents' quotations to what they quote.
// With -update it rewrites the output of commands.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if seen := quotations(t, root, filepath.Join(root, "README.md")); seen["source"] == 0 || seen["output"] == 0 {
		t.Errorf("README.md quotes %d sources and %d outputs, want some of each", seen["source"], seen["output"])
	}
	all := 0
	for _, path := range documents {
		all += quotations(t, root, path)["source"]
	}
	if all == 0 {
		t.Error("the documents quote nothing: the test holds little")
	}
}

// quotations holds one document and returns how many quotations it has, by kind.
func quotations(t *testing.T, root, path string) (seen map[string]int) {
	name := filepath.Base(path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seen = make(map[string]int)
	updated := quoted.ReplaceAllStringFunc(string(text), func(block string) string {
		m := quoted.FindStringSubmatch(block)
		head, kind, what, body, tail := m[1], m[2], m[3], m[4], m[5]
		seen[kind]++
		switch kind {
		case "source":
			source, err := os.ReadFile(filepath.Join(root, what))
			if err != nil {
				t.Error(err)
			} else if !strings.Contains(string(source), body) {
				t.Errorf("%s does not contain what %s quotes from it:\n%s", what, name, body)
			}
		case "output":
			args := strings.Fields(what)
			cmd := exec.Command(args[0], args[1:]...) // chanlint is what TestMain has made of this test
			cmd.Dir = root
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			wantExit := 1 // there are findings
			if args[1] == "explain" {
				wantExit = 0
			}
			if err := cmd.Run(); cmd.ProcessState.ExitCode() != wantExit || stderr.Len() > 0 {
				t.Errorf("%s: %v\n%s", what, err, stderr.String())
			}
			if stdout.String() != body && !*update {
				t.Errorf("%s prints\n%s\nand %s says\n%s", what, stdout.String(), name, body)
			}
			body = stdout.String()
		}
		return head + body + tail
	})
	if *update && updated != string(text) {
		if err := os.WriteFile(path, []byte(updated), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return seen
}
