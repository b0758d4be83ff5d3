package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/cmd/internal/tsv"
)

// A place is a line of a file, named without its folder.
type place struct {
	file string
	line int
}

// A blocked is one goroutine of a program that blocks for ever.
type blocked struct {
	function    string // as a goroutine dump names it: "F.func1", "(*T).M"
	op          string // what it blocks in
	consequence bool   // it blocks only because another one does
	places      []place
}

// A program is one kernel, pattern or simple case of the truth table.
type program struct {
	suite   string // goker, goker-gobench-only, goker-misuse, patterns, simple, stress
	name    string // kernel, or the name of the test
	class   string // GoKer's type and subtype
	subtype string
	file    string // base name of its file, in the Go distribution if it is there
	control bool   // nothing leaks: every report is wrong
	chans   bool   // channels alone decide
	blocked []blocked
}

// A group is a set of programs that is scored as one.
type group struct {
	name string
	has  func(program) bool
}

// groups are the sums that the command prints.
var groups = []group{
	{"GoKer, subtype Channel…", func(p program) bool { return p.kernel() && strings.HasPrefix(p.subtype, "Channel") }},
	{"GoKer, all blocking", program.kernel},
	{"common patterns", func(p program) bool { return p.suite == "patterns" }},
	{"simple cases", func(p program) bool { return p.suite == "simple" && !p.control }},
	{"simple cases of channels alone", func(p program) bool { return p.suite == "simple" && !p.control && p.chans }},
	{"GoKer, channel misuse", func(p program) bool { return p.suite == "goker-misuse" }},
}

// kernel reports whether the program is one of GoKer's blocking kernels.
func (p program) kernel() bool { return p.suite == "goker" || p.suite == "goker-gobench-only" }

// readTruth reads the truth table: rows of one program stand together.
func readTruth(file string) ([]program, error) {
	rows, err := tsv.ReadFile(file, "suite", "test", "file", "leaking_function", "blocked_op",
		"goker_kernel", "goker_type", "goker_subtype", "role", "blocking_line(go_copy)", "gobench_line", "chan_only")
	if err != nil {
		return nil, err
	}
	var programs []program
	for _, r := range rows {
		p := newProgram(r)
		if p.name == "" {
			return nil, fmt.Errorf("%s:%d: no name", file, r.Line)
		}
		i := slices.IndexFunc(programs, func(q program) bool { return q.suite == p.suite && q.name == p.name })
		if i < 0 {
			i = len(programs)
			programs = append(programs, p)
		}
		if !p.control {
			programs[i].blocked = append(programs[i].blocked, newBlocked(r, p.file))
		}
	}
	return programs, nil
}

// newProgram returns the program of a row, without its blocked goroutines.
func newProgram(r tsv.Row) program {
	p := program{
		suite:   r.Get("suite"),
		name:    r.Get("goker_kernel"),
		class:   r.Get("goker_type"),
		subtype: r.Get("goker_subtype"),
		control: r.Get("role") == "control",
		chans:   r.Get("chan_only") == "yes",
	}
	if p.name == "" {
		p.name = r.Get("test")
	}
	if file := r.Get("file"); strings.HasSuffix(file, ".go") {
		p.file = path.Base(file)
	} else if !p.control {
		p.file = p.name + "_test.go" // where GoBench keeps the kernel
	}
	return p
}

var (
	filePlace = regexp.MustCompile(`([\w.]+\.go):(\d+)`)
	number    = regexp.MustCompile(`\d+`)
)

// newBlocked returns the blocked goroutine of a row. Programs of the Go
// distribution have lines as "file.go:line", the others plain line numbers of
// GoBench's file.
func newBlocked(r tsv.Row, file string) blocked {
	b := blocked{
		function:    r.Get("leaking_function"),
		op:          r.Get("blocked_op"),
		consequence: r.Get("role") == "consequence",
	}
	for _, m := range filePlace.FindAllStringSubmatch(r.Get("blocking_line(go_copy)"), -1) {
		line, _ := strconv.Atoi(m[2])
		b.places = append(b.places, place{m[1], line})
	}
	if len(b.places) > 0 {
		return b
	}
	for _, text := range number.FindAllString(r.Get("gobench_line"), -1) {
		line, _ := strconv.Atoi(text)
		b.places = append(b.places, place{file, line})
	}
	return b
}
