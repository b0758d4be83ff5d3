package leakcheck

import (
	"fmt"
	"os"

	"go.uber.org/goleak"
)

// VerifyTestMain runs the package's tests and, if they pass, looks for goroutines
// that any of them left. It never returns: like goleak.VerifyTestMain, it ends
// the process, or calls the function given by goleak.Cleanup instead.
//
//	func TestMain(m *testing.M) { leakcheck.VerifyTestMain(m) }
//
// Each leak names the test that started it if that test calls Verify.
func VerifyTestMain(m goleak.TestingM, options ...goleak.Option) {
	c := newConfig(options)
	packageVerified.Store(true)
	code := m.Run()
	packageVerified.Store(false)
	if code == 0 {
		t := &mainTest{}
		for _, err := range c.invalid {
			t.Error(err)
		}
		if found := (&look{config: c, pick: everything}).run(); len(found) > 0 {
			fail(t, "", found, c)
		}
		code = t.code
	}
	finish(code, os.Exit, c.foreign)
}

// mainTest is the test that stands for the whole package.
type mainTest struct{ code int }

func (t *mainTest) Helper() {}

func (t *mainTest) Error(args ...any) {
	t.code = 1
	fmt.Fprintln(os.Stderr, args...)
}
