// Package golangci is chanlint as a module plugin of golangci-lint.
//
// golangci-lint takes a plugin in when it is built: "golangci-lint custom" reads
// which from .custom-gcl.yml. docs/golangci-lint.md shows that file, and the
// settings in .golangci.yml that Settings describes.
//
// The checks are those of every other driver. Three things differ, because
// golangci-lint has ways of its own: related positions stand in the message, as
// it would make findings of them; a //nolint for the whole linter is left to it,
// so that its linter nolintlint knows which are used; and it prints one finding a
// line unless told otherwise.
package golangci

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/analyzers"
	"github.com/chanlint/chanlint/internal/choice"
	"github.com/chanlint/chanlint/internal/report"
)

// Name is what golangci-lint knows the plugin by.
const Name = "chanlint"

// Plugins register when they are imported; there is no later moment.
func init() { register.Plugin(Name, New) }

// Settings is what stands under linters.settings.custom.chanlint.settings.
type Settings struct {
	// Checks are the checks to run, as in "chanlint -checks": names, "all", and
	// "-NAME" to take one out. Without any it is all that run by default.
	Checks []string `json:"checks"`

	// Confidence is "certain", the default, or "likely".
	Confidence string `json:"confidence"`
}

// plugin is chanlint with the settings of one configuration.
type plugin struct{ analyzers []*analysis.Analyzer }

// New returns the plugin with the settings that golangci-lint has read, a tree of
// maps and lists. It is an error if they have a key, a check or a level that
// there is not.
func New(raw any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](raw)
	if err != nil {
		return nil, fmt.Errorf("%w; there are the settings checks, a list, and confidence, a word", err)
	}
	selected, err := choice.From(analyzers.All(), analyzers.OnRequest(), settings.Checks)
	if err != nil {
		return nil, fmt.Errorf("checks: %w", err)
	}
	p := new(plugin)
	for _, a := range selected {
		wrapped, err := wrap(a, settings.Confidence)
		if err != nil {
			return nil, fmt.Errorf("confidence %q: %w", settings.Confidence, err)
		}
		p.analyzers = append(p.analyzers, wrapped)
	}
	return p, nil
}

// BuildAnalyzers returns the analyzers to run; it never fails.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode says that the checks need types.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// wrap returns an analyzer like a, with flags of its own at the given level of
// confidence, that reports as golangci-lint needs it.
func wrap(a *analysis.Analyzer, confidence string) (*analysis.Analyzer, error) {
	wrapped := *a
	wrapped.Flags = report.Flags()
	if confidence != "" {
		if err := report.SetConfidence(&wrapped, confidence); err != nil {
			return nil, err
		}
	}
	wrapped.Run = func(pass *analysis.Pass) (any, error) {
		return a.Run(report.Through(pass, func(d analysis.Diagnostic, silenced []report.Directive) {
			for _, comment := range silenced {
				if !isHonoured(pass, comment, d) {
					return
				}
			}
			pass.Report(fold(pass, d))
		}))
	}
	return &wrapped, nil
}

// isHonoured reports whether golangci-lint itself drops d for the comment: if that
// is for the whole linter, and stands on the line of d or above. At the end of a
// statement of several lines it speaks for all of them here, and there for its own.
func isHonoured(pass *analysis.Pass, comment report.Directive, d analysis.Diagnostic) bool {
	line := func(pos token.Pos) int { return pass.Fset.PositionFor(pos, false).Line }
	return comment.ByLinter() && line(comment.Comment.Pos()) <= line(d.Pos)
}

// fold returns d with its related positions in the message.
func fold(pass *analysis.Pass, d analysis.Diagnostic) analysis.Diagnostic {
	var parts []string
	for _, r := range d.Related {
		parts = append(parts, report.Line(pass, d.Pos, r.Pos)+": "+r.Message)
	}
	if len(parts) > 0 {
		d.Message += " (" + strings.Join(parts, "; ") + ")"
	}
	d.Related = nil
	return d
}
