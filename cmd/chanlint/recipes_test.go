package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// recipe matches a block in docs/ci.md that is marked to be run.
var recipe = regexp.MustCompile("(?s)<!-- (yaml: [a-z-]+|make|sh) -->\n```[a-z]+\n(.*?)```\n")

// TestRecipes runs every command of docs/ci.md in a module with a tool line, as a
// user would have it: it succeeds while there is nothing to report, and fails once
// there is, unless it only writes a summary.
func TestRecipes(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("builds chanlint, and the recipes are for a POSIX shell")
	}
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := userModule(t)
	names := 0
	for _, m := range recipe.FindAllStringSubmatch(string(text), -1) {
		name := strings.TrimPrefix(m[1], "yaml: ")
		if name == "pre-commit" {
			continue // needs the published repository
		}
		names++
		for _, command := range commands(t, name, m[2], dir) {
			t.Run(name, func(t *testing.T) { testRecipe(t, dir, command, name == "github-step") })
		}
	}
	if names < 6 {
		t.Errorf("docs/ci.md has %d recipes, want more", names)
	}
}

// commands returns the shell commands of a block.
func commands(t *testing.T, name, text, dir string) []string {
	var found []string
	switch name {
	case "sh":
		return []string{text}
	case "make":
		if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return []string{"make lint"}
	}
	var tree any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case map[string]any:
			for key, value := range node {
				line, isText := value.(string)
				lines, isList := value.([]any)
				switch {
				case isText && (key == "run" || key == "entry"):
					found = append(found, line)
				case isList && key == "script":
					for _, l := range lines {
						found = append(found, l.(string))
					}
				default:
					walk(value)
				}
			}
		case []any:
			for _, value := range node {
				walk(value)
			}
		}
	}
	walk(tree)
	if len(found) == 0 {
		t.Errorf("%s has no command", name)
	}
	return found
}

// testRecipe runs a command without and with something to report.
func testRecipe(t *testing.T, dir, command string, summary bool) {
	if strings.HasPrefix(command, "make") {
		if _, err := exec.LookPath("make"); err != nil {
			t.Skip(err)
		}
	}
	run := func() (string, error) {
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		cmd.Env = append(userEnv(), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
		out, err := cmd.CombinedOutput()
		for _, name := range []string{"summary.md", "chanlint.sarif"} {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				out = append(out, text...)
				os.Remove(filepath.Join(dir, name))
			}
		}
		return string(out), err
	}
	if out, err := run(); err != nil {
		t.Errorf("%s: %v\n%s", command, err, out)
	}
	source := filepath.Join(dir, "twice.go")
	defer os.Remove(source)
	if err := os.WriteFile(source, []byte("package m\n\nfunc twice(c chan int) {\n\tclose(c)\n\tclose(c)\n}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := run()
	if (err == nil) != summary || !strings.Contains(out, "close of closed channel") {
		t.Errorf("%s, with a channel that is closed twice: %v\n%s", command, err, out)
	}
}

// userModule returns a module with chanlint as a tool of it.
func userModule(t *testing.T) string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.go"), []byte("package m\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"mod", "init", "example.org/m"},
		{"mod", "edit", "-replace", "github.com/chanlint/chanlint=" + root},
		{"get", "-tool", "github.com/chanlint/chanlint/cmd/chanlint"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = userEnv()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	return dir
}

// userEnv is the environment of a user who is not in this repository and needs
// nothing from the network.
func userEnv() []string {
	return append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "GOTOOLCHAIN=local")
}
