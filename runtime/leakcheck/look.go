package leakcheck

import (
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.uber.org/goleak"
)

const longestSleep = 50 * time.Millisecond

// A look is one search for what is left, repeated until nothing is, or until
// what is left has had its time.
//
// goleak decides what counts: its options cannot be read, only obeyed. But it
// waits for every goroutine of the process, so where the question is about one
// test, the look first waits by itself for that test's goroutines, and goleak is
// asked about what remains. If nothing remains there is nothing to ask.
//
// Time is counted in what was slept, not by the clock: a machine so loaded that
// looking takes longer than sleeping gives the goroutines more of it, too.
type look struct {
	*config
	pick     func([]goroutine) []goroutine
	ownFirst bool

	self    int64 // the goroutine that looks
	slept   time.Duration
	tries   int
	blocked map[int64]goroutine // the last view of each goroutine that was blocked
}

// goleakWait is how long goleak.Find sleeps before it objects.
const goleakWait = 430 * time.Millisecond

// run returns the goroutines that are left, each as it was last seen blocked, or
// else as it is.
func (l *look) run() []goroutine {
	l.blocked = make(map[int64]goroutine)
	grace := ownGrace
	if len(l.foreign) > 0 {
		grace = foreignGrace
	}
	grace = min(grace, l.timeout)
	for {
		if l.ownFirst || l.tries > 0 {
			if len(l.poll(grace)) == 0 {
				return nil
			}
		}
		rest := l.judge()
		if len(rest) == 0 {
			return nil
		}
		l.slept += goleakWait
		l.tries++
		if l.slept >= l.limit(rest) || l.tries > l.retries {
			return l.lastBlocked(rest)
		}
		grace = l.limit(rest)
	}
}

// limit returns how long rest may take to end. A loop over a ticker is now and
// then seen awake; it has been seen blocked, too, and gets no more than others.
func (l *look) limit(rest []goroutine) time.Duration {
	for _, g := range rest {
		if _, seen := l.blocked[g.id]; !seen {
			return patience * l.timeout
		}
	}
	return l.timeout
}

// poll looks until nothing is left, the look has slept for the given time, or
// the tries are used up, sleeping twice as long each time. It returns what is left.
func (l *look) poll(until time.Duration) []goroutine {
	for sleep := time.Microsecond; ; sleep = min(2*sleep, longestSleep) {
		rest := l.own()
		if len(rest) == 0 || l.slept >= until || l.tries >= l.retries {
			return rest
		}
		l.tries++
		sleep = min(sleep, until-l.slept)
		l.slept += sleep
		runtime.Gosched()
		time.Sleep(sleep)
	}
}

// own takes a traceback and returns what the look is about.
func (l *look) own() []goroutine {
	self, others := dump()
	l.self = self.id
	var rest []goroutine
	for _, g := range l.pick(others) {
		if l.ignored(g) {
			continue
		}
		rest = append(rest, g)
		if !g.runs() {
			l.blocked[g.id] = g
		}
	}
	return rest
}

// lastBlocked replaces each goroutine that happens to be awake by its last
// blocked self, if there is one: that tells more about it.
func (l *look) lastBlocked(rest []goroutine) []goroutine {
	for i, g := range rest {
		if seen, ok := l.blocked[g.id]; ok {
			rest[i] = seen
		}
	}
	return rest
}

// judge returns what is left after goleak has waited and applied its options.
func (l *look) judge() []goroutine {
	options := append(append([]goleak.Option{}, l.foreign...), l.native...)
	survives, ok := survivors(options)
	if ok && len(survives) == 0 {
		return nil
	}
	rest := l.own()
	if !ok && len(l.foreign) > 0 {
		return nil // who may be ignored is goleak's secret: no report beats a wrong one
	}
	if !ok {
		return rest
	}
	kept := rest[:0]
	for _, g := range rest {
		if survives[g.id] {
			kept = append(kept, g)
		}
	}
	return kept
}

var goleakID = regexp.MustCompile(`(?m)^[ \[]Goroutine (\d+) in state `)

// survivors asks goleak and returns the numbers of the goroutines it objects to.
// The numbers have to come out of its message, because its stack type is
// internal. It reports false if goleak cannot answer.
func survivors(options []goleak.Option) (ids map[int64]bool, ok bool) {
	defer recoverUnreadable()
	err := goleak.Find(options...)
	if err != nil && err.Error() == cleanupMessage() {
		err = goleak.Find(withoutCleanup(options)...)
	}
	if err == nil {
		return nil, true
	}
	ids = make(map[int64]bool)
	for _, match := range goleakID.FindAllStringSubmatch(err.Error(), -1) {
		if id, err := strconv.ParseInt(match[1], 10, 64); err == nil {
			ids[id] = true
		}
	}
	return ids, len(ids) > 0
}

// recoverUnreadable is deferred around calls of goleak. It stops the panic of a
// goleak that met a stack so deep that the runtime elides frames.
func recoverUnreadable() {
	value := recover()
	if text, ok := value.(string); value != nil && (!ok || !strings.HasPrefix(text, "Failed to parse stack trace")) {
		panic(value)
	}
}

// ignoreCurrent is goleak.IgnoreCurrent, or an option without effect where
// goleak cannot read the stacks.
func ignoreCurrent() (o goleak.Option) {
	o = inert()
	defer recoverUnreadable()
	return goleak.IgnoreCurrent()
}

// finish calls the function among the options that goleak.Cleanup gave, or else
// the given one. Only goleak can read its options, and only its VerifyTestMain
// takes a code; there is nothing left for it to find.
func finish(code int, otherwise func(int), options []goleak.Option) {
	defer recoverUnreadable()
	all := append([]goleak.Option{goleak.Cleanup(otherwise)}, options...) // the last one wins
	goleak.VerifyTestMain(exitCode(code), append(all, ignoreCurrent())...)
}

// mayClean reports whether one of the options may be goleak.Cleanup. The others
// are closures of one function of goleak, known by its name; a name that is not
// known costs a look by goleak, no more.
func mayClean(options []goleak.Option) bool {
	return slices.ContainsFunc(options, func(o goleak.Option) bool {
		v := reflect.ValueOf(o)
		return v.Kind() != reflect.Func || !filterName.MatchString(runtime.FuncForPC(v.Pointer()).Name())
	})
}

var filterName = regexp.MustCompile(`\baddFilter\.func\d+$`)

// exitCode is a goleak.TestingM whose tests have been run.
type exitCode int

func (c exitCode) Run() int { return int(c) }

// cleanupMessage returns what goleak.Find says when it is given goleak.Cleanup,
// which only its Verify functions take. It says so before it looks.
func cleanupMessage() string { return goleak.Find(goleak.Cleanup(func(int) {})).Error() }

// withoutCleanup returns the options that goleak.Find takes.
func withoutCleanup(options []goleak.Option) []goleak.Option {
	var kept []goleak.Option
	for _, o := range options {
		err := goleak.Find(o, ignoreCurrent())
		if err == nil || err.Error() != cleanupMessage() {
			kept = append(kept, o)
		}
	}
	return kept
}
