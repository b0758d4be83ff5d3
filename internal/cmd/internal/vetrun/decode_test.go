package vetrun

import (
	"slices"
	"strings"
	"testing"
)

const output = `# example.com/p
{}
{
	"example.com/p": {
		"leaksend": [
			{
				"posn": "/src/p/p.go:12:3",
				"end": "/src/p/p.go:12:9",
				"message": "send on c blocks forever",
				"related": [{"posn": "/src/p/p.go:9:2", "end": "", "message": "c is made here"}]
			},
			{"posn": "/src/p/p.go:4:1", "message": "first by line"}
		],
		"broken": {"error": "analysis failed"}
	}
}
{
	"example.com/p [example.com/p.test]": {
		"leaksend": [{"posn": "/src/p/p.go:12:3", "message": "send on c blocks forever"}]
	}
}
`

func TestDecode(t *testing.T) {
	diags, failures, err := Decode([]byte(output))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"example.com/p: broken: analysis failed"}; !slices.Equal(failures, want) {
		t.Errorf("failures = %q, want %q", failures, want)
	}
	if len(diags) != 2 {
		t.Fatalf("got %d diagnostics, want 2 (the test variant repeats one): %v", len(diags), diags)
	}
	if diags[0].Line != 4 || diags[1].Line != 12 || diags[1].Column != 3 {
		t.Errorf("diagnostics are not in the order of their lines: %v", diags)
	}
	want := Position{File: "/src/p/p.go", Line: 9, Column: 2, Message: "c is made here"}
	if got := diags[1].Related; len(got) != 1 || got[0] != want {
		t.Errorf("related = %v, want %v", got, want)
	}
}

func TestDecodeRefusesGarbage(t *testing.T) {
	for _, data := range []string{"{", "flag provided but not defined", `{"p":{"c":7}}`} {
		if _, _, err := Decode([]byte(data)); err == nil {
			t.Errorf("Decode(%q) succeeds", data)
		}
	}
}

func TestPosition(t *testing.T) {
	for posn, want := range map[string]Position{
		"a.go:3:7":      {File: "a.go", Line: 3, Column: 7},
		"a.go:3":        {File: "a.go", Line: 3},
		`C:\s\a.go:3:7`: {File: `C:\s\a.go`, Line: 3, Column: 7},
		"-":             {File: "-"},
	} {
		if got := position(posn, ""); got != want {
			t.Errorf("position(%q) = %+v, want %+v", posn, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	text := "go: downloading a v1\n# p\nvet: p.go:1:2: undefined: x\n# q\n./q.go:3: y\nmore\n"
	got := strings.Join(paragraphs(text), "|")
	want := "p\n\tvet: p.go:1:2: undefined: x|q\n\t./q.go:3: y\n\tmore"
	if got != want {
		t.Errorf("paragraphs = %q, want %q", got, want)
	}
}

func TestMentions(t *testing.T) {
	d := Diagnostic{
		Position: Position{File: "/src/k.go", Line: 12, Message: "send on c blocks forever if run returns at line 27; see l.go:44"},
		Related:  []Position{{File: "/src/k.go", Line: 5}},
	}
	want := []Position{{File: "/src/k.go", Line: 5}, {File: "/src/k.go", Line: 27}, {File: "/src/l.go", Line: 44}}
	if got := d.Mentions(); !slices.Equal(got, want) {
		t.Errorf("Mentions = %v, want %v", got, want)
	}
}
