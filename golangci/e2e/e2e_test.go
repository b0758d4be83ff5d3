// Package e2e holds the plugin to what go vet finds, inside a golangci-lint that
// it builds. The module's only requirement is golangci-lint, so that chanlint
// itself has none.
package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	e2e  = flag.Bool("e2e", false, "build golangci-lint and run the tests; needs the network and some minutes")
	keep = flag.String("binary", "", "keep the golangci-lint with chanlint in this `file`, or use the one that is there")
)

const golangciLint = "github.com/golangci/golangci-lint/v2"

// TestMain skips everything unless it is asked for: most runs of all tests
// should need neither the network nor minutes.
func TestMain(m *testing.M) {
	flag.Parse()
	if !*e2e {
		fmt.Println("skipped; go test -e2e runs it")
		return
	}
	os.Exit(m.Run())
}

// TestEndToEnd builds golangci-lint with the plugin, as docs/golangci-lint.md
// says, and runs it.
func TestEndToEnd(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	lint := *keep
	if lint == "" {
		lint = filepath.Join(t.TempDir(), "golangci-lint-chanlint")
	}
	if _, err := os.Stat(lint); err != nil {
		buildCustom(t, root, lint)
	}
	t.Run("corpus", func(t *testing.T) { testCorpus(t, root, lint) })
	t.Run("settings", func(t *testing.T) { testSettings(t, lint) })
	t.Run("nolint", func(t *testing.T) { testNolint(t, lint) })
	t.Run("editors", func(t *testing.T) { testEditors(t, root, lint) })
}

// buildCustom has golangci-lint build itself with the plugin from root and puts
// the result where it is wanted.
func buildCustom(t *testing.T, root, binary string) {
	dir := t.TempDir()
	stock := filepath.Join(dir, "golangci-lint")
	run(t, ".", nil, "go", "build", "-o", stock, golangciLint+"/cmd/golangci-lint")
	version := strings.TrimSpace(run(t, ".", nil, "go", "list", "-m", "-f", "{{.Version}}", golangciLint))
	source := strings.TrimSpace(run(t, ".", nil, "go", "list", "-m", "-f", "{{.Dir}}", golangciLint))

	config := documented(t, root, ".custom-gcl.yml")
	if !strings.Contains(config, "version: "+version+"\n") {
		t.Errorf("docs/golangci-lint.md does not name %s, which go.mod has", version)
	}
	config = strings.Replace(config, "path: ../chanlint", "path: "+root, 1)
	config = strings.Replace(config, "name: golangci-lint-chanlint", "name: built", 1)
	write(t, dir, ".custom-gcl.yml", config)

	// "golangci-lint custom" clones a repository; the module has the same files.
	repo := filepath.Join(dir, "repo")
	if err := os.CopyFS(repo, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	run(t, dir, nil, "chmod", "-R", "u+w", repo)
	git := []string{"GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.org", "GIT_COMMITTER_NAME=e2e", "GIT_COMMITTER_EMAIL=e2e@example.org"}
	run(t, repo, git, "git", "init", "-q")
	run(t, repo, git, "git", "add", "-A", "-f")
	run(t, repo, git, "git", "commit", "-q", "-m", version)
	run(t, repo, git, "git", "tag", version)
	run(t, dir, []string{
		"GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url.file://" + repo + ".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/golangci-lint.git",
	}, stock, "custom", "-v")
	run(t, dir, nil, "mv", "built", binary)
}

// testCorpus compares the findings in this repository's test programs.
func testCorpus(t *testing.T, root, lint string) {
	dir := filepath.Join(root, "testdata")
	config := write(t, t.TempDir(), ".golangci.yml", strings.Replace(documented(t, root, ".golangci.yml"), "linters:\n", "linters:\n  default: none\n", 1))
	got := golangci(t, dir, lint, config)

	tool := filepath.Join(t.TempDir(), "chanlint")
	run(t, root, nil, "go", "build", "-o", tool, "./cmd/chanlint")
	want := vet(t, dir, tool)
	if len(want) < 100 {
		t.Fatalf("go vet finds %d defects only: the test would hold little", len(want))
	}
	t.Logf("go vet finds %d, golangci-lint %d", len(want), len(got))
	for _, difference := range compare(want, got) {
		t.Error(difference)
	}
}

// compare returns a line for each finding of one side that the other lacks.
func compare(want, got []finding) []string {
	var differences []string
	matched := make([]bool, len(got))
	for _, w := range want {
		i := slices.IndexFunc(got, func(g finding) bool { return w.pos == g.pos && w.folded(g.text) })
		if i < 0 {
			differences = append(differences, fmt.Sprintf("only go vet: %s: %s %q", w.pos, w.text, w.related))
			continue
		}
		matched[i] = true
	}
	for i, g := range got {
		if !matched[i] {
			differences = append(differences, fmt.Sprintf("only golangci-lint: %s: %s", g.pos, g.text))
		}
	}
	return differences
}

// A finding is one defect as a driver has it: the text begins with the check.
type finding struct {
	pos, text string
	related   []string // messages
}

// folded reports whether text says all that f does.
func (f finding) folded(text string) bool {
	rest, ok := strings.CutPrefix(text, f.text)
	if len(f.related) == 0 {
		return ok && rest == ""
	}
	for _, r := range f.related {
		ok = ok && strings.Contains(rest, ": "+r)
	}
	return ok && strings.Count(rest, ": ") >= len(f.related)
}

// golangci returns what golangci-lint with the configuration finds in dir.
func golangci(t *testing.T, dir, lint, config string) []finding {
	out, status := try(t, dir, lint, "run", "--config", config, "--max-same-issues=0", "--max-issues-per-linter=0", "--uniq-by-line=false", "--path-mode=abs",
		"--output.json.path=stdout", "--show-stats=false", "--timeout=20m", "--allow-parallel-runners", "./...")
	if status > 1 {
		t.Fatalf("golangci-lint ends with status %d:\n%s", status, out)
	}
	var result struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&result); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	var found []finding
	for _, issue := range result.Issues {
		text := issue.Text
		if issue.FromLinter != "chanlint" {
			text = issue.FromLinter + ": " + text
		}
		name, err := filepath.Rel(dir, issue.Pos.Filename)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, finding{pos: fmt.Sprintf("%s:%d:%d", filepath.ToSlash(name), issue.Pos.Line, issue.Pos.Column), text: text})
	}
	return unique(found)
}

