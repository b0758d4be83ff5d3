// Package checkdoc makes everything that documents a check out of one text: the
// package comment in the check's doc.go. It becomes Analyzer.Doc, what
// "chanlint explain" prints, and a page under docs/checks.
//
// A check embeds the file and hands it over:
//
//	//go:embed doc.go
//	var source string
//
//	var Analyzer = &analysis.Analyzer{
//		Name: "doubleclose",
//		Doc:  checkdoc.Doc("doubleclose", source),
//		URL:  checkdoc.URL("doubleclose"),
//		…
//	}
//
// The comment begins "Package NAME reports …", as godoc wants it. That sentence
// is the check's summary. The sections listed by Sections follow under headings
// of their own, with examples indented, in the syntax of go.dev/doc/comment.
//
// One text for the linter and for its documentation is the idea of
// golang.org/x/tools/internal/analysis, which panics where this package leaves
// a mistake to be found by Problems and a test.
package checkdoc

import (
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// Sections returns the headings that every check's documentation has, in order.
func Sections() []string {
	return []string{
		"What it reports",
		"Example",
		"Corrected",
		"What it stays silent about",
		"Silencing",
	}
}

// Doc returns the text for Analyzer.Doc: "NAME: SUMMARY" on the first line, then
// the rest of the package comment of source, the text of a doc.go. Where source
// has no usable comment the result says so; Problems finds that.
func Doc(name, source string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || file.Doc == nil {
		return name + ": " + undocumented
	}
	text := file.Doc.Text()
	first, rest, _ := strings.Cut(text, "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	sentence := new(doc.Package).Synopsis(first)
	summary, ok := strings.CutPrefix(strings.TrimSuffix(sentence, "."), "Package "+name+" ")
	if !ok {
		return name + ": " + undocumented
	}
	remainder := strings.TrimSpace(strings.TrimPrefix(first, sentence))
	return strings.TrimSpace(name+": "+summary+"\n\n"+strings.TrimSpace(remainder+"\n\n"+rest)) + "\n"
}

// undocumented is the summary of a check whose doc.go is not in order.
const undocumented = "not documented"

// URL returns the address of the page that documents the check name.
func URL(name string) string {
	return "https://pkg.go.dev/github.com/chanlint/chanlint/analyzers/" + name
}

// A Page is the documentation of one check.
type Page struct {
	Name    string
	Summary string // one sentence without a period: "reports …"
	body    *comment.Doc
}

// Parse reads the text that Doc returned.
func Parse(text string) Page {
	first, rest, _ := strings.Cut(text, "\n")
	name, summary, _ := strings.Cut(first, ": ")
	return Page{Name: name, Summary: summary, body: new(comment.Parser).Parse(rest)}
}

// Text returns the page as it is read in a terminal.
func (p Page) Text() string {
	var b strings.Builder
	b.WriteString(p.Name + ": " + p.Summary + "\n\n")
	printer := &comment.Printer{TextCodePrefix: "    ", TextWidth: 80}
	b.Write(printer.Text(p.body))
	b.WriteString("\nSee " + URL(p.Name) + "\n")
	return b.String()
}

// Markdown returns the page as a Markdown document.
func (p Page) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + p.Name + "\n\n`" + p.Name + "` " + p.Summary + ".\n")
	printer := &comment.Printer{
		HeadingLevel: 2,
		HeadingID:    func(*comment.Heading) string { return "" }, // the host makes its own
	}
	for _, block := range p.body.Content {
		b.WriteString("\n")
		if code, ok := block.(*comment.Code); ok {
			b.WriteString("```go\n" + code.Text + "```\n")
			continue
		}
		b.Write(printer.Markdown(&comment.Doc{Content: []comment.Block{block}, Links: p.body.Links}))
	}
	return b.String()
}

// Problems returns what is wrong with the page, one line a problem, or nil.
func (p Page) Problems() []string {
	var problems []string
	if p.Summary == undocumented || p.Summary == "" {
		problems = append(problems, "the package comment does not begin \"Package "+p.Name+" reports …\"")
	}
	var headings []string
	empty := true
	for _, block := range p.body.Content {
		heading, ok := block.(*comment.Heading)
		if !ok {
			empty = false
			continue
		}
		if len(headings) > 0 && empty {
			problems = append(problems, "nothing stands under \""+headings[len(headings)-1]+"\"")
		}
		headings = append(headings, plain(heading.Text))
		empty = true
	}
	if len(headings) > 0 && empty {
		problems = append(problems, "nothing stands under \""+headings[len(headings)-1]+"\"")
	}
	// Other headings may stand between the required ones.
	required := slices.DeleteFunc(slices.Clone(headings), func(h string) bool {
		return !slices.Contains(Sections(), h)
	})
	if !slices.Equal(required, Sections()) {
		problems = append(problems, "its headings are ["+strings.Join(headings, ", ")+"], want ["+strings.Join(Sections(), ", ")+"] in this order")
	}
	return problems
}

// plain returns the text of a heading, which has no markup in Go doc comments.
func plain(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		if s, ok := t.(comment.Plain); ok {
			b.WriteString(string(s))
		}
	}
	return b.String()
}
