package leakcheck

import (
	"fmt"
	"time"

	"go.uber.org/goleak"
)

const (
	defaultTimeout = 500 * time.Millisecond

	// patience multiplies the timeout while a goroutine is running or runnable:
	// it does not block, so the machine may only be slow.
	patience = 10

	// goleak.Find sleeps for 0.43 s while any goroutine of any test remains.
	// So the package's own looks come first, for this long. With foreign options
	// the own look cannot know what they ignore, and asks goleak sooner.
	ownGrace     = 100 * time.Millisecond
	foreignGrace = 10 * time.Millisecond
)

// An option is a goleak.Option that says more than goleak can hear.
// Embedding supplies goleak's unexported method, so that one parameter list
// takes both kinds.
type option struct {
	goleak.Option
	set func(*config)
}

// config is what the options of one call add up to.
type config struct {
	timeout time.Duration
	retries int
	ignores []ignore
	foreign []goleak.Option // the caller's own goleak options
	native  []goleak.Option // goleak's half of the ignores above
	invalid []error
}

// An ignore is a named predicate with its reason.
type ignore struct {
	name   string
	reason string
	match  func(goroutine) bool
}

func newConfig(options []goleak.Option) *config {
	c := &config{timeout: defaultTimeout, retries: 1 << 30}
	for _, o := range options {
		if own, ok := o.(option); ok {
			own.set(c)
		} else {
			c.foreign = append(c.foreign, o)
		}
	}
	return c
}

// inert is a goleak option that ignores nothing: no function has this name.
func inert() goleak.Option { return goleak.IgnoreTopFunction("leakcheck: no function") }

// Timeout sets how long a goroutine may take to end after the test has ended,
// before it is a leak. The default is half a second. A goroutine that is running
// or runnable is given ten times as long.
func Timeout(d time.Duration) goleak.Option {
	return option{inert(), func(c *config) { c.timeout = d }}
}

// Retries sets how often to look again before what is left is a leak.
// By default only the timeout limits it.
func Retries(n int) goleak.Option {
	return option{inert(), func(c *config) { c.retries = n }}
}

// IgnoreTopFunction ignores the goroutines whose innermost function is function,
// fully qualified as in goleak.IgnoreTopFunction. The reason says why such a
// goroutine may outlive a test; it is required, and stands in the report.
func IgnoreTopFunction(function, reason string) goleak.Option {
	return newIgnore("top function "+function, reason, goleak.IgnoreTopFunction(function),
		func(g goroutine) bool {
			frames := g.frames()
			return len(frames) > 0 && frames[0].Function == function
		})
}

// IgnoreAnyFunction ignores the goroutines that have function anywhere on their
// stack. The reason is required, and stands in the report.
func IgnoreAnyFunction(function, reason string) goleak.Option {
	return newIgnore("function "+function, reason, goleak.IgnoreAnyFunction(function),
		func(g goroutine) bool { return g.has(function) })
}

// IgnoreCreatedBy ignores the goroutines whose go statement stands in function.
// The reason is required, and stands in the report.
func IgnoreCreatedBy(function, reason string) goleak.Option {
	return newIgnore("created by "+function, reason, nil,
		func(g goroutine) bool { return g.started().Function == function })
}

// IgnoreCurrent ignores the goroutines that exist when it is called.
// The reason is required, and stands in the report.
func IgnoreCurrent(reason string) goleak.Option {
	current := make(map[int64]bool)
	self, others := dump()
	current[self.id] = true
	for _, g := range others {
		current[g.id] = true
	}
	return newIgnore("goroutines older than the check", reason, ignoreCurrent(),
		func(g goroutine) bool { return current[g.id] })
}

// newIgnore returns the option for one predicate, given goleak's equivalent of
// it or nil.
func newIgnore(name, reason string, native goleak.Option, match func(goroutine) bool) goleak.Option {
	set := func(c *config) {
		if reason == "" {
			c.invalid = append(c.invalid, fmt.Errorf("leakcheck: no reason given for ignoring %s", name))
		}
		c.ignores = append(c.ignores, ignore{name, reason, match})
		if native != nil {
			c.native = append(c.native, native)
		}
	}
	if native == nil {
		return option{inert(), set}
	}
	return option{native, set}
}

// ignored reports whether an Ignore option covers g.
func (c *config) ignored(g goroutine) bool {
	for _, i := range c.ignores {
		if i.match(g) {
			return true
		}
	}
	return false
}
