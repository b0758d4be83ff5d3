package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/chanlint/chanlint"

// A layer is a kind of package, by what it may import.
type layer string

const (
	command    layer = "command"      // cmd/…, golangci/…: drivers without analysis logic
	list       layer = "list"         // analyzers: the list of checks
	check      layer = "check"        // analyzers/…: one check each
	engine     layer = "engine"       // internal/…: what the checks ask
	tool       layer = "tool"         // internal/cmd/…, internal/…test: what developers run
	runtimeLib layer = "run-time lib" // runtime/…: what programs under test import
)

// mayImport lists for each layer the layers below it. No layer but the engine,
// the developers' tools and the run-time half imports itself: checks do not
// know each other.
var mayImport = map[layer][]layer{
	command:    {list, check, engine},
	list:       {check},
	check:      {engine},
	engine:     {engine},
	tool:       {list, check, engine, tool, runtimeLib},
	runtimeLib: {runtimeLib},
}

// layerOf returns the layer of the package with the given path in the module.
func layerOf(path string) (layer, bool) {
	rel := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	first, rest, nested := strings.Cut(rel, "/")
	switch first {
	case "cmd", "golangci":
		return command, true
	case "analyzers":
		if nested {
			return check, true
		}
		return list, true
	case "internal":
		if strings.HasPrefix(rest, "cmd/") {
			return tool, true
		}
		return engine, true
	case "runtime":
		return runtimeLib, true
	case "docs", "testdata", "":
		return tool, true // generators and examples, which nothing imports
	}
	return "", false
}

// violations returns the imports that break the rule, one a line and sorted.
// imports maps each package of the module to what it imports.
func violations(imports map[string][]string) []string {
	var found []string
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		fromLayer, ok := layerOf(from)
		if !ok {
			found = append(found, from+" belongs to no layer")
			continue
		}
		for _, to := range slices.Sorted(slices.Values(imports[from])) {
			if to != module && !strings.HasPrefix(to, module+"/") {
				continue
			}
			toLayer, _ := layerOf(to)
			if !slices.Contains(mayImport[fromLayer], toLayer) {
				found = append(found, from+" ("+string(fromLayer)+") imports "+to+" ("+string(toLayer)+")")
			}
		}
	}
	return found
}

// TestLayers holds the rule for the module itself. Tests may import anything.
func TestLayers(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := make(map[string][]string)
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		imports[p.ImportPath] = p.Imports
	}
	if len(imports[module+"/cmd/chanlint"]) == 0 {
		t.Fatal("go list does not know cmd/chanlint: the test would hold nothing")
	}
	for _, v := range violations(imports) {
		t.Error(v)
	}
}

// TestViolations holds that each way of breaking the rule is noticed.
func TestViolations(t *testing.T) {
	tests := []struct {
		from, to string
		allowed  bool
	}{
		{"cmd/chanlint", "analyzers", true},
		{"cmd/chanlint", "internal/driver", true},
		{"analyzers", "analyzers/closenil", true},
		{"analyzers/closenil", "internal/typestate", true},
		{"internal/typestate", "internal/op", true},
		{"internal/cmd/corpus", "analyzers", true},
		{"runtime/leakcheck", "runtime/internal/stack", true},

		{"analyzers/closenil", "analyzers/doubleclose", false},
		{"analyzers/closenil", "analyzers", false},
		{"internal/op", "analyzers/closenil", false},
		{"internal/op", "analyzers", false},
		{"internal/op", "internal/cmd/corpus", false},
		{"internal/op", "runtime/leakcheck", false},
		{"internal/op", "cmd/chanlint", false},
		{"analyzers", "cmd/chanlint", false},
		{"runtime/leakcheck", "internal/op", false},
		{"runtime/leakcheck", "analyzers", false},
		{"cmd/chanlint", "runtime/leakcheck", false},
		{"golangci", "cmd/chanlint", false},
		{"somewhere", "fmt", false},
	}
	for _, tt := range tests {
		got := violations(map[string][]string{module + "/" + tt.from: {"fmt", module + "/" + tt.to}})
		if (len(got) == 0) != tt.allowed {
			t.Errorf("%s imports %s: violations %q, want allowed %v", tt.from, tt.to, got, tt.allowed)
		}
	}
}
