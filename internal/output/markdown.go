package output

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// maxMarkdown is how long a report may be before it gives findings in one line
// each: GitHub takes a summary of up to a mebibyte.
const maxMarkdown = 900 << 10

// Markdown writes GitHub Flavored Markdown, for the summary of a pull request or
// of a workflow run. Each interleaving is a sequence diagram of Mermaid.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	if len(r.Findings) == 0 {
		b.WriteString("## chanlint: no findings\n")
	} else {
		fmt.Fprintf(&b, "## chanlint: %s\n\n| check | findings |\n|---|---|\n", Count(len(r.Findings), "finding"))
	}
	counts := map[string]int{}
	var order []string
	for _, f := range r.Findings {
		if counts[f.Check]++; counts[f.Check] == 1 {
			order = append(order, f.Check)
		}
	}
	for _, name := range order {
		c, _ := r.check(name)
		fmt.Fprintf(&b, "| %s | %d |\n", link(name, c.URL), counts[name])
	}
	for i := range r.Findings {
		r.markdown(&b, &r.Findings[i], b.Len() < maxMarkdown)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes one finding, whole or in one line.
func (r *Report) markdown(b *strings.Builder, f *Finding, whole bool) {
	fmt.Fprintf(b, "\n### %s\n\n%s (%s)\n", codeSpan(f.Pos.OnLine().String()), plainText(f.Message), link(f.label(), f.URL))
	if !whole {
		return
	}
	if line := r.Sources.Trimmed(f.Pos.OnLine()); line != "" {
		fence := strings.Repeat("`", max(3, longestRun(line, '`')+1))
		fmt.Fprintf(b, "\n%sgo\n%s\n%s\n", fence, line, fence)
	}
	if len(f.Steps) > 0 {
		fmt.Fprintf(b, "\n```mermaid\n%s```\n", Mermaid(f.Steps))
	}
	for _, rel := range f.Related {
		fmt.Fprintf(b, "\n- %s: %s\n", codeSpan(rel.Pos.OnLine().String()), plainText(rel.Message))
	}
	for _, fix := range f.Fixes {
		fmt.Fprintf(b, "\nSuggested fix: %s\n", plainText(fix.Message))
	}
	for _, t := range f.ConfirmedBy {
		fmt.Fprintf(b, "\nConfirmed by %s\n", plainText(t.String()))
	}
}

// link returns a link with a text.
func link(text, url string) string {
	if url == "" || strings.ContainsAny(url, " ()<>\n") {
		return plainText(text)
	}
	return "[" + plainText(text) + "](" + url + ")"
}

// plainText escapes a text so that it stands in Markdown as it is: no markup, no
// HTML, no mention of a person or an issue.
func plainText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '@':
			b.WriteString("&#64;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]#|~!>$", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteRune(' ')
		case !unicode.IsPrint(r):
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// codeSpan returns s in a span of code that holds it whatever it is.
func codeSpan(s string) string {
	s = printable(s)
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// longestRun returns how often c stands in s in a row.
func longestRun(s string, c rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if r == c {
			run++
		} else {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
