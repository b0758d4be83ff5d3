package witness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes small random functions in the part of Go that the machine
// in certrun_test.go executes. All of a function's variables are shared by its
// goroutines: channels c0 and c1 of booleans, booleans b0 and b1, the group wg,
// the mutex mu, a context. What it cannot know are its parameters p, q and n,
// the package variables f and g, and what ext returns.
type generator struct {
	*rand.Rand
	out    strings.Builder
	indent int
	depth  int
	procs  int
	loops  int // enclosing loops of the function being written
	root   bool
	uses   [5]bool // which of the features are in use
}

const (
	useSecond = iota // a second channel
	useGroup
	useMutex
	useContext
	useData
)

const preamble = `package p

import (
	"context"
	"sync"
	"time"
)

var f, g = true, false

var ext func() bool

var (
	_ context.Context
	_ sync.Mutex
	_ time.Time
)
`

// generate returns the source of one function.
func generate(seed uint64, name string) string {
	w := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), indent: 1, root: true}
	for i := range w.uses {
		w.uses[i] = w.IntN(3) == 0
	}
	fmt.Fprintf(&w.out, "\nfunc %s(p, q bool, n int) {\n", name)
	w.line("var b0, b1 bool")
	w.line("_, _ = b0, b1")
	for i := range w.channels() {
		w.line("c%d := make(chan bool%s)", i, w.pick("", "", "", ", 1", ", 2", ", n"))
	}
	if w.uses[useGroup] {
		w.line("var wg sync.WaitGroup")
	}
	if w.uses[useMutex] {
		w.line("var mu sync.Mutex")
	}
	if w.uses[useContext] {
		w.line("ctx, cancel := context.WithCancel(context.Background())")
		w.line("_ = ctx")
		if w.IntN(2) == 0 {
			w.line("defer cancel()")
		}
	}
	for range w.IntN(2) + 1 {
		w.goroutine()
	}
	w.block(w.IntN(4) + 1)
	w.out.WriteString("}\n")
	return w.out.String()
}

func (w *generator) pick(s ...string) string { return s[w.IntN(len(s))] }

func (w *generator) line(format string, args ...any) {
	fmt.Fprintf(&w.out, "%s%s\n", strings.Repeat("\t", w.indent), fmt.Sprintf(format, args...))
}

func (w *generator) channels() int {
	if w.uses[useSecond] {
		return 2
	}
	return 1
}

func (w *generator) channel() string { return fmt.Sprintf("c%d", w.IntN(w.channels())) }

// cond returns a condition; value returns what a message carries.
func (w *generator) cond() string {
	c := w.pick("p", "q", "f", "g", "ext()", "p", "f", "b0")
	if w.uses[useData] {
		c = w.pick(c, "b0", "b1")
	}
	return w.pick("", "", "!") + c
}

func (w *generator) value() string { return w.pick("true", "false", "true", w.cond()) }

func (w *generator) block(n int) {
	for range n {
		w.stmt()
	}
}

// nested writes a block in braces.
func (w *generator) nested(head string, n int) {
	w.line("%s {", head)
	w.indent++
	w.depth++
	w.block(n)
	w.depth--
	w.indent--
	w.line("}")
}

func (w *generator) goroutine() {
	root, loops := w.root, w.loops
	replicated := w.root && w.IntN(4) == 0
	if replicated {
		w.line("for range %s {", w.size())
		w.indent++
	}
	if w.uses[useGroup] && w.IntN(2) == 0 {
		w.line("wg.Add(1)")
	}
	w.procs++
	w.line("go func() {")
	w.indent++
	w.root, w.loops = false, 0
	if w.IntN(4) == 0 {
		w.deferred()
	}
	w.block(w.IntN(3) + 1)
	w.root, w.loops = root, loops
	w.indent--
	w.line("}()")
	if replicated {
		w.indent--
		w.line("}")
	}
}

func (w *generator) size() string { return w.pick("2", "3", "n", "n") }

func (w *generator) deferred() {
	s := "close(" + w.channel() + ")"
	if w.uses[useGroup] {
		s = w.pick(s, "wg.Done()")
	}
	w.line("defer %s", s)
}

func (w *generator) stmt() {
	switch k := w.IntN(24); {
	case k < 5:
		w.line("%s <- %s", w.channel(), w.value())
	case k < 9:
		w.line("%s<-%s", w.pick("", "", "b0 = ", "b1 = "), w.channel())
	case k < 10:
		w.line("close(%s)", w.channel())
	case k < 13:
		w.branch()
	case k < 16:
		w.loop()
	case k < 18:
		w.selects()
	case k < 19 && w.root && w.procs < 3 && w.depth == 0:
		w.goroutine()
	case k < 21:
		w.sync()
	case k < 22:
		w.line("%s = %s", w.pick("b0", "b1"), w.value())
	case w.depth > 0:
		w.leave()
	default:
		w.line("%s <- %s", w.channel(), w.value())
	}
}

func (w *generator) branch() {
	if w.depth > 2 {
		return
	}
	if w.IntN(2) == 0 { // an early return
		w.line("if %s {", w.cond())
		w.indent++
		w.leave()
		w.indent--
		w.line("}")
		return
	}
	w.nested("if "+w.cond(), 1)
}

func (w *generator) leave() {
	if w.loops > 0 && w.IntN(3) == 0 {
		w.line("break")
		return
	}
	w.line("return")
}

func (w *generator) loop() {
	if w.depth > 1 {
		return
	}
	w.loops++
	switch w.IntN(5) {
	case 0, 1:
		w.nested("for range "+w.size(), w.IntN(2)+1)
	case 2, 3:
		w.nested("for "+w.pick("range ", "b0 = range ")+w.channel(), w.IntN(2))
	default:
		// One without an event would hide what is behind it from every size.
		w.line("for {")
		w.indent++
		w.depth++
		w.line("%s <- %s", w.channel(), w.value())
		w.block(w.IntN(2) + 1)
		w.depth--
		w.indent--
		w.line("}")
	}
	w.loops--
}

func (w *generator) selects() {
	if w.depth > 1 {
		return
	}
	// A break inside would leave the select.
	loops := w.loops
	w.loops = 0
	w.line("select {")
	w.depth++
	clause := func(head string) {
		w.line("%s:", head)
		w.indent++
		w.block(w.IntN(2))
		if w.IntN(3) == 0 {
			w.line("return")
		}
		w.indent--
	}
	for range w.IntN(2) + 1 {
		if w.IntN(2) == 0 {
			clause("case " + w.channel() + " <- " + w.value())
		} else {
			clause("case " + w.pick("", "b0 = ") + "<-" + w.channel())
		}
	}
	switch {
	case w.uses[useContext] && w.IntN(2) == 0:
		clause("case <-ctx.Done()")
	case w.IntN(2) == 0:
		clause("case <-time.After(1)")
	case w.IntN(3) == 0:
		clause("default")
	}
	w.depth--
	w.line("}")
	w.loops = loops
}

func (w *generator) sync() {
	switch {
	case w.uses[useContext] && w.IntN(2) == 0:
		w.line("cancel()")
	case w.uses[useMutex] && w.IntN(2) == 0:
		w.line("mu.Lock()")
		w.block(1)
		w.line("mu.Unlock()")
	case w.uses[useGroup]:
		w.line("wg.%s()", w.pick("Wait", "Done"))
	}
}
