// Package library uses channels through the standard library.
package library

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"reflect"
	"sync"
	"syscall"
	"time"
)

// The graceful shutdown of an HTTP server.
func shutdown_ok() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	srv := &http.Server{}
	idle := make(chan struct{})
	sig := make(chan os.Signal, 1)
	go func() {
		defer close(idle)
		<-sig
		_ = srv.Shutdown(context.Background())
	}()
	go func() { sig <- os.Interrupt }()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return
	}
	<-idle
}

// Serve in a goroutine, its error in a buffered channel, a signal beside it.
func serveOrSignal_ok() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	srv := &http.Server{}
	errc := make(chan error, 1)
	go func() { errc <- srv.Serve(l) }()
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGUSR1)
	defer signal.Stop(sig)
	_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	select {
	case <-errc:
	case <-sig:
		_ = srv.Shutdown(context.Background())
		<-errc
	}
}

// A test server whose handler hands its request over.
func handler_ok() {
	paths := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		paths <- r.URL.Path
	}))
	defer srv.Close()
	client := srv.Client()
	defer client.CloseIdleConnections()
	resp, err := client.Get(srv.URL + "/path")
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	println(<-paths)
}

// time.AfterFunc closes or sends.
func afterFunc_ok() {
	done := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { close(done) })
	<-done
}

// The timer may be stopped in time, and then nobody waits.
func stoppedAfterFunc_ok() {
	done := make(chan struct{})
	t := time.AfterFunc(time.Hour, func() { close(done) })
	if t.Stop() {
		close(done)
	}
	<-done
}

// time.Tick and time.After as sources.
func tick_ok() {
	tick := time.Tick(time.Millisecond)
	timeout := time.After(3 * time.Millisecond)
	for {
		select {
		case <-tick:
		case <-timeout:
			return
		}
	}
}

// A connection read by a goroutine that Close ends.
func readLoop_ok() {
	a, b := net.Pipe()
	msgs := make(chan byte)
	go func() {
		defer close(msgs)
		var buf [1]byte
		for {
			if _, err := a.Read(buf[:]); err != nil {
				return
			}
			msgs <- buf[0]
		}
	}()
	_, _ = b.Write([]byte("x"))
	<-msgs
	_ = b.Close()
	for range msgs {
	}
	_ = a.Close()
}

// reflect.Select over a slice of cases.
func reflectSelect_ok() {
	c := make(chan int, 1)
	c <- 1
	cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}}
	_, v, ok := reflect.Select(cases)
	println(v.Int(), ok)
}

// A channel made, sent on and closed by reflection.
func reflectMake_ok() {
	v := reflect.MakeChan(reflect.TypeFor[chan int](), 1)
	v.Send(reflect.ValueOf(1))
	v.Close()
	c := v.Interface().(chan int)
	for range c {
	}
}

// http.Request contexts end with the request.
func clientTimeout_ok() {
	stop := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}))
	defer srv.Close()
	defer close(stop)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, nil)
	if err != nil {
		return
	}
	client := srv.Client()
	defer client.CloseIdleConnections()
	if resp, err := client.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

// sync.Pool of channels that carry one answer each.
var replies = sync.Pool{New: func() any { return make(chan int, 1) }}

func pooled_ok() {
	for range 2 {
		c := replies.Get().(chan int)
		go func() { c <- 1 }()
		<-c
		replies.Put(c)
	}
}

// A timer used again with Stop, drain and Reset in the old way.
func oldReset_ok() {
	t := time.NewTimer(time.Hour)
	for range 2 {
		if !t.Stop() {
			select {
			case <-t.C:
			default:
			}
		}
		t.Reset(time.Millisecond)
		<-t.C
	}
}
