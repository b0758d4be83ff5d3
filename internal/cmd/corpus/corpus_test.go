package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// at returns a report of corpus c that differs from others only in its line.
func at(line int) report {
	return report{corpus: "c", file: "a.go", line: line, function: "f", check: "leaksend", message: "send on x"}
}

// judged returns at(line) as a ledger entry.
func judged(line int, v verdict, s state) entry {
	return entry{report: at(line), verdict: v, state: s, reason: "read"}
}

func TestCompare(t *testing.T) {
	other := judged(1, isTrue, reported)
	other.corpus = "not run"
	for _, test := range []struct {
		name    string
		reports []report
		ledger  []entry
		want    string // lines of matched|unjudged|fresh|vanished|back|gone
		ok      bool
	}{
		{"nothing at all", nil, nil, "|||||", true},
		{"another line is the same report", []report{at(9)}, []entry{judged(5, isFalse, reported)}, "9|||||", true},
		{"new", []report{at(9)}, nil, "||9|||", false},
		{"one more of a known kind", []report{at(9), at(3)}, []entry{judged(3, isTrue, reported)}, "3||9|||", false},
		{"one fewer of a known kind", []report{at(3)}, []entry{judged(3, isTrue, reported), judged(7, isTrue, reported)}, "3|||7||", false},
		{"unjudged", []report{at(3)}, []entry{judged(3, unjudged, reported)}, "3|3||||", false},
		{"gone with a word", nil, []entry{judged(3, isFalse, gone)}, "|||||3", true},
		{"back", []report{at(3)}, []entry{judged(3, isFalse, gone)}, "||||3|", false},
		{"expected entries are paired first", []report{at(3)}, []entry{judged(2, isFalse, gone), judged(8, isTrue, reported)}, "3|||||2", true},
		{"corpora that did not run are left alone", nil, []entry{other}, "|||||", true},
	} {
		c := compare(test.reports, test.ledger, map[string]bool{"c": true})
		var got []string
		for _, list := range [][]entry{c.matched, c.unjudged, c.fresh, c.vanished, c.back, c.gone} {
			var lines []string
			for _, e := range list {
				lines = append(lines, string(rune('0'+e.line)))
			}
			got = append(got, strings.Join(lines, ","))
		}
		if s := strings.Join(got, "|"); s != test.want {
			t.Errorf("%s: compare = %s, want %s", test.name, s, test.want)
		}
		if c.ok() != test.ok {
			t.Errorf("%s: ok = %t, want %t", test.name, c.ok(), test.ok)
		}
	}
}

func TestUpdateJudgesAndDropsNothing(t *testing.T) {
	other := judged(1, isTrue, reported)
	other.corpus = "not run"
	vanished := judged(4, isTrue, reported)
	vanished.function = "g"
	ledger := []entry{judged(5, isFalse, reported), vanished, other}
	c := compare([]report{at(6), at(8)}, ledger, map[string]bool{"c": true})
	got := c.update(ledger, map[string]bool{"c": true})
	moved, fresh := judged(6, isFalse, reported), judged(8, unjudged, reported)
	fresh.reason = ""
	if want := []entry{vanished, moved, fresh, other}; !slices.Equal(got, want) {
		t.Errorf("update = %v\nwant %v", got, want)
	}
}

func TestLedgerRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "reports.tsv")
	if err := os.WriteFile(file, []byte("# kept\n"+tsv.Join(columns...)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	entries := []entry{judged(3, isTrue, reported), judged(7, isFalse, gone)}
	entries[1].file = "a_test.go"
	if err := writeLedger(file, entries); err != nil {
		t.Fatal(err)
	}
	got, err := readLedger(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, entries) {
		t.Errorf("read %v, wrote %v", got, entries)
	}
	text, _ := os.ReadFile(file)
	if !strings.HasPrefix(string(text), "# kept\n") || strings.Count(string(text), "\tyes\t") != 1 {
		t.Errorf("the file lost its remark or the test column:\n%s", text)
	}
}

func TestLedgerRefuses(t *testing.T) {
	for _, test := range []struct{ name, row, want string }{
		{"verdict", "c\ta.go\t3\tf\tk\tmaybe\treported\tno\tm\tr", `verdict "maybe"`},
		{"state", "c\ta.go\t3\tf\tk\ttrue\tlost\tno\tm\tr", `state "lost"`},
		{"line", "c\ta.go\tx\tf\tk\ttrue\tgone\tno\tm\tr", `line "x"`},
		{"no reason", "c\ta.go\t3\tf\tk\tfalse\treported\tno\tm\t ", "needs a reason"},
	} {
		rows, err := tsv.Read(strings.NewReader(tsv.Join(columns...)+"\n"+test.row+"\n"), columns...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseLedger("f", rows); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %q", test.name, err, test.want)
		}
	}
}

func TestNormalise(t *testing.T) {
	for message, want := range map[string]string{
		"close of closed channel: c2 is already closed at line 14":   "close of closed channel: c2 is already closed at line N",
		"send on closed channel: jobs may be closed at pool.go:44:2": "send on closed channel: jobs may be closed at pool.go:N",
		"send on outline7 blocks forever":                            "send on outline7 blocks forever",
	} {
		if got := normalise(message); got != want {
			t.Errorf("normalise(%q) = %q, want %q", message, got, want)
		}
	}
}

func TestFunction(t *testing.T) {
	const src = `package p

var hook = func() {
	close(c)
}

func (s *Set[T]) Add(x T) {
	go func() {
		s.c <- x
	}()
}

func plain() {}
`
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	var known sites
	for line, want := range map[int]string{1: "-", 4: "var hook", 9: "Set.Add", 13: "plain"} {
		if got := known.function(file, line); got != want {
			t.Errorf("line %d is in %q, want %q", line, got, want)
		}
	}
	if got := known.function(filepath.Join(t.TempDir(), "absent.go"), 1); got != "-" {
		t.Errorf("a file that cannot be read gives %q, want -", got)
	}
}

func TestNewReportIsRelative(t *testing.T) {
	d := vetrun.Diagnostic{Check: "k", Position: vetrun.Position{File: "/src/c/sub/a_test.go", Line: 3, Message: "at line 7"}}
	got := newReport("c", "/src/c", d, new(sites))
	want := report{corpus: "c", file: "sub/a_test.go", line: 3, function: "-", check: "k", message: "at line N"}
	if got != want {
		t.Errorf("newReport = %+v, want %+v", got, want)
	}
	if !got.inTest() {
		t.Error("a report in sub/a_test.go is not counted as one in a test")
	}
}

func TestPrecision(t *testing.T) {
	entries := []entry{judged(1, isTrue, reported), judged(2, isTrue, reported), judged(3, isFalse, reported), judged(4, unjudged, reported)}
	entries[1].file = "a_test.go"
	f := count(entries, func(e entry) string { return e.check })["leaksend"]
	if got := f.code.precision(); got != "50.0%" {
		t.Errorf("precision in code is %s, want 50.0%%: one true, one false, the unjudged one counts for nothing", got)
	}
	if got := f.test.precision(); got != "100.0%" {
		t.Errorf("precision in tests is %s, want 100.0%%", got)
	}
	if got := (tally{open: 3}).precision(); got != "-" {
		t.Errorf("precision of unjudged reports is %s, want -", got)
	}
}

func TestChoose(t *testing.T) {
	all := []corpus{{name: "std", checkout: "GOROOT"}, {name: "a", checkout: "a"}, {name: "b", checkout: "b"}}
	for _, test := range []struct {
		std  bool
		dir  string
		only []string
		want string
	}{
		{true, "", nil, "std"},
		{false, "d", nil, "a b"},
		{true, "d", []string{"b", "std"}, "std b"},
	} {
		list, err := choose(all, test.std, test.dir, test.only)
		if err != nil {
			t.Error(err)
		}
		var names []string
		for _, c := range list {
			names = append(names, c.name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("choose(%t, %q, %q) = %s, want %s", test.std, test.dir, test.only, got, test.want)
		}
	}
	if _, err := choose(all, true, "", []string{"a"}); err == nil {
		t.Error("a corpus in a checkout is chosen although there is no -dir")
	}
}

func TestRootNamesWhatToClone(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	c := corpus{name: "a", checkout: "a", url: "https://example.com/a", version: "v1", commit: "0123abc"}
	_, _, err := c.root(ctx, dir)
	for _, want := range []string{"git clone https://example.com/a", "checkout --detach 0123abc"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing checkout: error is %v, want %q in it", err, want)
		}
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	path := filepath.Join(dir, "a")
	for _, args := range [][]string{
		{"init", "-q", path},
		{"-C", path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "one"},
	} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	if _, _, err := c.root(ctx, dir); err == nil || !strings.Contains(err.Error(), "is at commit") {
		t.Errorf("checkout at another commit: error is %v", err)
	}
	head, err := exec.Command("git", "-C", path, "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	c.commit = strings.TrimSpace(string(head))
	if root, _, err := c.root(ctx, dir); err != nil || root != path {
		t.Errorf("root = %s, %v, want %s", root, err, path)
	}
}

// TestTableOfCorpora holds the checked-in table and ledger together: every
// corpus is pinned, and every report is of a corpus that exists.
func TestTableOfCorpora(t *testing.T) {
	root, err := vetrun.Root(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	corpora, err := readCorpora(filepath.Join(root, corporaFile))
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	for _, c := range corpora {
		if names[c.name] {
			t.Errorf("%s stands in the table twice", c.name)
		}
		names[c.name] = true
		if len(c.patterns) == 0 || !strings.HasPrefix(c.url, "https://") || !c.inGo() && len(c.commit) != 40 {
			t.Errorf("%s: patterns, URL or commit are missing: %+v", c.name, c)
		}
	}
	ledger, err := readLedger(filepath.Join(root, ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range ledger {
		if !names[e.corpus] {
			t.Errorf("ledger: no corpus %q", e.corpus)
		}
	}
}