// vet returns what go vet with the tool finds in dir.
func vet(t *testing.T, dir, tool string) []finding {
	out := run(t, dir, nil, "go", "vet", "-vettool="+tool, "-json", "./...")
	var found []finding
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); {
		var tree map[string]map[string][]struct {
			Posn, Message string
			Related       []struct{ Message string }
		}
		if err := d.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		for _, checks := range tree {
			for check, diagnostics := range checks {
				for _, diag := range diagnostics {
					rel, err := filepath.Rel(dir, diag.Posn)
					if err != nil {
						t.Fatal(err)
					}
					f := finding{pos: filepath.ToSlash(rel), text: check + ": " + diag.Message}
					for _, r := range diag.Related {
						f.related = append(f.related, r.Message)
					}
					found = append(found, f)
				}
			}
		}
	}
	return unique(found)
}

// unique sorts findings and drops those that a package and its test variant share.
func unique(list []finding) []finding {
	slices.SortFunc(list, func(a, b finding) int { return strings.Compare(a.pos+a.text, b.pos+b.text) })
	return slices.CompactFunc(list, func(a, b finding) bool { return a.pos == b.pos && a.text == b.text })
}

// documented returns the file of that name in docs/golangci-lint.md.
func documented(t *testing.T, root, name string) string {
	t.Helper()
	return block(t, filepath.Join(root, "docs", "golangci-lint.md"), "file: "+name)
}

// block returns the block of a document behind the comment with the mark.
func block(t *testing.T, document, mark string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)<!-- " + regexp.QuoteMeta(mark) + " -->\n```[a-z]+\n(.*?)```\n").FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no block marked %q", document, mark)
	}
	return string(m[1])
}

// write writes a file below dir and returns its name.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a command that has to succeed and returns what it printed on standard
// output.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// try runs a command and returns what it printed and its exit status.
func try(t *testing.T, dir, name string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOLANGCI_LINT_CACHE="+t.TempDir())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(out)) == 0 {
		out = stderr.Bytes()
	}
	return string(out), cmd.ProcessState.ExitCode()
}
