package libraries

import (
	"context"
	"errors"
	"testing"
	"time"

	backoff4 "github.com/cenkalti/backoff/v4"
	backoff5 "github.com/cenkalti/backoff/v5"
	"github.com/robfig/cron/v3"
)

// github.com/cenkalti/backoff/v4.Retry: the operation is called once at least, in the
// goroutine of the caller, and the result is nil or an error.
func TestRetry(t *testing.T) {
	failed := errors.New("failed")
	calls := 0 // without a lock: the race detector holds that it is one goroutine
	operation := func() error { calls++; return failed }
	if err := backoff4.Retry(operation, &backoff4.StopBackOff{}); !errors.Is(err, failed) || calls != 1 {
		t.Errorf("v4: %d calls, %v", calls, err)
	}
	calls = 0
	if err := backoff4.Retry(operation, backoff4.WithMaxRetries(&backoff4.ZeroBackOff{}, 2)); err == nil || calls != 3 {
		t.Errorf("v4 with two retries: %d calls, %v", calls, err)
	}
	if err := backoff4.Retry(func() error { return nil }, &backoff4.ZeroBackOff{}); err != nil {
		t.Error(err)
	}
	calls = 0
	_, err := backoff5.Retry(context.Background(), func() (int, error) { return 0, operation() },
		backoff5.WithBackOff(&backoff5.ZeroBackOff{}), backoff5.WithMaxTries(3))
	if !errors.Is(err, failed) || calls != 3 {
		t.Errorf("v5: %d calls, %v", calls, err)
	}
}

// A context that has ended does not keep Retry from calling the operation once.
func TestRetryCallsOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	calls := 0
	_ = backoff4.Retry(func() error { calls++; return errors.New("failed") },
		backoff4.WithContext(&backoff4.ZeroBackOff{}, ctx))
	_, _ = backoff5.Retry(ctx, func() (int, error) { calls++; return 0, errors.New("failed") })
	if calls != 2 {
		t.Errorf("%d calls by both versions, want 2", calls)
	}
}

// github.com/cenkalti/backoff/v4.NewTicker: C is closed by Stop, and when the retries
// end.
func TestTicker(t *testing.T) {
	stopped := backoff4.NewTicker(backoff4.NewConstantBackOff(time.Hour))
	stopped.Stop()
	for range stopped.C { // ends, or the test times out
	}
	for range backoff4.NewTicker(&backoff4.StopBackOff{}).C {
	}
}

// github.com/robfig/cron/v3.Cron.Stop: the context is done when the running jobs have
// ended; Run blocks until Stop.
func TestCron(t *testing.T) {
	c := cron.New(cron.WithSeconds())
	started, release := make(chan bool, 10), make(chan bool)
	if _, err := c.AddFunc("* * * * * *", func() { started <- true; <-release }); err != nil {
		t.Fatal(err)
	}
	ran := make(chan bool)
	go func() {
		c.Run()
		close(ran)
	}()
	<-started
	select {
	case <-ran:
		t.Error("Run returns before Stop")
	default:
	}
	ctx := c.Stop()
	<-ran
	select {
	case <-ctx.Done():
		t.Error("the context is done while a job runs")
	default:
	}
	close(release)
	<-ctx.Done()
}
