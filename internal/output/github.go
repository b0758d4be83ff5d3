package output

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// GitHub writes a workflow command of GitHub Actions for each finding, which
// annotates its line in a pull request: an error, or a warning if the finding is
// likely. The form and its escapes are those of
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands.
func GitHub(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(b, "::%s file=%s,line=%d,col=%d", level(f, "error", "warning"), propertyValue(r.inRepository(f.Pos.File)), f.Pos.Line, f.Pos.Column)
		if f.End != nil && f.End.Line > f.Pos.Line {
			fmt.Fprintf(b, ",endLine=%d", f.End.Line)
		}
		var text strings.Builder
		text.WriteString(f.Message)
		for _, p := range f.places() {
			fmt.Fprintf(&text, "\n%s: %s", p.Pos.OnLine(), p.Message)
		}
		fmt.Fprintf(b, ",title=%s::%s\n", propertyValue("chanlint: "+f.label()), dataValue(text.String()))
	}
	return b.Flush()
}

// inRepository returns the name of a file for a reader at the root of the
// repository.
func (r *Report) inRepository(file string) string {
	if r.Prefix == "" || path.IsAbs(file) {
		return file
	}
	return path.Join(r.Prefix, file)
}

// dataValue escapes the text of a workflow command.
func dataValue(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// propertyValue escapes the value of a property of a workflow command.
func propertyValue(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(dataValue(s))
}
