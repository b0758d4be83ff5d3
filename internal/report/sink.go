package report

import (
	"maps"

	"golang.org/x/tools/go/analysis"
)

// A Sink takes what a check reports in place of the driver: the diagnostic and
// the comments that silence it, if there are any.
type Sink func(d analysis.Diagnostic, silenced []Directive)

// sinkKey is where a pass keeps its sink. It stands for no analysis; the
// results that a pass carries are the one thing that reaches a check, and
// through it this package, from whoever runs it.
var sinkKey = &analysis.Analyzer{Name: "chanlintsink", Doc: "where a check's reports go"}

// Through returns a pass like pass, but what a check reports in it goes to
// sink, silenced or not. Findings in generated files and those below the
// confidence that is asked for still go nowhere.
func Through(pass *analysis.Pass, sink Sink) *analysis.Pass {
	through := *pass
	through.ResultOf = maps.Clone(pass.ResultOf)
	if through.ResultOf == nil {
		through.ResultOf = make(map[*analysis.Analyzer]any)
	}
	through.ResultOf[sinkKey] = sink
	return &through
}

// sinkOf returns where the reports of pass go: to the driver unless a comment
// silences them, or to the sink it was made with.
func sinkOf(pass *analysis.Pass) Sink {
	if sink, ok := pass.ResultOf[sinkKey].(Sink); ok {
		return sink
	}
	return func(d analysis.Diagnostic, silenced []Directive) {
		if len(silenced) == 0 {
			pass.Report(d)
		}
	}
}
