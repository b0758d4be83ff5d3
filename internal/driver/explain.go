package driver

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/chanlint/chanlint/internal/decision"
	"github.com/chanlint/chanlint/internal/output"
)

// explainLine answers a question about a line: how what is reported there comes
// about, or why nothing is. Without packages it asks about the one that the file
// is in.
func (c *Command) explainLine(ctx context.Context, args []string) (int, error) {
	o := new(options)
	fs, checks := c.flags(o)
	witness := fs.String("witness", "", "")
	why := fs.String("why", "", "")
	if err := fs.Parse(args); err != nil {
		return 0, flagError(err)
	}
	if (*witness == "") == (*why == "") {
		return 0, errors.New("explain takes a check, or -witness FILE:LINE, or -why FILE:LINE")
	}
	at, err := parseLine(cmp.Or(*witness, *why))
	if err != nil {
		return 0, err
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		dir, err := filepath.Abs(filepath.Dir(at.File))
		if err != nil {
			return 0, err
		}
		patterns = []string{dir}
	}
	o.witness = true
	if err := c.settle(o, patterns, *checks); err != nil {
		return 0, err
	}
	q := &question{Command: c, options: o, always: *why != ""}
	return q.answer(ctx, at)
}

// parseLine reads FILE:LINE, to which a column may be added.
func parseLine(s string) (output.Line, error) {
	file, line, ok := cutLast(s)
	if rest, n, more := cutLast(file); ok && more {
		file, line = rest, n // the last number was a column
	}
	if !ok || file == "" || line < 1 {
		return output.Line{}, fmt.Errorf("%s: want FILE:LINE", s)
	}
	return output.Line{File: filepath.Clean(file), Line: line}, nil
}

// A question is about one line.
type question struct {
	*Command
	options *options
	always  bool // whether to say why even if something is reported
}

// answer prints the answer. Whatever it is, it is no failure.
func (q *question) answer(ctx context.Context, at output.Line) (int, error) {
	g, err := q.goCommand(q.options)
	if err != nil {
		return 0, err
	}
	paths, err := newPaths("")
	if err != nil {
		return 0, err
	}
	at.File = paths.short(at.File)
	out, runErr := g.vet(ctx)
	result, err := q.result(out, q.options)
	if err != nil {
		return 0, errors.Join(runErr, err)
	}
	fmt.Fprint(q.Stderr, result.messages)
	if err := result.failure(ctx, q.options, runErr); err != nil {
		return 0, err
	}
	here, passing := concerning(result.Findings, at)
	switch {
	case len(here) > 0:
	case len(passing) > 0:
		fmt.Fprintf(q.Stdout, "%s: nothing is reported here; the line is part of what is reported elsewhere\n\n", at)
		here = passing
	default:
		fmt.Fprintf(q.Stdout, "%s: nothing is reported here\n\n", at)
	}
	if len(here) > 0 {
		if err := q.print(&Result{Findings: here, sources: result.sources}, q.options); err != nil {
			return 0, err
		}
	}
	if len(here) > 0 && !q.always {
		return statusClean, nil
	}
	return statusClean, q.why(ctx, at)
}

// concerning returns the findings on a line, and those whose interleaving passes
// it.
func concerning(all []output.Finding, at output.Line) (here, passing []output.Finding) {
	for _, f := range all {
		switch {
		case f.Pos.OnLine() == at:
			here = append(here, f)
		case mentions(&f, at):
			passing = append(passing, f)
		}
	}
	return here, passing
}

// why prints the decisions that concern a line.
func (q *question) why(ctx context.Context, at output.Line) error {
	o := *q.options
	o.toolFlags = []string{"-" + decision.Name, "-" + decision.Name + ".log"}
	g, err := q.goCommand(&o)
	if err != nil {
		return err
	}
	out, err := g.vet(ctx)
	if err != nil {
		return err
	}
	paths, err := newPaths(o.dir)
	if err != nil {
		return err
	}
	log, err := decisions(out, paths)
	if err != nil {
		return err
	}
	log = slices.DeleteFunc(log, func(d loggedDecision) bool { return !d.concerns(at) })
	if telling := slices.ContainsFunc(log, func(d loggedDecision) bool { return d.telling(at) }); telling {
		log = slices.DeleteFunc(log, func(d loggedDecision) bool { return !d.telling(at) })
	}
	if len(log) == 0 {
		_, err := fmt.Fprintf(q.Stdout, "%s is in no function of the packages that were checked\n", at)
		return err
	}
	for _, d := range log {
		if _, err := fmt.Fprint(q.Stdout, d.text(at)); err != nil {
			return err
		}
	}
	return nil
}

// A loggedDecision is a decision as go vet hands it on.
type loggedDecision struct {
	Pos, End output.Position
	Text     string
	Notes    []output.Related
}

// decisions reads the decisions out of what go vet has said, in the order of the
// source, the outermost function first.
func decisions(out *vetOutput, paths *paths) ([]loggedDecision, error) {
	var log []loggedDecision
	for _, document := range out.documents {
		var tree vetTree
		if err := json.Unmarshal(document, &tree); err != nil {
			return nil, fmt.Errorf("cannot read what go vet printed: %w", err)
		}
		for _, checks := range tree {
			message, ok := checks[decision.Name]
			if !ok {
				continue
			}
			var diagnostics []vetDiagnostic
			if err := json.Unmarshal(message, &diagnostics); err != nil {
				return nil, fmt.Errorf("cannot read what go vet printed: %w", err)
			}
			for _, d := range diagnostics {
				log = append(log, readDecision(d, paths))
			}
		}
	}
	slices.SortFunc(log, func(a, b loggedDecision) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column), cmp.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(log, func(a, b loggedDecision) bool { return a.Pos == b.Pos && a.Text == b.Text }), nil
}

func readDecision(d vetDiagnostic, paths *paths) loggedDecision {
	l := loggedDecision{Text: d.Message}
	l.Pos, _ = paths.position(d.Posn)
	l.End, _ = paths.position(d.End)
	for _, rel := range d.Related {
		at, _ := paths.position(rel.Posn)
		l.Notes = append(l.Notes, output.Related{Message: rel.Message, Pos: at})
	}
	return l
}

// concerns reports whether the line is in the function, or in another one that
// was followed with it.
func (d *loggedDecision) concerns(at output.Line) bool {
	inside := d.Pos.File == at.File && d.Pos.Line <= at.Line && at.Line <= d.End.Line
	return inside || slices.ContainsFunc(d.Notes, func(n output.Related) bool { return n.Pos.OnLine() == at })
}

// telling reports whether there is more to say than that the function was not
// explored by itself.
func (d *loggedDecision) telling(at output.Line) bool {
	return strings.Contains(d.text(at), "\n\t") || !strings.Contains(d.Text, decision.NotByItself)
}

// text says what came of the function, and of what is on the line. What escapes
// is said of all lines: it decides what can be known of the others.
func (d *loggedDecision) text(at output.Line) string {
	var b strings.Builder
	lines := "line " + strconv.Itoa(d.Pos.Line)
	if d.End.Line > d.Pos.Line {
		lines = fmt.Sprintf("lines %d to %d", d.Pos.Line, d.End.Line)
	}
	fmt.Fprintf(&b, "%s, %s: %s\n", d.Pos.File, lines, d.Text)
	for _, n := range d.Notes {
		if n.Pos.OnLine() == at || strings.Contains(n.Message, decision.Escapes) {
			fmt.Fprintf(&b, "\t%s: %s\n", n.Pos, n.Message)
		}
	}
	return b.String()
}
