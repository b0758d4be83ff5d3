package chandir_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	corpora = flag.String("corpora", "", "apply the fixes to the modules in this `directory`, without changing them, and compile them")
	only    = flag.String("modules", "", "comma-separated `names` of the modules, if not all")
)

// TestCorpora holds, for real code, that what the fixes make compiles together
// with its tests, under the GOOS of the environment. The changed files are an
// overlay; the modules stay as they are.
func TestCorpora(t *testing.T) {
	if *corpora == "" {
		t.Skip("needs -corpora")
	}
	tool := filepath.Join(t.TempDir(), "chanlint")
	build := exec.Command("go", "build", "-o", tool, "../../cmd/chanlint")
	build.Env = append(os.Environ(), "GOOS=", "GOARCH=") // it runs here, whatever it looks at
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	names := strings.Split(*only, ",")
	if *only == "" {
		mods, _ := filepath.Glob(filepath.Join(*corpora, "*", "go.mod"))
		names = nil
		for _, mod := range mods {
			names = append(names, filepath.Base(filepath.Dir(mod)))
		}
	}
	fixed := 0
	for _, name := range names {
		dir := filepath.Join(*corpora, name)
		folders := checkable(dir, tool, candidates(t, dir))
		if len(folders) == 0 {
			continue
		}
		files, n := apply(t, dir, tool, folders)
		t.Logf("%s: %d findings in %d files of %d packages", name, n, len(files), len(folders))
		if len(files) == 0 {
			continue
		}
		fixed += n
		overlay := writeOverlay(t, files)
		output(t, dir, "go", append([]string{"vet", "-overlay=" + overlay, "-vettool=" + tool, "-closerecv"}, folders...)...)
	}
	t.Logf("%d findings are fixed; does all compile: %v", fixed, !t.Failed())
}

// narrowable matches the head of a function that chandir might look at.
var narrowable = regexp.MustCompile(`(?m)^func [a-z_]\w*[(\[].*\bchan\b`)

// candidates returns the folders of the module at dir, as patterns, that hold
// such functions.
func candidates(t *testing.T, dir string) []string {
	list := output(t, dir, "go", "list", "-e", "-f", "{{.Dir}}", "./...")
	var folders []string
	for _, folder := range strings.Fields(list) {
		names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
		for _, name := range names {
			if text, err := os.ReadFile(name); err == nil && narrowable.Match(text) {
				rel, err := filepath.Rel(dir, folder)
				if err != nil {
					t.Fatal(err)
				}
				folders = append(folders, "./"+filepath.ToSlash(rel))
				break
			}
		}
	}
	return folders
}

// checkable returns the folders that compile as they are, together or, if one of
// them does not, one by one.
func checkable(dir, tool string, folders []string) []string {
	compiles := func(folders ...string) bool {
		cmd := exec.Command("go", append([]string{"vet", "-vettool=" + tool, "-closerecv"}, folders...)...)
		cmd.Dir = dir
		return cmd.Run() == nil
	}
	if len(folders) == 0 || compiles(folders...) {
		return folders
	}
	return slices.DeleteFunc(folders, func(folder string) bool { return !compiles(folder) })
}

// apply returns the files with their findings fixed, and how many findings that
// were.
func apply(t *testing.T, dir, tool string, folders []string) (map[string]string, int) {
	type edit struct {
		File       string
		Start, End int
		New        string
	}
	var result struct {
		Findings []struct {
			Fixes []struct{ Edits []edit }
		}
	}
	cmd := exec.Command(tool, append([]string{"-checks=chandir", "-json"}, folders...)...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	byFile := make(map[string][]edit)
	n := 0
	for _, f := range result.Findings {
		for _, fix := range f.Fixes {
			n++
			for _, e := range fix.Edits {
				name := e.File
				if !filepath.IsAbs(name) {
					name = filepath.Join(dir, name)
				}
				byFile[name] = append(byFile[name], e)
			}
		}
	}
	files := make(map[string]string)
	for name, edits := range byFile {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(source)
		slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.Start, a.Start) })
		for _, e := range edits {
			text = text[:e.Start] + e.New + text[e.End:]
		}
		files[name] = text
	}
	return files, n
}

// writeOverlay writes the files and returns the name of what go build -overlay
// takes.
func writeOverlay(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	var overlay struct{ Replace map[string]string }
	overlay.Replace = make(map[string]string)
	for name, text := range files {
		replacement, err := os.CreateTemp(dir, "*.go")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := replacement.WriteString(text); err != nil {
			t.Fatal(err)
		}
		replacement.Close()
		overlay.Replace[name] = replacement.Name()
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// output runs a command that has to succeed.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%s: %s %q: %v\n%s", dir, name, args, err, stderr.String())
	}
	return string(out)
}
