package report

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	// The module that carries the schema.
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSARIF validates what chanlint writes against the schema of OASIS, with
// formats such as uri-reference, in JSON Schema's own terms.
func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	generated, err := os.ReadFile(write(t, large(200), "sarif", "r.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"example": example(t, "sarif"), "generated": generated} {
		if err := validate(schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The test can fail.
	for _, change := range [][2]string{
		{`"level": "error"`, `"level": "bad"`}, {`"startLine": `, `"startLine": -`},
		{`"ruleIndex"`, `"ruleIndices"`}, {`"uri": "`, `"uri": "%zz `},
	} {
		if validate(schema, bytes.ReplaceAll(generated, []byte(change[0]), []byte(change[1]))) == nil {
			t.Errorf("with %s instead of %s it is valid as well", change[1], change[0])
		}
	}
}

func validate(schema *jsonschema.Schema, text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// sarifSchema compiles the schema, which go-sarif has as a constant.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := constant(filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), "schema")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// constant returns a constant string of a Go file.
func constant(file, name string) (string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return "", err
	}
	for n := range ast.Preorder(f) {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == name && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				return strconv.Unquote(lit.Value)
			}
		}
	}
	return "", errors.New(file + " has no constant " + name)
}
