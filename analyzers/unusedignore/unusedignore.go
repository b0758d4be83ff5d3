package unusedignore

import (
	_ "embed"
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/report"
)

//go:embed doc.go
var source string

// name is the name of the check.
const name = "unusedignore"

// New returns the check unusedignore for comments that silence the given
// checks. Drivers run checks one by one and in any order, so that it cannot
// wait for what the others report; it runs them itself, on the results that
// they share.
func New(checks []*analysis.Analyzer) *analysis.Analyzer {
	audited := make([]*analysis.Analyzer, len(checks))
	var requires []*analysis.Analyzer
	for i, check := range checks {
		a := *check
		a.Flags = report.Flags()                             // its own, whatever the check itself is told
		_ = report.SetConfidence(&a, report.Likely.String()) // there is such a level
		audited[i] = &a
		for _, r := range check.Requires {
			if !slices.Contains(requires, r) {
				requires = append(requires, r)
			}
		}
	}
	return &analysis.Analyzer{
		Name:     name,
		Doc:      checkdoc.Doc(name, source),
		URL:      checkdoc.URL(name),
		Requires: requires,
		Flags:    report.Flags(),
		Run:      func(pass *analysis.Pass) (any, error) { return nil, run(pass, audited) },
	}
}

func run(pass *analysis.Pass, checks []*analysis.Analyzer) error {
	directives := make(map[*ast.File][]report.Directive)
	found := false
	for _, file := range pass.Files {
		if report.IsGenerated(file) {
			continue
		}
		directives[file] = slices.DeleteFunc(report.Directives(file), func(d report.Directive) bool { return len(d.Names()) == 0 })
		found = found || len(directives[file]) > 0
	}
	if !found {
		return nil
	}
	used, err := use(pass, checks)
	if err != nil {
		return err
	}
	var out []report.Finding
	for _, file := range pass.Files {
		for _, d := range directives[file] {
			if message := complaint(d, used[d.Comment], checks); message != "" {
				out = append(out, report.Finding{Pos: d.Comment.Pos(), End: d.Comment.End(), Message: message})
			}
		}
	}
	// At the end of a line the comment itself would silence what is said of it.
	report.All(report.Through(pass, func(d analysis.Diagnostic, _ []report.Directive) { pass.Report(d) }), out)
	return nil
}

// use runs the checks and returns, for each comment, the names of those of
// which it silences a finding.
func use(pass *analysis.Pass, checks []*analysis.Analyzer) (map[*ast.Comment][]string, error) {
	used := make(map[*ast.Comment][]string)
	for _, check := range checks {
		through := report.Through(pass, func(_ analysis.Diagnostic, silenced []report.Directive) {
			for _, d := range silenced {
				used[d.Comment] = append(used[d.Comment], check.Name)
			}
		})
		through.Analyzer = check
		if _, err := check.Run(through); err != nil {
			return nil, fmt.Errorf("%s: %w", check.Name, err)
		}
	}
	return used, nil
}

// complaint words what is wrong with d, of which the checks used make use; it
// is empty if nothing is.
func complaint(d report.Directive, used []string, checks []*analysis.Analyzer) string {
	if slices.Contains(d.Names(), "chanlint/"+name) {
		return ""
	}
	var all, idle, unknown []string
	for _, check := range checks {
		all = append(all, check.Name)
	}
	misspelt := d.Idle(all)
	for _, n := range d.Idle(used) {
		if slices.Contains(misspelt, n) {
			unknown = append(unknown, n)
		} else {
			idle = append(idle, n)
		}
	}
	var parts []string
	if len(idle) > 0 {
		parts = append(parts, "no finding of "+strings.Join(idle, " or ")+" here")
	}
	if len(unknown) > 0 {
		parts = append(parts, "there is no check "+strings.Join(unknown, " or "))
	}
	if len(parts) == 0 {
		return ""
	}
	return "unused suppression: " + strings.Join(parts, ", and ")
}
