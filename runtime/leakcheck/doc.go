// Package leakcheck fails a test that leaves goroutines behind, and says which
// test started them, where they block and where their go statements stand.
//
// The looking is done by go.uber.org/goleak, whose options are accepted as they
// are. What this package adds is attribution, a grouped report, a proof where
// the runtime offers one, and a record that programs can read.
//
// # Use
//
// Call Verify first in a test, before it starts anything:
//
//	func TestServer(t *testing.T) {
//		leakcheck.Verify(t)
//		t.Parallel()
//		…
//	}
//
// Verify registers a t.Cleanup function. Cleanup functions run last in, first
// out, so the look comes after every cleanup the test registers later, and after
// its parallel subtests. A goleak user's habit, defer Verify(t), still works but
// sees less: goroutines started before the call carry no mark, and are known
// only while the goroutine that started them is the test's own or is alive.
//
// For a whole package:
//
//	func TestMain(m *testing.M) { leakcheck.VerifyTestMain(m) }
//
// testify suites call Verify(s.T()) in SetupTest. Ginkgo calls Verify(GinkgoT())
// first in an It, because each node runs in a goroutine of its own.
// Outside tests, and for matchers, Find returns an error.
//
// # Attribution
//
// Verify sets a pprof label on the calling goroutine. Every goroutine it starts
// inherits the label, and so do their descendants, so a traceback names the test
// of each goroutine and a sibling that runs in parallel is never mistaken for a
// leak. The traceback shows labels under GODEBUG=tracebacklabels=1, which Verify
// adds to the environment of the process; existing settings and labels are kept.
//
// Three kinds of goroutine carry no label: those started by time.AfterFunc, those
// started by a pool that is older than the test, and those started under
// pprof.Do, which replaces the labels. A goroutine without a label belongs to the
// test if the test's goroutine started it, or if a goroutine that belongs to the
// test and is still alive did. What remains is nobody's, and VerifyTestMain alone
// reports it.
//
// The goroutines that keep an idle HTTP connection or serve a sql.DB belong to
// a pool that outlives the test that happened to start them. A subtest leaves
// them to the nearest test above it that calls Verify, and any test leaves them
// to VerifyTestMain. With neither above it, the test reports them, as goleak does.
//
// # Proof
//
// A program built with GOEXPERIMENT=goroutineleakprofile has a profile whose
// garbage collection finds goroutines that block on what no running goroutine can
// reach. It is asked only after something was found. Such a goroutine is reported
// as proved: it can never proceed. Any other one is reported as still running:
// something live still refers to what it waits for, or it waits for time.
//
// # Data
//
// The flag -leakcheck.json FILE, or the environment variable LEAKCHECK_JSON,
// appends each reported leak to FILE as one line of JSON; the type Leak documents
// the fields. Several test binaries may append to one file. A relative name is
// relative to the directory of the package under test.
package leakcheck
