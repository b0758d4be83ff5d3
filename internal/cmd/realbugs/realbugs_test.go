package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// diff replaces line 3 by two lines, inserts two after line 10, deletes lines
// 20 and 21, and replaces lines 30 to 32 by one.
const diff = `diff --git a/p/a.go b/p/b.go
--- a/p/a.go
+++ b/p/b.go
@@ -3 +3,2 @@ func f() {
-old
+new
+new
@@ -10,0 +12,2 @@
+new
+new
@@ -20,2 +23,0 @@
-old
-old
@@ -30,3 +31 @@
-old
-old
-old
+new
`

func TestFollow(t *testing.T) {
	for line, want := range map[int]lines{
		1:  {1, 1},
		3:  {3, 4},   // replaced by two
		4:  {5, 5},   // one line more above
		10: {11, 11}, // the insertion is below it
		11: {14, 14},
		20: {23, 22}, // deleted
		22: {23, 23},
		31: {31, 31}, // replaced by one
		40: {39, 39},
	} {
		if got := follow(diff, line); got != want {
			t.Errorf("line %d is at %v after the diff, want %v", line, got, want)
		}
	}
	if got := follow("", 7); got != (lines{7, 7}) {
		t.Errorf("without a diff, line 7 is at %v", got)
	}
}

func TestNewName(t *testing.T) {
	for text, want := range map[string]string{
		diff: "p/b.go",
		"":   "p/a.go",
		"--- a/p/a.go\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n":          "",
		"similarity index 100%\nrename from p/a.go\nrename to q.go": "q.go",
	} {
		if got := newName(text, "p/a.go"); got != want {
			t.Errorf("newName(%.20q…) = %q, want %q", text, got, want)
		}
	}
}

func TestPick(t *testing.T) {
	at := func(check, file string, line int, related ...vetrun.Position) vetrun.Diagnostic {
		return vetrun.Diagnostic{Check: check, Position: vetrun.Position{File: file, Line: line}, Related: related}
	}
	for _, test := range []struct {
		name   string
		diag   vetrun.Diagnostic
		panics bool
		want   bool
	}{
		{"at the line", at("leaksend", "/t/a.go", 12), false, true},
		{"at the end of the range", at("leaksend", "/t/a.go", 13), false, true},
		{"below it", at("leaksend", "/t/a.go", 14), false, false},
		{"another file", at("leaksend", "/t/b.go", 12), false, false},
		{"points there", at("leaksend", "/t/b.go", 90, vetrun.Position{File: "/t/a.go", Line: 12}), false, true},
		{"a panic predicted where something leaks", at("sendclosed", "/t/a.go", 12), false, false},
		{"a panic predicted where one happens", at("sendclosed", "/t/a.go", 12), true, true},
		{"a leak reported where a panic happens", at("leaksend", "/t/a.go", 12), true, false},
	} {
		got := pick([]vetrun.Diagnostic{test.diag}, test.panics, "/t/a.go", lines{12, 13}) != nil
		if got != test.want {
			t.Errorf("%s: picked = %t, want %t", test.name, got, test.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	found := new(vetrun.Diagnostic)
	for _, test := range []struct {
		o      outcome
		want   string
		solved bool
	}{
		{outcome{broken: errors.New("no")}, "not analysed", false},
		{outcome{}, "-", false},
		{outcome{certain: hit{found: found}}, "found", true},
		{outcome{certain: hit{found: found, after: found}}, "found, not silent", false},
		{outcome{certain: hit{found: found}, noFix: errors.New("no")}, "found, fix not analysed", false},
	} {
		if got := test.o.verdict(test.o.certain); got != test.want || test.o.solved(test.o.certain) != test.solved {
			t.Errorf("verdict %q, solved %t, want %q, %t", got, test.o.solved(test.o.certain), test.want, test.solved)
		}
	}
}

func TestParseTree(t *testing.T) {
	const text = "100644 blob aa11\ta b.go\x00160000 commit bb22\tsub\x00120000 blob cc33\tlink\x00"
	blobs, err := parseTree(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(blobs) != 2 || blobs[0] != (blob{"100644", "aa11", "a b.go"}) || blobs[1].name != "link" {
		t.Errorf("blobs = %v, want a b.go and link without the submodule", blobs)
	}
	for _, bad := range []string{"100644 blob aa11\t../x\x00", "100644 blob aa11\t/x\x00", "garbage\x00"} {
		if _, err := parseTree(bad); err == nil {
			t.Errorf("parseTree(%q) succeeds", bad)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	r := bufio.NewReader(strings.NewReader("aa11 blob 5\nab\ncd\nbb22 missing\ncc33 blob 6\n../../\n"))
	for _, b := range []blob{{"100755", "aa11", "x/a"}, {"100644", "bb22", "gone"}, {"120000", "cc33", "x/out"}} {
		if err := b.write(r, dir); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "x/a")); err != nil || string(data) != "ab\ncd" {
		t.Errorf("x/a holds %q, %v", data, err)
	}
	for _, name := range []string{"gone", "x/out"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s exists: the clone lacks it, or it leads out of the tree", name)
		}
	}
}

func TestGopath(t *testing.T) {
	home := t.TempDir()
	root := filepath.Join(home, "src", "example.com", "p")
	for _, dir := range []string{"Godeps/src", "vendored/q"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m := mode{libraries: []string{"Godeps", "vendored"}}
	for range 2 { // the second run finds what the first moved
		path, err := m.gopath(home, root)
		if err != nil {
			t.Fatal(err)
		}
		parts := filepath.SplitList(path)
		if len(parts) != 3 || parts[0] != home || parts[1] != filepath.Join(root, "Godeps") {
			t.Fatalf("GOPATH = %q", parts)
		}
		if _, err := os.Stat(filepath.Join(parts[2], "src", "q")); err != nil {
			t.Errorf("the vendored package is not below %s/src: %v", parts[2], err)
		}
	}
}

// TestTables holds the two checked-in tables together.
func TestTables(t *testing.T) {
	root, err := vetrun.Root(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ledger := filepath.Join(root, "testdata", "ledger")
	bugs, err := readBugs(filepath.Join(ledger, "realbugs.tsv"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(bugs) != 76 {
		t.Errorf("%d bugs, want 76", len(bugs))
	}
	modes, err := readModes(filepath.Join(ledger, "realbugs_trees.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]bool)
	for _, b := range bugs {
		ids[b.id] = true
		if len(b.parent) != 40 || len(b.fix) != 40 {
			t.Errorf("%s: a commit is not given in full", b.id)
		}
	}
	for id, m := range modes {
		if !ids[id] {
			t.Errorf("a way to make a tree for %s, which is no bug of the table", id)
		}
		if (m.kind == "none") != (m.note != "") {
			t.Errorf("%s: a reason belongs to exactly those that cannot be analysed", id)
		}
	}
	if got, err := readBugs(filepath.Join(ledger, "realbugs.tsv"), []string{"R088"}); err != nil || len(got) != 1 || !got[0].local() {
		t.Errorf("R088 = %v, %v, want one local sender leak", got, err)
	}
}
