package leakcheck_test

import (
	"fmt"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

// BenchmarkClean compares a clean check with goleak's, for a process with few
// and with many other goroutines. The metric gc/op counts garbage collections.
func BenchmarkClean(b *testing.B) {
	for _, others := range []int{0, 100, 1000} {
		release := make(chan int)
		for range others {
			go func() { <-release }()
		}
		ignore := goleak.IgnoreCurrent() // the others belong to no test
		b.Run(fmt.Sprintf("goleak.VerifyNone/%d", others), func(b *testing.B) {
			measure(b, func() { goleak.VerifyNone(b, ignore) })
		})
		b.Run(fmt.Sprintf("leakcheck.Verify/%d", others), func(b *testing.B) {
			measure(b, func() {
				r := &recorder{name: "BenchmarkClean"}
				leakcheck.Verify(r)
				if len(r.end()) > 0 {
					b.Fatal("clean check failed")
				}
			})
		})
		close(release)
	}
}

// BenchmarkCleanOptions is the same with one of goleak's options given.
func BenchmarkCleanOptions(b *testing.B) {
	o := goleak.IgnoreTopFunction("testing.(*B).run1")
	b.Run("goleak.VerifyNone", func(b *testing.B) {
		measure(b, func() { goleak.VerifyNone(b, o) })
	})
	b.Run("leakcheck.Verify", func(b *testing.B) {
		measure(b, func() {
			r := &recorder{name: "BenchmarkCleanOptions"}
			leakcheck.Verify(r, o)
			r.end()
		})
	})
}

func measure(b *testing.B, f func()) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		f()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.NumGC-before.NumGC)/float64(b.N), "gc/op")
	b.ReportMetric(float64(after.NumForcedGC-before.NumForcedGC)/float64(b.N), "forced-gc/op")
}

// TestCleanCost: a clean check forces no garbage collection, and allocates less
// than goleak's, so that the next collection comes no sooner.
func TestCleanCost(t *testing.T) { // not parallel: it reads the allocator's statistics
	const rounds = 50
	known := goleak.IgnoreCurrent()
	cost := func(f func()) (forced uint32, bytes uint64) {
		var before, after runtime.MemStats
		f() // fill the pools
		runtime.ReadMemStats(&before)
		for range rounds {
			f()
		}
		runtime.ReadMemStats(&after)
		return after.NumForcedGC - before.NumForcedGC, after.TotalAlloc - before.TotalAlloc
	}
	forced, own := cost(func() {
		r := &recorder{name: t.Name()}
		leakcheck.Verify(r)
		if got := r.end(); len(got) > 0 {
			t.Fatal(got)
		}
	})
	_, plain := cost(func() { goleak.VerifyNone(t, known) })
	if forced != 0 {
		t.Errorf("%d garbage collections forced by %d clean checks", forced, rounds)
	}
	if own > plain {
		t.Errorf("clean checks allocate %d bytes, goleak's %d", own, plain)
	}
}
