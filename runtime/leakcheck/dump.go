package leakcheck

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// A goroutine is one block of a traceback. The text is kept as it came, and
// parsed when somebody asks: on a clean run nobody asks for frames.
type goroutine struct {
	id   int64
	head string // between the brackets of the first line
	body string // the lines after it
}

const firstBuffer = 64 << 10

// buffers holds the space for tracebacks, so that a clean check does not bring
// the next garbage collection nearer.
var buffers = sync.Pool{New: func() any { b := make([]byte, firstBuffer); return &b }}

// dump returns the calling goroutine and all others. The runtime stops the world
// for it, so the result is one consistent cut, in the runtime's order.
func dump() (self goroutine, others []goroutine) {
	showLabels()
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	for {
		n := runtime.Stack(*buf, true)
		if n < len(*buf) {
			all := parseDump(string((*buf)[:n]))
			return all[0], all[1:]
		}
		*buf = make([]byte, 2*len(*buf))
	}
}

// current returns the calling goroutine, without its frames.
func current() goroutine {
	showLabels()
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	n := runtime.Stack(*buf, false)
	line, _, _ := strings.Cut(string((*buf)[:min(n, firstBuffer)]), "\n")
	g, _ := parseHeader(line)
	return g
}

// parseDump splits a traceback as runtime.Stack writes it into its goroutines.
// A block whose first line is not understood is dropped.
func parseDump(text string) []goroutine {
	all := make([]goroutine, 0, 16)
	for text != "" {
		var block string
		block, text, _ = strings.Cut(text, "\n\n")
		line, body, _ := strings.Cut(block, "\n")
		if g, ok := parseHeader(line); ok {
			g.body = body
			all = append(all, g)
		}
	}
	return all
}

// parseHeader reads a line such as
//
//	goroutine 7 [chan send (durable), 2 minutes, synctest bubble 1 labels:{"k": "v"}]:
//
// and reports whether it is one. The runtime quotes labels, so that none holds
// a newline.
func parseHeader(line string) (goroutine, bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	if !ok {
		return goroutine{}, false
	}
	number, head, ok := strings.Cut(rest, " [")
	// GODEBUG or GOTRACEBACK may put gp=… between the number and the state.
	number, _, _ = strings.Cut(number, " ")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return goroutine{}, false
	}
	return goroutine{id: id, head: strings.TrimSuffix(head, "]:")}, true
}

const labelsMark = " labels:{"

// status returns what the runtime says about the goroutine besides its labels.
func (g goroutine) status() string {
	status, _, _ := strings.Cut(g.head, labelsMark)
	return status
}

// state returns the wait reason or scheduling status alone: chan send, select.
func (g goroutine) state() string {
	state, _, _ := strings.Cut(g.status(), ",")
	for _, suffix := range []string{" (durable)", " (scan)", " (leaked)"} {
		state = strings.TrimSuffix(state, suffix)
	}
	return state
}

// runs reports whether the goroutine is not blocked, only waiting for a processor.
func (g goroutine) runs() bool {
	switch g.state() {
	case "running", "runnable", "preempted", "copystack":
		return true
	}
	return false
}

// proved reports whether a garbage collection found the goroutine unable to
// proceed. The runtime clears the mark at the start of the next collection.
func (g goroutine) proved() bool { return strings.Contains(g.status(), " (leaked)") }

// bubble returns the number of the goroutine's synctest bubble, or "".
func (g goroutine) bubble() string {
	_, after, _ := strings.Cut(g.status(), ", synctest bubble ")
	number, _, _ := strings.Cut(after, ",")
	return number
}

// labels returns the goroutine's pprof labels as key, value, key, value …
func (g goroutine) labels() []string {
	_, text, ok := strings.Cut(g.head, labelsMark)
	var pairs []string
	for ok && text != "" {
		text = strings.TrimLeft(text, " ,:")
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			break
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			break
		}
		pairs = append(pairs, value)
		text = text[len(quoted):]
	}
	return pairs[:len(pairs)/2*2]
}

const createdBy = "created by "

// origin returns the lines from "created by" on, or "" for a goroutine that no
// go statement started.
func (g goroutine) origin() string {
	if strings.HasPrefix(g.body, createdBy) {
		return g.body
	}
	if i := strings.Index(g.body, "\n"+createdBy); i >= 0 {
		return g.body[i+1:]
	}
	return ""
}

// parent returns the number of the goroutine that executed the go statement, or
// zero. The runtime never uses a number twice.
func (g goroutine) parent() int64 {
	line, _, _ := strings.Cut(g.origin(), "\n")
	_, number, _ := strings.Cut(line, " in goroutine ")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// raw returns the goroutine's block as the runtime wrote it.
func (g goroutine) raw() string {
	return "goroutine " + strconv.FormatInt(g.id, 10) + " [" + g.head + "]:\n" + strings.TrimRight(g.body, "\n")
}
