package driver

import (
	"context"
	"fmt"

	"github.com/chanlint/chanlint/internal/baseline"
	"github.com/chanlint/chanlint/internal/output"
)

// A filter drops findings, and says so on standard error.
type filter func(context.Context, []output.Finding) ([]output.Finding, error)

// newFilter returns the filter that the options of g ask for. It reads what it
// needs at once, so that a mistake shows before packages are checked.
func (c *Command) newFilter(ctx context.Context, g *goRun) (filter, error) {
	o := g.options
	var known baseline.Set
	var since *revision
	var err error
	if o.baseline != "" {
		if known, err = baseline.Read(o.baseline); err != nil {
			return nil, err
		}
	}
	if o.newFrom != "" {
		if since, err = c.newRevision(ctx, g, o.newFrom); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, findings []output.Finding) ([]output.Finding, error) {
		left := known.New(findings)
		if n := len(findings) - len(left); n > 0 {
			fmt.Fprintf(c.Stderr, "chanlint: %s of the baseline left out (-baseline %s)\n", output.Count(n, "finding"), o.baseline)
		}
		if since == nil {
			return left, nil
		}
		fresh, err := since.newSince(ctx, left)
		if n := len(left) - len(fresh); err == nil && n > 0 {
			fmt.Fprintf(c.Stderr, "chanlint: %s left out that %s has as well (-new-from)\n", output.Count(n, "finding"), o.newFrom)
		}
		return fresh, err
	}, nil
}

// writeBaseline writes all findings to the baseline.
func (c *Command) writeBaseline(r *Result, o *options) error {
	if err := baseline.Write(o.write, r.Findings, r.sources); err != nil {
		return fmt.Errorf("-write-baseline: %w", err)
	}
	_, err := fmt.Fprintf(c.Stderr, "chanlint: %s written to %s\n", output.Count(len(r.Findings), "finding"), o.write)
	return err
}
