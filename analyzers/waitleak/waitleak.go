package waitleak

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/checkdoc"
	"github.com/chanlint/chanlint/internal/report"
	"github.com/chanlint/chanlint/internal/witness"
)

//go:embed doc.go
var source string

// Analyzer is the check waitleak.
var Analyzer = &analysis.Analyzer{
	Name:     "waitleak",
	Doc:      checkdoc.Doc("waitleak", source),
	URL:      checkdoc.URL("waitleak"),
	Requires: []*analysis.Analyzer{witness.Analyzer},
	Flags:    report.Flags(),
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	witness.ReportBlocked(pass, reason, build.SiteWait)
	return nil, nil
}

func reason(words *witness.Words, d *witness.Defect) string {
	waits := words.Waiting(d, "wait")
	switch {
	case d.Op.IsCond() && !d.Peers:
		return ": nothing signals it"
	case d.Op.IsCond():
		return ": no goroutine is left to signal it"
	case waits != "" && d.TooSoon:
		return ": " + waits + " for what comes after it"
	case waits != "":
		return ": " + words.Waiting(d, "block") + " too"
	case !d.Peers:
		return ": nothing calls Done"
	}
	return ": Done is called fewer times than Add counts"
}
