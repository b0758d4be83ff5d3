package leakcheck

import (
	"context"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
)

// labelKey is the pprof label that names the test.
const labelKey = "leakcheck"

// A mark is the label's value: the numbers of the Verify calls that enclose the
// goroutine, outermost first, then the test's name, as in "3.17 TestX/sub".
// Numbers make a test unique among its repetitions under -count, and the path
// says which test encloses which.
type mark string

var verifications atomic.Int64

// newMark returns the mark of a test that runs inside outer, which may be "".
func newMark(outer mark, test string) mark {
	path := strconv.FormatInt(verifications.Add(1), 10)
	if outer != "" {
		path = outer.path() + "." + path
	}
	return mark(path + " " + test)
}

func (m mark) path() string {
	path, _, _ := strings.Cut(string(m), " ")
	return path
}

// test returns the name of the test.
func (m mark) test() string {
	_, test, _ := strings.Cut(string(m), " ")
	return test
}

// nested reports whether an enclosing test calls Verify, too.
func (m mark) nested() bool { return strings.Contains(m.path(), ".") }

// within reports whether m is outer or a mark that was made inside it.
func (m mark) within(outer mark) bool {
	return m == outer || strings.HasPrefix(m.path(), outer.path()+".")
}

// mark returns the goroutine's mark, or "".
func (g goroutine) mark() mark {
	if !strings.Contains(g.head, `"`+labelKey+`": `) {
		return ""
	}
	labels := g.labels()
	for i := 0; i < len(labels); i += 2 {
		if labels[i] == labelKey {
			return mark(labels[i+1])
		}
	}
	return ""
}

// setLabels gives the calling goroutine, and whatever it starts from here on, the
// labels key, value, key, value … Of two equal keys the last counts.
func setLabels(labels []string) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(labels...)))
}

// showLabels makes tracebacks show labels. The setting is never taken back:
// restoring an environment variable that others may have set in between would
// lose theirs.
func showLabels() {
	const setting = "tracebacklabels=1"
	old := os.Getenv("GODEBUG")
	switch {
	case strings.HasSuffix(old, setting):
		return
	case old == "":
		old = setting
	default:
		old += "," + setting // the last setting wins
	}
	// An error leaves goroutines without labels: attribution falls back on the
	// parent's number, and the check reports less, never more.
	_ = os.Setenv("GODEBUG", old)
}
