package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

const source = `package p

func (s *store[T]) run() {
	go func() {
		defer func() {
			s.done <- true
		}()
	}()
	go func() { s.work() }()
}

func (s store[T]) work() {}

func plain() { func() {}() }
`

func TestFunctionNames(t *testing.T) {
	functions, err := parseFunctions("p.go", source)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range functions {
		names = append(names, f.name)
	}
	want := "(*store).run (*store).run.func1 (*store).run.func1.1 (*store).run.func2 store.work plain plain.func1"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("functions are\n%s, want\n%s", got, want)
	}
	for line, want := range map[int]string{1: "", 6: "(*store).run.func1.1", 7: "(*store).run.func1.1", 8: "(*store).run.func1", 9: "(*store).run.func2", 10: "(*store).run"} {
		if got := innermost(functions, place{"p.go", line}); got != want {
			t.Errorf("line %d is in %q, want %q", line, got, want)
		}
	}
	if got := innermost(functions, place{"q.go", 6}); got != "" {
		t.Errorf("a line of another file is in %q", got)
	}
}

func TestScore(t *testing.T) {
	kernel := program{suite: "goker", file: "k.go", blocked: []blocked{
		{function: "main.func1", places: []place{{"k.go", 10}, {"k.go", 12}}},
		{function: "main", places: []place{{"k.go", 30}}, consequence: true},
		{function: "main.func1", places: []place{{"k.go", 20}}, consequence: true},
	}}
	for _, test := range []struct {
		name    string
		finding finding
		want    hit
	}{
		{"at the operation", finding{check: "leaksend", at: place{"k.go", 12}}, atOp},
		{"names the operation", finding{check: "leaksend", at: place{"k.go", 40}, names: []place{{"k.go", 10}}}, atOp},
		{"in the leaking function", finding{check: "leaksend", at: place{"k.go", 11}, inside: "main.func1"}, atCause},
		{"in a literal of it", finding{check: "leaksend", at: place{"k.go", 11}, inside: "main.func1.1"}, miss},
		{"same line of another file", finding{check: "leaksend", at: place{"l.go", 12}, inside: "main.func1"}, miss},
		{"only the consequence", finding{check: "waitleak", at: place{"k.go", 30}, inside: "main"}, late},
		{"another consequence, in the function that leaks", finding{check: "leakrecv", at: place{"k.go", 20}, inside: "main.func1"}, late},
		{"a consequence that names the operation", finding{check: "leakrecv", at: place{"k.go", 20}, names: []place{{"k.go", 10}}, inside: "main.func1"}, atOp},
		{"a panic is no leak", finding{check: "doubleclose", panics: true, at: place{"k.go", 12}, inside: "main.func1"}, miss},
	} {
		got, met := score(kernel, []*finding{&test.finding})
		if got != test.want {
			t.Errorf("%s: score = %s, want %s", test.name, got, test.want)
		}
		if (len(met) == 1) != (got != miss) {
			t.Errorf("%s: %s, but %d findings met", test.name, got, len(met))
		}
	}
	misuse := kernel
	misuse.suite = "goker-misuse"
	if got, _ := score(misuse, []*finding{{check: "sendclosed", panics: true, at: place{"k.go", 12}}}); got != atOp {
		t.Errorf("a predicted panic in a misuse kernel scores %s, want %s", got, atOp)
	}
}

func TestBestFindingWins(t *testing.T) {
	kernel := program{file: "k.go", blocked: []blocked{{function: "f", places: []place{{"k.go", 10}}}}}
	findings := []*finding{
		{check: "leaksend", at: place{"k.go", 10}},
		{check: "leaksend", at: place{"k.go", 8}, inside: "f"},
		{check: "leakrecv", at: place{"k.go", 50}, inside: "g"},
	}
	results := scoreAll([]program{kernel, {name: "elsewhere", suite: "x"}}, []folder{{suites: []string{""}}}, [][]*finding{findings}, nil)
	if results[0].hit != atOp || len(results[0].met) != 2 {
		t.Errorf("kernel: %s by %d findings, want op by 2", results[0].hit, len(results[0].met))
	}
	if results[1].hit != absent {
		t.Errorf("a program that no folder holds is %s, want absent", results[1].hit)
	}
	if extra := unmet([][]*finding{findings}, results); len(extra) != 1 || extra[0] != findings[2] {
		t.Errorf("extra = %v, want the finding in g alone", extra)
	}
}

