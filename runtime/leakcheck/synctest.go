package leakcheck

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// Synctest runs f in a synctest bubble, as synctest.Test does, but goroutines of
// the bubble that block for ever fail t with their stacks, and the other tests go
// on. synctest.Test panics over them, which ends the test binary.
//
// If f itself blocks for ever, its goroutine is among those reported, and the
// cleanup functions that f registered do not run.
func Synctest(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	var bubble string
	self := current()
	m := newMark(self.mark(), t.Name())
	defer func() {
		t.Helper()
		if reason, ok := deadlock(recover()); ok {
			failBubble(t, bubble, reason)
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		self := current()
		bubble = self.bubble()
		setLabels(append(self.labels(), labelKey, string(m)))
		f(t)
	})
}

// deadlock reports whether a recovered value is the panic of a bubble whose
// goroutines all block, and returns its text. Any other panic goes on.
func deadlock(value any) (reason string, ok bool) {
	if value == nil {
		return "", false
	}
	err, ok := value.(error)
	// The type is not exported; its name and text are all there is.
	if !ok || fmt.Sprintf("%T", value) != "runtime.synctestDeadlockError" {
		panic(value)
	}
	return err.Error(), true
}

// failBubble fails t with the goroutines that remain in the bubble.
func failBubble(t *testing.T, bubble, reason string) {
	t.Helper()
	_, others := dump()
	var found []goroutine
	for _, g := range others {
		if g.bubble() == bubble && bubble != "" {
			found = append(found, g)
		}
	}
	leaks := settle(t.Name(), found)
	if strings.Contains(reason, "all goroutines in bubble") {
		// No goroutine of the bubble can run, no timer is left, and nothing
		// outside can reach what they wait for: the runtime has proved it.
		for i := range leaks {
			leaks[i].Certainty, leaks[i].Proved = Proved, true
		}
	}
	if err := record(leaks); err != nil {
		t.Error(err)
	}
	t.Fatalf("synctest: %s\n%s", reason, report(leaks, nil))
}
