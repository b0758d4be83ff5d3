package witness

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/model"
)

// An Event is one step of a witness in words.
type Event struct {
	Goroutine int // 0 is the function that was explored
	Pos       token.Pos
	Text      string
	// Partner is the other goroutine of an unbuffered communication or of a go
	// statement, or -1.
	Partner int
}

var siteVerbs = map[build.SiteKind]string{
	build.SiteSend:    "sends",
	build.SiteReceive: "receives",
	build.SiteRange:   "receives",
	build.SiteClose:   "closes",
	build.SiteMake:    "makes",
	build.SiteWait:    "waits",
	build.SiteAdd:     "counts",
	build.SiteLock:    "locks",
	build.SiteUnlock:  "unlocks",
	build.SiteSpawn:   "starts",
	build.SiteReturn:  "returns",
	build.SiteCancel:  "cancels",
	build.SiteOnce:    "once",
}

// Story tells the interleaving of the witness, in order, ending with the
// operation that blocks or panics.
func (d *Defect) Story() []Event {
	var out []Event
	for _, st := range d.trace {
		if st.Proc >= d.model.Env {
			continue
		}
		node := &d.model.Program.Procs[st.Proc].Nodes[st.Node]
		tag := node.Tag
		if node.Op == model.Select && st.Case < len(node.Cases) {
			tag = node.Cases[st.Case].Tag
		}
		site, ok := d.model.Site(tag)
		if !ok {
			continue
		}
		e := Event{Goroutine: st.Goroutine, Pos: site.Pos, Text: siteVerbs[site.Kind], Partner: st.Peer - 1}
		switch {
		case node.Op == model.End:
			e.Pos = returnPos(d.model.Fns[st.Proc], site)
		case node.Op == model.Select && st.Case >= len(node.Cases):
			e.Text = "takes the default"
		case node.Op == model.Select && node.Cases[st.Case].Env:
			e.Text = "takes this case"
		case st.Closed:
			e.Text = "finds the channel closed"
		}
		out = append(out, e)
	}
	last := Event{Goroutine: d.goroutine, Pos: d.Op.Pos, Text: "blocks forever", Partner: -1}
	if d.Kind == Panics {
		last.Text = "panics: " + d.Panic.String()
	}
	return append(out, last)
}

// branches returns the select case by which the other side left, if the witness
// has one.
func (d *Defect) branches() []Event {
	story := d.Story()
	for i := len(story) - 1; i >= 0; i-- {
		if e := story[i]; strings.HasPrefix(e.Text, "takes") {
			return []Event{{Pos: e.Pos, Text: fmt.Sprintf("the select %s", e.Text)}}
		}
	}
	return nil
}
