package e2e

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// testEditors runs the command lines that the editors of docs/editors.md run.
func testEditors(t *testing.T, root, lint string) {
	document := filepath.Join(root, "docs", "editors.md")
	dir := newModule(t, twice)
	write(t, dir, ".golangci.yml", config)

	// golangci-lint-langserver adds the directory and reads JSON.
	var langserver struct {
		Languageserver map[string]struct {
			InitializationOptions struct{ Command []string }
		}
	}
	if err := json.Unmarshal([]byte(block(t, document, "json: langserver")), &langserver); err != nil {
		t.Fatal(err)
	}
	for _, server := range langserver.Languageserver {
		args := server.InitializationOptions.Command[1:]
		out, status := try(t, dir, lint, slices.Concat(args, []string{"--allow-parallel-runners", dir})...)
		var result struct {
			Issues []struct{ FromLinter, Text string }
		}
		if err := json.Unmarshal([]byte(out), &result); err != nil || status != 1 || len(result.Issues) != 2 || result.Issues[0].FromLinter != "chanlint" {
			t.Errorf("golangci-lint-langserver gets status %d, %v and %s", status, err, out)
		}
	}

	// VS Code's Go extension has its own flags and reads lines.
	var vscode struct {
		Flags []string `json:"go.lintFlags"`
	}
	if err := json.Unmarshal([]byte(block(t, document, "json: vscode")), &vscode); err != nil {
		t.Fatal(err)
	}
	out, status := try(t, dir, lint, slices.Concat([]string{"run"}, vscode.Flags, []string{
		"--issues-exit-code=0", "--output.text.print-issued-lines=false", "--show-stats=false", "--output.text.path=stdout", "--allow-parallel-runners", "./...",
	})...)
	want := regexp.MustCompile("(?m)^" + regexp.QuoteMeta(filepath.Join(dir, "m.go")) + ":8:2: .*close of closed channel")
	if status != 0 || !want.MatchString(out) {
		t.Errorf("VS Code gets status %d and %s, want %s", status, out, want)
	}
}
