package driver

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"

	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/output"
)

// print writes r to where o wants it, in the format that o names.
func (c *Command) print(r *Result, o *options) error {
	f, _ := output.Named(o.format) // parse has seen to it that there is one
	rep := c.report(r, o)
	if o.output == "" {
		rep.Colour = isTerminal(c.Stdout) && os.Getenv("NO_COLOR") == ""
		return f.Write(c.Stdout, rep)
	}
	var b bytes.Buffer
	if err := f.Write(&b, rep); err != nil {
		return err
	}
	return os.WriteFile(o.output, b.Bytes(), 0o666)
}

// report returns what the formats write.
func (c *Command) report(r *Result, o *options) *output.Report {
	rep := &output.Report{
		Findings: r.Findings,
		Leaks:    r.Leaks,
		Version:  c.Version,
		Sources:  r.sources,
		Prefix:   inWorkspace(os.Getenv("GITHUB_WORKSPACE")),
	}
	for _, a := range o.selected {
		page := checkdoc.Parse(a.Doc)
		rep.Checks = append(rep.Checks, output.Check{
			Name: a.Name, Summary: cmp.Or(page.Summary, a.Name), URL: a.URL, Text: page.Text(),
		})
	}
	return rep
}

// inWorkspace returns the name of the current directory in the directory root,
// which a runner of GitHub Actions has checked a repository out into; nothing if
// it is not there.
func inWorkspace(root string) string {
	here, err := os.Getwd()
	if root == "" || err != nil {
		return ""
	}
	rel, err := filepath.Rel(root, here)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}
