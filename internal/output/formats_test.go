package output_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/output"
)

// The escapes are those that GitHub documents: %, CR and LF in the message, and
// besides them : and , in properties.
func TestGitHub(t *testing.T) {
	want := "::error file=p/fetch.go,line=6,col=3,title=chanlint%3A leaksend::send on c blocks forever if Fetch returns at line 12 before receiving; goroutine leaks" +
		"%0Ap/fetch.go:4: goroutine 1: makes c%0Ap/fetch.go:5: goroutine 1: starts goroutine 2%0Ap/fetch.go:11: goroutine 1: takes the case <-timeout" +
		"%0Ap/fetch.go:12: goroutine 1: returns%0Ap/fetch.go:6: goroutine 2: send on c blocks forever\n" +
		"::warning file=/elsewhere/q%2C1%3A x.go,line=3,col=1,title=chanlint%3A doubleclose%2C likely::close of closed channel: m[\"100%25, a:b|`c`\"] <b>%0D%0Amay already be closed" +
		"%0A/elsewhere/q,1: x.go:2: the other <close>\n"
	if got := written(t, "github", sample()); got != want {
		t.Errorf("annotations are\n%s\nwant\n%s", got, want)
	}
	r := sample()
	r.Prefix = "sub/dir"
	if got := written(t, "github", r); !strings.HasPrefix(got, "::error file=sub/dir/p/fetch.go,") || !strings.Contains(got, "::warning file=/elsewhere") {
		t.Errorf("below the root of the repository, annotations are\n%s", got)
	}
}

func TestMarkdown(t *testing.T) {
	got := written(t, "markdown", sample())
	for _, want := range []string{
		"## chanlint: 2 findings\n\n| check | findings |\n|---|---|\n| [leaksend](https://example.org/leaksend) | 1 |\n",
		"### `p/fetch.go:6`\n\nsend on c blocks forever if Fetch returns at line 12 before receiving; goroutine leaks ([leaksend](https://example.org/leaksend))\n\n```go\nc <- 1\n```\n",
		// Nothing in a message is markup, or a mention.
		"close of closed channel: m\\[\"100%, a:b\\|\\`c\\`\"\\] &lt;b\\>  may already be closed ([doubleclose, likely](https://example.org/doubleclose))",
		"- `/elsewhere/q,1: x.go:2`: the other &lt;close\\>\n",
		"\n```mermaid\nsequenceDiagram\n" +
			"    participant G1 as goroutine 1<br/>Fetch\n" +
			"    participant G2 as goroutine 2<br/>started at line 5\n" +
			"    Note over G1: makes c (fetch.go#58;4)\n" +
			"    G1-->>G2: starts goroutine 2 (fetch.go#58;5)\n" +
			"    Note over G1: takes the case #60;-timeout (fetch.go#58;11)\n" +
			"    Note over G1: returns (fetch.go#58;12)\n" +
			"    Note over G2: ✗ send on c blocks forever (fetch.go#58;6)\n```\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the summary lacks\n%s\nit is\n%s", want, got)
		}
	}
	if got := written(t, "markdown", &output.Report{}); got != "## chanlint: no findings\n" {
		t.Errorf("without findings it is %q", got)
	}
}

// A rendezvous is one arrow, and a start that a send follows is not one.
func TestMermaidRendezvous(t *testing.T) {
	at := output.Position{File: "f.go", Line: 1}
	got := output.Mermaid([]output.Step{
		{Goroutine: 1, Text: "starts goroutine 2", Other: 2, Pos: at},
		{Goroutine: 2, Text: "sends on c to goroutine 1", Other: 1, Pos: at},
		{Goroutine: 1, Text: "receives from c, sent by goroutine 2", Other: 2, Pos: at},
		{Goroutine: 1, Text: "closes m[\"a;b#c\"]\n%% end", Pos: at},
	})
	want := "sequenceDiagram\n    participant G1 as goroutine 1\n    participant G2 as goroutine 2\n" +
		"    G1-->>G2: starts goroutine 2 (f.go#58;1)\n" +
		"    G2->>G1: sends on c to goroutine 1 (f.go#58;1)<br/>receives from c, sent by goroutine 2 (f.go#58;1)\n" +
		"    Note over G1: closes m#91;#34;a#59;b#35;c#34;#93; #37;#37; end (f.go#58;1)\n"
	if got != want {
		t.Errorf("the diagram is\n%s\nwant\n%s", got, want)
	}
}

// A goroutine that is started and does nothing has a column all the same.
func TestStartedOnly(t *testing.T) {
	got := output.Goroutines([]output.Step{
		{Goroutine: 1, Name: "F", Text: "starts goroutine 3", Other: 3, Pos: output.Position{Line: 7}},
		{Goroutine: 2, Name: "started at line 5", Text: "returns"},
	})
	want := []output.Goroutine{{Number: 1, Name: "F"}, {Number: 2, Name: "started at line 5"}, {Number: 3, Name: "started at line 7"}}
	if !slices.Equal(got, want) {
		t.Errorf("the columns are %v, want %v", got, want)
	}
}

