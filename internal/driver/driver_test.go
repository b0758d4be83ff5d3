package driver

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanlint/chanlint/internal/output"
)

func TestCalledByGo(t *testing.T) {
	tests := []struct {
		args string
		want bool
	}{
		{"-V=full", true},
		{"-flags", true},
		{"-json -doubleclose /tmp/b001/vet.cfg", true},
		{"", false},
		{"./...", false},
		{"-flags ./...", false},
		{"-o report.cfg", false},
	}
	for _, tt := range tests {
		if got := CalledByGo(strings.Fields(tt.args)); got != tt.want {
			t.Errorf("CalledByGo(%q) = %v, want %v", tt.args, got, tt.want)
		}
	}
}

// TestSplitter writes a stream in pieces of every size: the go command's writes
// end anywhere.
func TestSplitter(t *testing.T) {
	const stream = "# p\nwarning {\n{}\n{\n\t\"p\": {\n\t\t\"a\": []\n\t}\n}\nbetween\n{\n\t\"cut\": 1\n"
	for size := 1; size <= len(stream); size++ {
		s := new(splitter)
		done := 0
		s.onDocument = func() { done++ }
		for chunk := range slices.Chunk([]byte(stream), size) {
			s.Write(chunk)
		}
		documents := s.flush()
		if len(documents) != 2 || done != 2 {
			t.Fatalf("size %d: %d documents and %d calls, want 2 and 2", size, len(documents), done)
		}
		if got := string(documents[1]); got != "{\n\t\"p\": {\n\t\t\"a\": []\n\t}\n}\n" {
			t.Errorf("size %d: document is %q", size, got)
		}
		if got, want := s.text.String(), "# p\nwarning {\nbetween\n{\n\t\"cut\": 1\n"; got != want {
			t.Errorf("size %d: text is %q, want %q", size, got, want)
		}
	}
}

func TestMessageBlocks(t *testing.T) {
	got := messageBlocks("go: warning\n# q\nq.go:1:1: no\n# [q]\nmore\n# p\np.go:1:1: no\n")
	want := []string{"go: warning\n", "# p\np.go:1:1: no\n", "# q\nq.go:1:1: no\n# [q]\nmore\n"}
	if !slices.Equal(got, want) {
		t.Errorf("blocks are %q, want %q", got, want)
	}
	if got := messageBlocks("# q\n1\n# p\n2\n"); !slices.Equal(got, []string{"# p\n2\n", "# q\n1\n"}) {
		t.Errorf("blocks are %q, want p before q", got)
	}
	if got := strings.Join(messageBlocks(""), ""); got != "" {
		t.Errorf("no messages became %q", got)
	}
}

func TestPaths(t *testing.T) {
	here := filepath.FromSlash("/home/u/src/m")
	p := &paths{here: here, goDir: filepath.Join(here, "sub")}
	tests := []struct{ in, want string }{
		{"/home/u/src/m/a.go:3:4", "a.go:3:4"},
		{"/home/u/src/m/x/a.go:3:4", "x/a.go:3:4"},
		{"/home/u/src/other/a.go:3:4", "../other/a.go:3:4"},
		{"/usr/lib/go/a.go:3:4", "/usr/lib/go/a.go:3:4"},
		{"a.go:3:4", "sub/a.go:3:4"},
		{"./a.go:3:4", "sub/a.go:3:4"},
		{"../b:c/a.go:3:4", "b:c/a.go:3:4"},
	}
	for _, tt := range tests {
		pos, ok := p.position(tt.in)
		if got := pos.String(); !ok || got != tt.want {
			t.Errorf("position(%s) = %s, %v, want %s", tt.in, got, ok, tt.want)
		}
	}
	for _, in := range []string{"-", "", "a.go", "a.go:3", ":3:4", "a.go:x:4", "a.go:3:y"} {
		if _, ok := p.position(in); ok {
			t.Errorf("position(%q) is accepted", in)
		}
	}
}

// TestUnreadable holds that what is not the JSON of a vet tool is an error: to
// skip it would be to call code clean that was not checked.
func TestUnreadable(t *testing.T) {
	for _, document := range []string{
		"{\n\t\"p\": 1\n}",
		"{\n\t\"p\": {\"a\": 1}\n}",
		"{\n\t\"p\": {\"a\": [1]}\n}",
		"{\n\tp\n}",
	} {
		out := &vetOutput{documents: [][]byte{[]byte(document)}}
		if r, err := new(Command).result(out, new(options)); err == nil {
			t.Errorf("%s became %+v", document, r)
		}
	}
}

func TestSettle(t *testing.T) {
	at := func(file string, line int) output.Position { return output.Position{File: file, Line: line, Column: 1} }
	r := &Result{Findings: []output.Finding{
		{Check: "b", Package: "p [p.test]", Message: "m", Pos: at("p.go", 2)},
		{Check: "b", Package: "p", Message: "m", Pos: at("p.go", 2)},
		{Check: "a", Package: "p [p.test]", Message: "m", Pos: at("p.go", 2)},
		{Check: "b", Package: "p [p.test]", Message: "m", Pos: at("p_test.go", 1)},
		{Check: "b", Package: "p", Message: "n", Pos: at("p.go", 1)},
	}}
	r.settle(false)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Pos.String()+" "+f.Check+" "+f.Package)
	}
	want := []string{"p.go:1:1 b p", "p.go:2:1 a p [p.test]", "p.go:2:1 b p"}
	if !slices.Equal(got, want) || r.leftOut != 1 {
		t.Errorf("findings are %q and %d left out, want %q and 1", got, r.leftOut, want)
	}
}

func TestProgress(t *testing.T) {
	p := startProgress(io.Discard)
	p.packageDone()
	if got, want := p.line(1900*time.Millisecond), "chanlint: 1 package checked, 1 s"; got != want {
		t.Errorf("line is %q, want %q", got, want)
	}
	p.packageDone()
	if got, want := p.line(61*time.Second), "chanlint: 2 packages checked, 61 s"; got != want {
		t.Errorf("line is %q, want %q", got, want)
	}
	p.stop()
}

func TestIsTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if isTerminal(f) || isTerminal(io.Discard) {
		t.Error("a file or a writer passes for a terminal")
	}
}
