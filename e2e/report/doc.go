// Package report holds the output formats to the programs that read them: SARIF to
// its schema, and on demand the HTML report to Chromium and axe-core, and the
// diagrams to Mermaid. It is a module of its own, so that what it needs for that
// does not become a dependency of chanlint.
package report
