package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/internal/fixture"
)

const program = `package p

import "sync"

func f_ok() {
	c := make(chan int, 2)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(c)
		c <- 1
	}()
	for range c {
	}
	wg.Wait()
}

func g_ok() { helper() }

func helper() int {
	quit := make(chan bool)
	go close(quit)
	select {
	case <-quit:
	case quit <- true:
	}
	<-quit
	return 1
}
`

// load writes the program as a module and loads it.
func load(t *testing.T) (*packages.Package, map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "p.go")
	for file, text := range map[string]string{name: program, filepath.Join(dir, "go.mod"): "module p\n\ngo 1.26.0\n"} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: dir, Env: append(os.Environ(), "GOWORK=off")}, ".")
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatalf("loading: %v, %v", pkgs, err)
	}
	return pkgs[0], map[string][]byte{pkgs[0].CompiledGoFiles[0]: []byte(program)}
}

// TestMutations holds every kind of mutation to be found where the program has
// something to mutate, and nowhere else.
func TestMutations(t *testing.T) {
	pkg, source := load(t)
	var got []string
	for _, m := range mutations(pkg, source) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s %s: %s", m.line, m.function, m.kind, strings.TrimSpace(m.text))))
	}
	want := []string{
		"6 f_ok drop buffer:",
		"6 f_ok leave nil: var c chan int",
		"6 f_ok shrink buffer: max(2-1, 0)",
		"10 f_ok drop Done: _ = &wg",
		"11 f_ok double close: defer close(c); defer close(c)",
		"11 f_ok drop close: _ = c",
		"12 f_ok drop send: _ = c",
		"12 f_ok return early: if mutantLeavesEarly { return };",
		"14 f_ok break out of range: if mutantLeavesEarly { break };",
		"14 f_ok return early: if mutantLeavesEarly { return };",
		"16 f_ok drop Wait: _ = &wg",
		"16 f_ok return early: if mutantLeavesEarly { return };",
		"22 helper leave nil: var quit chan bool",
		"25 helper drop case:",
		"26 helper drop case:",
		"28 helper drop receive: _ = quit", // helper has a result, so it cannot return early
	}
	// The statement on line 14 spans two lines, and so do the swaps.
	swaps := []string{
		"10 f_ok swap with next: defer close(c)\ndefer wg.Done()",
		"11 f_ok swap with next: c <- 1\ndefer close(c)",
		"14 f_ok swap with next: wg.Wait()\nfor range c {\n\t}",
	}
	slices.Sort(got)
	want = append(want, swaps...)
	slices.Sort(want)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missing %q", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("surplus %q", g)
		}
	}
}

// TestReachable holds that a helper is mutated for those who call it.
func TestReachable(t *testing.T) {
	pkg, _ := load(t)
	reach := reachable(pkg.Syntax)
	for name, want := range map[string][]string{
		"f_ok":   {"f_ok"},
		"g_ok":   {"g_ok", "helper"},
		"helper": {"helper"},
	} {
		if got := reach[name]; !slices.Equal(got, want) {
			t.Errorf("%s reaches %v, want %v", name, got, want)
		}
	}
}