// A summary that would be too long for GitHub gives the rest in a line each.
func TestMarkdownLong(t *testing.T) {
	r := sample()
	one := r.Findings[0]
	for range 3000 {
		r.Findings = append(r.Findings, one)
	}
	got := written(t, "markdown", r)
	if n := strings.Count(got, "\n### "); n != len(r.Findings) {
		t.Errorf("%d findings are in the summary, want %d", n, len(r.Findings))
	}
	if n := strings.Count(got, "```mermaid"); n == 0 || n == len(r.Findings)-1 {
		t.Errorf("%d of them have diagrams, want some and not all", n)
	}
}

// dig returns what is at a path of keys and indices in decoded JSON.
func dig(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				t.Fatalf("%v: there are %d elements", path, len(l))
			}
			v = l[p]
		}
	}
	return v
}

func TestSARIF(t *testing.T) {
	r := sample()
	// 99 is behind the first 98 bytes: inside line 4, whose text is ASCII.
	var log any
	if err := json.Unmarshal([]byte(written(t, "sarif", r)), &log); err != nil {
		t.Fatal(err)
	}
	before := fetch[:99]
	line := float64(strings.Count(before, "\n") + 1)
	column := float64(99 - strings.LastIndexByte(before, '\n'))
	for _, tt := range []struct {
		want any
		path []any
	}{
		{"2.1.0", []any{"version"}},
		{"leaksend", []any{"runs", 0, "tool", "driver", "rules", 0, "id"}},
		{"https://example.org/leaksend", []any{"runs", 0, "tool", "driver", "rules", 0, "helpUri"}},
		{"leaksend", []any{"runs", 0, "results", 0, "ruleId"}},
		{0.0, []any{"runs", 0, "results", 0, "ruleIndex"}},
		{1.0, []any{"runs", 0, "results", 1, "ruleIndex"}},
		{"error", []any{"runs", 0, "results", 0, "level"}},
		{"warning", []any{"runs", 0, "results", 1, "level"}},
		{"likely", []any{"runs", 0, "results", 1, "properties", "confidence"}},
		{"example.org/q", []any{"runs", 0, "results", 1, "properties", "package"}},
		{"0123456789abcdef", []any{"runs", 0, "results", 0, "partialFingerprints", "chanlint/v1"}},
		{"p/fetch.go", []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"}},
		{"SRCROOT", []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uriBaseId"}},
		{"file:///elsewhere/q,1:%20x.go", []any{"runs", 0, "results", 1, "locations", 0, "physicalLocation", "artifactLocation", "uri"}},
		{6.0, []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"}},
		{3.0, []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startColumn"}},
		{9.0, []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "endColumn"}},
		{"\t\tc <- 1", []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "snippet", "text"}},
		{"example.org/p.Fetch", []any{"runs", 0, "results", 0, "locations", 0, "logicalLocations", 0, "fullyQualifiedName"}},
		{"goroutine 2 (started at line 5)", []any{"runs", 0, "results", 0, "codeFlows", 0, "threadFlows", 1, "message", "text"}},
		{5.0, []any{"runs", 0, "results", 0, "codeFlows", 0, "threadFlows", 1, "locations", 0, "executionOrder"}},
		{"essential", []any{"runs", 0, "results", 0, "codeFlows", 0, "threadFlows", 1, "locations", 0, "importance"}},
		{"takes the case <-timeout", []any{"runs", 0, "results", 0, "codeFlows", 0, "threadFlows", 0, "locations", 2, "location", "message", "text"}},
		{3.0, []any{"runs", 0, "results", 0, "codeFlows", 0, "threadFlows", 0, "locations", 2, "executionOrder"}},
		{"the other <close>", []any{"runs", 0, "results", 1, "relatedLocations", 0, "message", "text"}},
		{line, []any{"runs", 0, "results", 0, "fixes", 0, "artifactChanges", 0, "replacements", 0, "deletedRegion", "startLine"}},
		{column, []any{"runs", 0, "results", 0, "fixes", 0, "artifactChanges", 0, "replacements", 0, "deletedRegion", "endColumn"}},
		{", 1", []any{"runs", 0, "results", 0, "fixes", 0, "artifactChanges", 0, "replacements", 0, "insertedContent", "text"}},
		{nil, []any{"runs", 0, "results", 1, "codeFlows"}},
	} {
		if got := dig(t, log, tt.path...); got != tt.want {
			t.Errorf("%v is %v, want %v", tt.path, got, tt.want)
		}
	}
}

// SARIF counts UTF-16 units where the go command counts bytes.
func TestSARIFColumns(t *testing.T) {
	source := "läng𝄞, close(c)"
	column := strings.Index(source, "close") + 1
	r := &output.Report{
		Findings: []output.Finding{{Check: "a", Message: "m", Pos: output.Position{File: "x y.go", Line: 1, Column: column}}},
		Sources:  output.NewSources(func(string) ([]byte, error) { return []byte(source), nil }),
	}
	var log any
	if err := json.Unmarshal([]byte(written(t, "sarif", r)), &log); err != nil {
		t.Fatal(err)
	}
	at := dig(t, log, "runs", 0, "results", 0, "locations", 0, "physicalLocation")
	if got := dig(t, at, "region", "startColumn"); got != 9.0 { // l ä n g, two for the clef, comma, space
		t.Errorf("column is %v, want 9", got)
	}
	if got := dig(t, at, "artifactLocation", "uri"); got != "x%20y.go" {
		t.Errorf("address is %v, want x%%20y.go", got)
	}
}

// Nothing in the page comes from elsewhere, and no text gets out of its place.
func TestHTML(t *testing.T) {
	got := written(t, "html", sample())
	for _, bad := range []string{"<b>", "<img", "</script><b", "<close>", "http-equiv=\"refresh\""} {
		if strings.Contains(got, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if n := strings.Count(got, "</script>"); n != 2 {
		t.Errorf("the page has %d ends of scripts, want 2", n)
	}
	for _, m := range regexp.MustCompile(`(?i)<[^>]*\s(src|href|srcset|action|onclick|onload|onerror|style)=("[^"]*"|[^\s>]*)`).FindAllStringSubmatch(got, -1) {
		if m[2] != `"#findings"` {
			t.Errorf("the page has %s", m[0])
		}
	}
	for _, want := range []string{
		"<title>chanlint: 2 findings</title>",
		`<li id="0123456789abcdef" data-check="leaksend" data-level="certain" data-package="example.org/p">`,
		`<li id="finding-2" data-check="doubleclose" data-level="likely" data-package="example.org/q">`,
		`<code>c &lt;- 1</code>`,
		"default-src &#39;none&#39;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if empty := written(t, "html", &output.Report{}); !strings.Contains(empty, "Nothing to report.") || strings.Contains(empty, "<form id=") {
		t.Errorf("the page without findings is\n%s", empty)
	}
}

// A fingerprint survives what moves a line and nothing else.
func TestIdentify(t *testing.T) {
	const source = `package p

func (t *T[K]) F() {
	close(c) // once
	close(c)
}

func G() { close(c) }

var _ = func() { close(c) }
`
	identify := func(source, file string, lines ...int) []output.Finding {
		var findings []output.Finding
		for _, n := range lines {
			findings = append(findings, output.Finding{Check: "doubleclose", Package: "example.org/p", Pos: output.Position{File: file, Line: n, Column: 2}})
		}
		output.Identify(findings, output.NewSources(func(string) ([]byte, error) { return []byte(source), nil }))
		return findings
	}
	prints := func(findings []output.Finding) []string {
		var all []string
		for _, f := range findings {
			all = append(all, f.Fingerprint)
		}
		return all
	}
	was := identify(source, "p.go", 4, 5, 8, 10)
	for i, want := range []string{"T.F", "T.F", "G", ""} {
		if was[i].Function != want {
			t.Errorf("finding %d is in %q, want %q", i, was[i].Function, want)
		}
	}
	distinct := map[string]bool{}
	for _, p := range prints(was) {
		distinct[p] = true
	}
	if len(distinct) != 4 {
		t.Errorf("fingerprints are %q, want four different ones", slices.Sorted(maps.Keys(distinct)))
	}
	moved := strings.NewReplacer("package p\n", "package p\n\n// More.\n", "\tclose(c) // once", "\t\tclose( c) // twice").Replace(source)
	moved = strings.Replace(moved, "close( c)", "close(c)", 1)
	if now := identify(moved, "renamed.go", 6, 7, 10, 12); !slices.Equal(prints(now), prints(was)) {
		t.Errorf("moved, fingerprints are %q, were %q", prints(now), prints(was))
	}
	if other := identify(strings.ReplaceAll(source, "close(c)", "close(d)"), "p.go", 8); other[0].Fingerprint == was[2].Fingerprint {
		t.Error("another operation has the same fingerprint")
	}
	variant := identify(source, "p.go", 8)
	variant[0].Package = "example.org/p [example.org/p.test]"
	output.Identify(variant, output.NewSources(func(string) ([]byte, error) { return []byte(source), nil }))
	if variant[0].Fingerprint != was[2].Fingerprint {
		t.Error("the test variant of a package has other fingerprints")
	}
}
