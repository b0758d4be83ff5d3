package leakcheck

import (
	"bytes"
	"runtime/pprof"
)

// prove returns found with the mark of the runtime's goroutineleak profile on
// those that can never proceed, and reports in asked whether there is such a
// profile. The profile costs a full garbage collection, so it is only asked for
// when there is a leak to judge.
func prove(found []goroutine) (judged []goroutine, asked bool) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return found, false
	}
	var text bytes.Buffer
	if err := profile.WriteTo(&text, 2); err != nil {
		return found, false
	}
	byID := make(map[int64]goroutine)
	for _, g := range parseDump(text.String()) {
		byID[g.id] = g
	}
	for _, g := range found {
		if now := byID[g.id]; now.proved() {
			g = now
		}
		judged = append(judged, g)
	}
	return judged, true
}