// TestTable holds the counting: a report counts for a bad mutant and against a
// clean one.
func TestTable(t *testing.T) {
	report := []fixture.Finding{{File: "m0000/p.go", Line: 3, Check: "doubleclose", Message: "close of closed channel"}}
	drop := mutation{kind: "drop close"}
	mutants := []*mutant{
		{mutation: drop, origin: "p.go:1", result: fixture.Leaked, reports: report},
		{mutation: drop, origin: "p.go:2", result: fixture.Panicked, where: "text at p.go:2"},
		{mutation: drop, origin: "p.go:3", result: fixture.Clean},
		{mutation: drop, origin: "p.go:4", result: fixture.Clean, reports: report, reached: true},
		{mutation: drop, origin: "p.go:6", result: fixture.Clean, reports: report},
		{mutation: mutation{kind: "drop case"}, origin: "p.go:5", result: fixture.Stuck, reports: report},
	}
	var out bytes.Buffer
	if n := printTable(&out, mutants, true); n != 1 {
		t.Errorf("%d false reports, want 1", n)
	}
	for _, want := range []string{
		"drop close  5        1      1       0        1 of 2    3      1          1\n",
		"drop case   1        0      0       1        1 of 1    0      0          0\n",
		"all         6        1      1       1        2 of 3    3      1          1\n",
		"false report: p.go:4: drop close",
		"no report: p.go:2: drop close",
		"unreached: p.go:6: drop close",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output has no %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "report: p.go:3") || strings.Contains(out.String(), "report: p.go:5") || strings.Contains(out.String(), "report: p.go:6") {
		t.Errorf("a right verdict is listed:\n%s", out.String())
	}
}

// TestProbe holds the call to stand in front of the innermost statement of
// each line, on the same line.
func TestProbe(t *testing.T) {
	got, err := probe([]byte(program), []int{12, 12, 14, 25, 28})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]string{
		12: "\t\tmutantIsReached(); c <- 1",
		14: "\tmutantIsReached(); for range c {",
		24: "\tmutantIsReached(); select {", // a case belongs to the select
		28: "\tmutantIsReached(); <-quit",
	} {
		if text := strings.Split(string(got), "\n")[line-1]; text != want {
			t.Errorf("line %d is %q, want %q", line, text, want)
		}
	}
	if n := strings.Count(string(got), reachedFunc); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
}

// TestLibraryCases holds the cases of the reference pipelines to be clean when
// nothing is mutated, and every mutated function to be reached by one: else a
// mutant's fate would say nothing.
func TestLibraryCases(t *testing.T) {
	repository := filepath.Join("..", "..", "..")
	repository, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	subjects, err := loadSubjects(repository, []string{library})
	if err != nil || len(subjects) != 1 {
		t.Fatalf("%d subjects, %v", len(subjects), err)
	}
	s, root := subjects[0], t.TempDir()
	if _, err := makeMutants(repository, root, nil); err != nil { // go.mod
		t.Fatal(err)
	}
	nothing := mutation{file: s.cases}
	reach := reachable(s.pkg.Syntax)
	m, err := makeMutant(root, "whole", s, nothing, reach)
	if err != nil {
		t.Fatal(err)
	}
	scanned, err := fixture.Scan(root, "whole")
	if err != nil {
		t.Fatal(err)
	}
	m.pkg = scanned[0]
	prog, err := fixture.Build(root, t.TempDir(), scanned, fixture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reached := make(map[string]bool)
	for _, c := range m.pkg.Cases {
		for _, name := range reach[c.Func] {
			reached[name] = true
		}
		trial, err := prog.Try(m.pkg, c)
		if err != nil || trial.Result != fixture.Clean {
			t.Errorf("%s: %s %s, %v", c.Func, trial.Result, trial.Where, err)
		}
	}
	for _, mu := range s.mutations() {
		if !reached[mu.function] {
			t.Errorf("%s, which is mutated, is reached by no case", mu.function)
		}
	}
}

// TestCloseRaces holds that only a race of a close and a send is a defect.
func TestCloseRaces(t *testing.T) {
	const head = "==================\nWARNING: DATA RACE\n"
	const closing, sending, other = "Write at 0x1 by goroutine 2:\n  runtime.closechan()\n", "Previous read at 0x1 by goroutine 3:\n  runtime.chansend()\n", "Write at 0x2 by goroutine 4:\n  p.f()\n"
	for text, want := range map[string]bool{
		head + closing + sending:        true,
		head + other + closing:          false,
		head + closing + head + sending: false, // in two races
		"":                              false,
	} {
		if got := closeRaces(text); got != want {
			t.Errorf("closeRaces(%q) = %v, want %v", text, got, want)
		}
	}
}