func TestJudgedFindingFindsNothing(t *testing.T) {
	kernel := program{file: "k.go", blocked: []blocked{{function: "f", places: []place{{"k.go", 10}}}}}
	f := &finding{check: "leaksend", at: place{"k.go", 8}, inside: "f"}
	folders := []folder{{suites: []string{""}}}
	judged := map[place]tsv.Row{f.at: {}}
	if got := scoreAll([]program{kernel}, folders, [][]*finding{{f}}, judged)[0].hit; got != miss {
		t.Errorf("a finding that is judged to be about something else scores %s, want %s", got, miss)
	}
	if got := scoreAll([]program{kernel}, folders, [][]*finding{{f}}, nil)[0].hit; got != atCause {
		t.Errorf("the same finding, not judged, scores %s, want %s", got, atCause)
	}
}

func TestNewFinding(t *testing.T) {
	d := vetrun.Diagnostic{
		Check:    "leaksend",
		Position: vetrun.Position{File: "/src/k.go", Line: 12, Message: "send on c blocks forever if run returns at line 27; see l.go:44"},
		Related:  []vetrun.Position{{File: "/src/k.go", Line: 5}},
	}
	f := newFinding(d, []function{{name: "run", file: "k.go", first: 10, last: 20}})
	want := []place{{"k.go", 5}, {"k.go", 27}, {"l.go", 44}}
	if f.at != (place{"k.go", 12}) || f.inside != "run" || len(f.names) != 3 ||
		f.names[0] != want[0] || f.names[1] != want[1] || f.names[2] != want[2] {
		t.Errorf("newFinding = %+v, want line 12 in run, naming %v", f, want)
	}
}

func TestNewBlockedReadsBothKindsOfLines(t *testing.T) {
	const table = "blocking_line(go_copy)\tgobench_line\trole\n" +
		"a.go:56;b.go:48 (by reading, not seen)\t7\tconsequence\n" +
		"\tline 16 (and 19)\tprimary\n"
	rows, err := tsv.Read(strings.NewReader(table))
	if err != nil {
		t.Fatal(err)
	}
	first, second := newBlocked(rows[0], "x.go"), newBlocked(rows[1], "x.go")
	if len(first.places) != 2 || first.places[0] != (place{"a.go", 56}) || first.places[1] != (place{"b.go", 48}) || !first.consequence {
		t.Errorf("first row: %+v", first)
	}
	if len(second.places) != 2 || second.places[0] != (place{"x.go", 16}) || second.places[1] != (place{"x.go", 19}) || second.consequence {
		t.Errorf("second row: %+v", second)
	}
}

// TestTruth holds the checked-in truth to what GoKer is: 68 blocking kernels,
// 42 of them with a subtype that begins with Channel, and Uber's six patterns.
func TestTruth(t *testing.T) {
	ctx := context.Background()
	root, err := vetrun.Root(ctx)
	if err != nil {
		t.Fatal(err)
	}
	programs, err := readTruth(filepath.Join(root, "testdata", "ledger", "goker_truth.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	want := []int{42, 68, 6}
	for i, n := range want {
		got := 0
		for _, p := range programs {
			if groups[i].has(p) {
				got++
			}
		}
		if got != n {
			t.Errorf("%s: %d programs, want %d", groups[i].name, got, n)
		}
	}
	for _, p := range programs {
		if p.suite == "goker-gobench-only" && p.file != p.name+"_test.go" {
			t.Errorf("%s is in %q, where GoBench has no such file", p.name, p.file)
		}
	}
	checkLeakingFunctions(t, ctx, programs)
}

// checkLeakingFunctions looks every leaking function of the table up in the Go
// distribution, where it has the programs: a name that does not exist there
// could never be hit.
func checkLeakingFunctions(t *testing.T, ctx context.Context, programs []program) {
	goroot, err := vetrun.GoEnv(ctx, "GOROOT")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(goroot, "src/runtime/testdata/testgoroutineleakprofile")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("this Go distribution has no goroutine-leak programs")
	}
	known := make(map[string]bool)
	for _, d := range []string{dir, filepath.Join(dir, "goker")} {
		functions, err := parseFolder(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range functions {
			known[f.file+" "+f.name] = true
		}
	}
	for _, p := range programs {
		if p.suite != "goker" && p.suite != "simple" && p.suite != "patterns" {
			continue
		}
		for _, b := range p.blocked {
			if !known[p.file+" "+b.function] {
				t.Errorf("%s: no function %s in %s", p.name, b.function, p.file)
			}
		}
	}
}
