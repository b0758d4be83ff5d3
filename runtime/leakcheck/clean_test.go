package leakcheck_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"os"

	"github.com/chanlint/chanlint/runtime/leakcheck"
)

// The tests of this file leave nothing behind, and pass if nothing is reported.
// They run beside each other, beside tests that leak, and beside their copies.

const copies = 8

func parallel(t *testing.T, f func(t *testing.T)) {
	t.Parallel()
	for i := range copies {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			leakcheck.Verify(t)
			f(t)
		})
	}
}

func TestCleanGoroutines(t *testing.T) {
	parallel(t, func(t *testing.T) {
		stop, ended := make(chan int), make(chan int)
		go func() {
			defer close(ended)
			<-stop
		}()
		close(stop)
		<-ended // the goroutine has closed ended, but may not have returned
	})
}

// TestCleanServer: the server and the client's idle connections end with Close.
func TestCleanServer(t *testing.T) {
	parallel(t, func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(hello))
		defer server.Close()
		get(t, server.Client(), server.URL)
		get(t, http.DefaultClient, server.URL)
	})
}

// TestSharedServer: subtests use one server, and a pool of connections that
// outlives each of them. Nobody but the parent can close it.
func TestSharedServer(t *testing.T) {
	t.Parallel()
	leakcheck.Verify(t)
	server := httptest.NewServer(http.HandlerFunc(hello))
	t.Cleanup(server.Close)
	for i := range copies {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			leakcheck.Verify(t)
			get(t, server.Client(), server.URL)
		})
	}
}

// TestUnclosedBody: a body that was not closed is the subtest's own leak.
func TestUnclosedBody(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1<<20)) // more than the connection buffers
	}))
	defer server.Close()
	outer, inner := &recorder{name: "TestOuter"}, &recorder{name: "TestOuter/sub"}
	leakcheck.Verify(outer)
	leakcheck.Verify(inner)
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	wantReport(t, inner.end(), "1 goroutine blocked in select", "by TestOuter/sub")
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func get(t *testing.T, client *http.Client, url string) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
}

func TestCleanDatabase(t *testing.T) {
	parallel(t, func(t *testing.T) {
		db := sql.OpenDB(connector{})
		defer func() { _ = db.Close() }()
		ping(t, db)
	})
}

// TestSharedDatabase: the first subtest to return a connection starts the
// goroutine that closes old ones. It serves all.
func TestSharedDatabase(t *testing.T) {
	t.Parallel()
	leakcheck.Verify(t)
	db := sql.OpenDB(connector{})
	db.SetConnMaxLifetime(time.Hour)
	t.Cleanup(func() { _ = db.Close() })
	for i := range copies {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			leakcheck.Verify(t)
			ping(t, db)
		})
	}
}

func ping(t *testing.T, db *sql.DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tx, err := db.BeginTx(ctx, nil) // starts a goroutine that waits for ctx
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// connector is a database driver that does nothing, successfully.
type connector struct{}

func (c connector) Connect(context.Context) (driver.Conn, error)                 { return c, nil }
func (c connector) Driver() driver.Driver                                        { return c }
func (c connector) Open(string) (driver.Conn, error)                             { return c, nil }
func (connector) Prepare(string) (driver.Stmt, error)                            { return nil, errors.ErrUnsupported }
func (connector) Close() error                                                   { return nil }
func (c connector) Begin() (driver.Tx, error)                                    { return c, nil }
func (c connector) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return c, nil }
func (connector) Commit() error                                                  { return nil }
func (connector) Rollback() error                                                { return nil }

func TestCleanBubbles(t *testing.T) { parallel(t, cleanBubble) }

// TestPlainBubble: a check inside synctest.Test sees neither the goroutine that
// waits for the bubble nor those of other bubbles.
func TestPlainBubble(t *testing.T) {
	parallel(t, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			leakcheck.Verify(t)
			go time.Sleep(time.Millisecond)
		})
	})
}

// TestCleanOutside: what the process keeps for itself is no test's leak.
func TestCleanOutside(t *testing.T) {
	parallel(t, func(t *testing.T) {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1) // starts a goroutine that stays
		signal.Stop(c)
		time.AfterFunc(time.Hour, func() {}).Stop()
	})
}

// TestLabelsKept: the labels that a test's goroutine had stay, for profiles.
func TestLabelsKept(t *testing.T) {
	t.Parallel()
	pprof.Do(t.Context(), pprof.Labels("team", "storage"), func(context.Context) {
		r := &recorder{name: t.Name()}
		leakcheck.Verify(r)
		defer leakReceive()()
		wantReport(t, r.end(), `"team": "storage"`, "by TestLabelsKept\n")
	})
}
